import { notifications } from '@mantine/notifications'
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { IntlProvider } from 'react-intl'
import { firstLanguage, load, type Language, type Messages } from '.'

type LanguageValue = {
  language: Language
  choose: (language: Language) => void
  /** Whether the texts of every view are there. */
  whole: boolean
  /** Loads the texts of every view. Rejects where they cannot be loaded; the next call tries again. */
  complete: () => Promise<void>
}

type Wanted = { language: Language; all: boolean }
type Loaded = Wanted & { messages: Partial<Messages> }

const LanguageContext = createContext<LanguageValue | null>(null)
// "fr" alone would group thousands with the same sign but write dates of France; both readers expect these.
const LOCALES: Record<Language, string> = { en: 'en', fr: 'fr' }

/** Texts, numbers and dates in the reader's language; shows `loading` until the texts are there. */
export function LanguageProvider({ children, loading }: { children: ReactNode; loading: ReactNode }) {
  const wanted = useRef<Wanted>({ language: firstLanguage(), all: false })
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const read = useCallback(async (change: Partial<Wanted>) => {
    const before = wanted.current
    const next = (wanted.current = { ...before, ...change })
    try {
      const messages = await load(next.language, next.all)
      if (wanted.current === next) setLoaded({ ...next, messages })
    } catch (error) {
      if (wanted.current === next) wanted.current = before
      throw error
    }
  }, [])
  const complete = useCallback(() => read({ all: true }), [read])
  useEffect(() => {
    // English comes with the page: where the reader's language cannot be loaded, it says more than an empty page.
    read({}).catch(() => read({ language: 'en' }))
  }, [read])
  useEffect(() => {
    if (loaded !== null) document.documentElement.lang = loaded.language
  }, [loaded])
  const value = useMemo(
    () => ({
      language: loaded?.language ?? wanted.current.language,
      whole: loaded?.all ?? false,
      complete,
      choose: (chosen: Language) => {
        localStorage.setItem('crosslook.language', chosen)
        read({ language: chosen }).catch(() => {
          // What is shown stays in the language that it has.
          notifications.show({ color: 'red', message: loaded?.messages['common.offline'] })
        })
      },
    }),
    [loaded, complete, read],
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
