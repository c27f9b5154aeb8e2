import { useEffect, useState } from 'react'
import { useThemeChoice } from '../app/ThemeProvider'

const NAMES = ['text', 'text-2', 'text-3', 'grid', 'axis', 'surface', 'hover', 'border', 'control', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'] as const
export type Palette = Record<(typeof NAMES)[number], string>

/** The tokens' values as they are now: a chart reads no CSS variables. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Palette
}

/** The tokens' values, read again when the theme changes. */
export function usePalette(): Palette {
  const { shown } = useThemeChoice()
  const [palette, setPalette] = useState(readPalette)
  // The theme's attribute is set by an effect of the provider, which runs after those of its children.
  useEffect(() => {
    const frame = requestAnimationFrame(() => setPalette(readPalette()))
    return () => cancelAnimationFrame(frame)
  }, [shown])
  return palette
}
