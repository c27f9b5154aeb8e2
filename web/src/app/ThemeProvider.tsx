import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'

export type ThemeChoice = 'light' | 'dark' | 'system'
type ThemeValue = { choice: ThemeChoice; shown: 'light' | 'dark'; choose: (choice: ThemeChoice) => void }

const ThemeContext = createContext<ThemeValue | null>(null)

/** Light, dark, or as the system says; kept in this browser. public/theme.js sets it before the first paint. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState<ThemeChoice>(() => (localStorage.getItem('crosslook.theme') as ThemeChoice | null) ?? 'system')
  const [system, setSystem] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)')
    const follow = () => setSystem(media.matches)
    media.addEventListener('change', follow)
    return () => media.removeEventListener('change', follow)
  }, [])
  const shown = choice === 'system' ? (system ? 'dark' : 'light') : choice
  useEffect(() => {
    document.documentElement.dataset.theme = shown
  }, [shown])
  const value = useMemo(
    () => ({
      choice,
      shown: shown as 'light' | 'dark',
      choose: (next: ThemeChoice) => {
        localStorage.setItem('crosslook.theme', next)
        setChoice(next)
      },
    }),
    [choice, shown],
  )
  return <ThemeContext value={value}>{children}</ThemeContext>
}

/** The theme that is shown, and how to choose another. */
export function useThemeChoice(): ThemeValue {
  const value = useContext(ThemeContext)
  if (value === null) throw new Error('useThemeChoice outside of ThemeProvider')
  return value
}
