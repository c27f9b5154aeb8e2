import type { en } from './en'
import { core } from './en/core'

/** Every text of the page has an id; English is where ids are made. */
export type MessageId = keyof typeof en
export type Messages = Record<MessageId, string>
export type Language = 'en' | 'fr'

/** The texts of a language: those of the frame and of Custom reports, and with `all` those of every view. */
export async function load(language: Language, all: boolean): Promise<Partial<Messages>> {
  const rest = all ? (language === 'fr' ? import('./fr/rest') : import('./en/rest')) : null
  const first = language === 'fr' ? (await import('./fr/core')).core : core
  return { ...first, ...(await rest)?.rest }
}

/** The language kept from last time, else the browser's. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem('crosslook.language') ?? navigator.language
  return kept.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}
