import { en } from './en'

/** Every text of the page has an id; English is where ids are made. */
export type MessageId = keyof typeof en
export type Messages = Record<MessageId, string>
export type Language = 'en' | 'fr'

/** The texts of a language. French is loaded only by those who read it. */
export async function load(language: Language): Promise<Messages> {
  return language === 'fr' ? (await import('./fr')).fr : en
}

/** The language kept from last time, else the browser's. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem('crosslook.language') ?? navigator.language
  return kept.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}
