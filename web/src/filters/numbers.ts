/** The number that a reader wrote, with a decimal comma or point as their language has it; null for anything else. */
export function readNumber(text: string, locale: string): number | null {
  const decimal = locale.startsWith('fr') ? ',' : '.'
  const compact = text.trim().replace(/[\s\u00A0\u202F]/g, '')
  // A single sign of the other kind is read as the decimal sign where it cannot separate thousands.
  const plain = decimal === ',' ? compact.replace(',', '.') : compact.replace(/,(?=\d{3}(?:\D|$))/g, '')
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(plain)) return null
  const value = Number(plain)
  return Number.isFinite(value) ? value : null
}

/** A number as it is written in an input. */
export const writeNumber = (value: number | string, locale: string): string =>
  locale.startsWith('fr') ? String(value).replace('.', ',') : String(value)
