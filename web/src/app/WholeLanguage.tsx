import { useEffect, type ReactNode } from 'react'
import { useLanguage } from '../i18n/LanguageProvider'
import { Skeletons } from '../shared/Skeletons'

/** Draws its children once the texts of every view are there. */
export function WholeLanguage({ children }: { children: ReactNode }) {
  const { whole, complete } = useLanguage()
  useEffect(complete, [complete])
  return whole ? children : <Skeletons />
}
