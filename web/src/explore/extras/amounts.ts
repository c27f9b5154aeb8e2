import { readNumber } from '../../filters/numbers'

/** A written number as a report has it: an amount as its exact decimal, so that none of its digits is lost; null for
 * what is no number. */
export function readFigure(text: string, type: string, locale: string): number | string | null {
  const value = readNumber(text, locale)
  if (value === null || type !== 'currency') return value
  const compact = text.replace(/[\s\u00A0\u202F]/g, '')
  return locale.startsWith('fr') ? compact.replace(',', '.') : compact.replaceAll(',', '')
}
