import { createTheme, type MantineColorsTuple } from '@mantine/core'

// Mantine computes hovers and fills from ten shades; the page's own tokens (styles/tokens.css) decide everything else.
const indigo: MantineColorsTuple = [
  '#eef0ff', '#dfe2ff', '#bcc0fb', '#969cf4', '#777df0', '#6f69ea', '#4f46e5', '#4338ca', '#3730a3', '#2f2a80',
]

/** The tokens as Mantine's theme: its own defaults are too tall and too faint here. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '11px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  primaryColor: 'indigo',
  primaryShade: 6,
  colors: { indigo },
  defaultRadius: 6,
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Popover: { defaultProps: { transitionProps: { duration: 100 }, shadow: 'none' } },
    // Without its placeholder, whose tabindex a menu may not hold, focus goes to the first item.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, transitionProps: { duration: 100 }, shadow: 'none', position: 'bottom-start' } },
    // The head of a dialog is no banner of the page.
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } }, transitionProps: { duration: 120, transition: 'fade' }, centered: true } },
    Drawer: { defaultProps: { attributes: { header: { role: 'presentation' } }, transitionProps: { duration: 120 }, position: 'right' } },
    Tooltip: { defaultProps: { transitionProps: { duration: 80 }, openDelay: 300, events: { hover: true, focus: true, touch: true } } },
  },
})
