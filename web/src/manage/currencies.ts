/** A currency by its ISO 4217 code, with its name in the reader's language. */
export type Currency = { code: string; name: string }

let codes: string[] | null = null

/** All codes that the browser knows. */
export function currencyCodes(): string[] {
  codes ??= Intl.supportedValuesOf('currency')
  return codes
}

/** The currencies, named, by code. */
export function currenciesIn(locale: string): Currency[] {
  const names = new Intl.DisplayNames([locale], { type: 'currency' })
  return currencyCodes().map((code) => ({ code, name: names.of(code) ?? code }))
}
