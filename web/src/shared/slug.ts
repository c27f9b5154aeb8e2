/** The form of an API name. */
export const SLUG = /^[a-z][a-z0-9_]{0,62}$/

/** The form of a tenant’s name. */
export const TENANT_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/

const MOST = 63
const LIGATURES: Record<string, string> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' }

/** A text without case and accents: for searches and comparisons. */
export const fold = (text: string): string =>
  text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/[œæßøłđ]/g, (sign) => LIGATURES[sign] ?? sign)

/** Whether every word of `search` occurs in one of the texts, whatever the case and accents. */
export function finds(search: string, texts: readonly string[]): boolean {
  const places = texts.map(fold)
  return fold(search).split(/\s+/).every((word) => places.some((place) => place.includes(word)))
}

/** An API name from what people see: `Montant réglé (€)` becomes `montant_regle`. Empty where nothing can be kept. */
export function slugify(text: string): string {
  return fold(text).replace(/[^a-z0-9]+/g, '_').replace(/^[_0-9]+/, '').slice(0, MOST).replace(/_+$/, '')
}

/** A name that `taken` does not have: with a number behind it where needed. */
export function freeSlug(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted
  for (let number = 2; ; number += 1) {
    const next = `${wanted.slice(0, MOST - 4)}_${number}`
    if (!taken.has(next)) return next
  }
}
