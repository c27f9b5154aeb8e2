import { useEffect, useState, type ReactNode } from 'react'
import { useLanguage } from '../i18n/LanguageProvider'
import { Skeletons } from '../shared/Skeletons'

/** Draws its children once the texts of every view are there. Fails where they cannot be loaded, as a view does whose code
 * cannot be loaded; the next view that is opened tries again. */
export function WholeLanguage({ children }: { children: ReactNode }) {
  const { whole, complete } = useLanguage()
  const [problem, setProblem] = useState<Error | null>(null)
  useEffect(() => {
    if (whole) return
    let current = true
    complete().catch((error: Error) => current && setProblem(error))
    return () => {
      current = false
    }
  }, [whole, complete])
  if (whole) return children
  if (problem !== null) throw problem
  return <Skeletons />
}
