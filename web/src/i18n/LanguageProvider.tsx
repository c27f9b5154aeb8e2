import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { IntlProvider } from 'react-intl'
import { firstLanguage, load, type Language, type Messages } from '.'

type LanguageValue = {
  language: Language
  choose: (language: Language) => void
  /** Whether the texts of every view are there; `complete` loads them. */
  whole: boolean
  complete: () => void
}

const LanguageContext = createContext<LanguageValue | null>(null)
// "fr" alone would group thousands with the same sign but write dates of France; both readers expect these.
const LOCALES: Record<Language, string> = { en: 'en', fr: 'fr' }

/** Texts, numbers and dates in the reader's language; shows `loading` until the texts are there. */
export function LanguageProvider({ children, loading }: { children: ReactNode; loading: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage)
  const [all, setAll] = useState(false)
  const [loaded, setLoaded] = useState<{ language: Language; all: boolean; messages: Partial<Messages> } | null>(null)
  const complete = useCallback(() => setAll(true), [])
  useEffect(() => {
    let current = true
    void load(language, all).then((messages) => current && setLoaded({ language, all, messages }))
    return () => {
      current = false
    }
  }, [language, all])
  useEffect(() => {
    if (loaded !== null) document.documentElement.lang = loaded.language
  }, [loaded])
  const value = useMemo(
    () => ({
      language: loaded?.language ?? language,
      whole: loaded?.all ?? false,
      complete,
      choose: (chosen: Language) => {
        localStorage.setItem('crosslook.language', chosen)
        setLanguage(chosen)
      },
    }),
    [language, loaded, complete],
  )
  if (loaded === null) return loading
  return (
    <LanguageContext value={value}>
      <IntlProvider locale={LOCALES[loaded.language]} messages={loaded.messages as Record<string, string>} onError={raise}>
        {children}
      </IntlProvider>
    </LanguageContext>
  )
}

/** A text that cannot be formatted is a defect: tests fail on what the console says. */
function raise(error: unknown): void {
  console.error(error)
}

/** The reader's language, and how to choose another. */
export function useLanguage(): LanguageValue {
  const value = useContext(LanguageContext)
  if (value === null) throw new Error('useLanguage outside of LanguageProvider')
  return value
}
