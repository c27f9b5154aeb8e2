import type { FieldType } from '../api/schema'
import { COMMA_NUMBER, GROUPED_POINT, LOCAL_DATE, POINT_NUMBER } from './forms'

/** What a column's values are taken for. */
export type Guess = { type: FieldType; options: string[]; email: boolean; unique: boolean; filled: number }

const DATE = /^(19|2[0-2])\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const INSTANT = /^(19|2[0-2])\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]\d{2}:\d{2}(:\d{2})?(\.\d+)?\s?([Zz]|[+-]\d{2}:?[0-5]\d)?$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
/** A column of e-mails stays one with some that are wrong: the import says which. */
const EMAILS_LEAST = 0.8
const BOOLEAN = new Set(['true', 'false', 'yes', 'no', 'vrai', 'faux', 'oui', 'non', 't', 'f', 'y', 'n'])
const TEXT_MOST = 1024
const OPTIONS_MOST = 20
const OPTION_LENGTH_MOST = 60

/** The type that fits every value of a sample. Currency is never guessed: only the reader knows whether an amount is
 * money, and of which country. A dropdown is: few values that repeat. */
export function guessType(values: readonly string[]): Guess {
  const filled = values.map((value) => value.trim()).filter((value) => value !== '')
  const distinct = new Set(filled)
  const all = (pattern: RegExp) => filled.length > 0 && filled.every((value) => pattern.test(value))
  const guess = (type: FieldType, more: Partial<Guess> = {}): Guess => ({
    type, options: [], email: false, unique: distinct.size === filled.length && filled.length > 0, filled: filled.length, ...more,
  })
  if (filled.length === 0) return guess('text')
  if (filled.every((value) => BOOLEAN.has(value.toLowerCase()))) return guess('boolean')
  if (all(DATE)) return guess('date')
  if (filled.every((value) => DATE.test(value) || INSTANT.test(value))) return guess('datetime')
  if (all(LOCAL_DATE)) return guess(filled.some((value) => value.includes(':')) ? 'datetime' : 'date')
  if (all(POINT_NUMBER) && !filled.some((value) => /^0\d/.test(value) || !isExact(value))) return guess('number')
  if (isMarked(filled)) return guess('number')
  if (filled.filter((value) => EMAIL.test(value)).length >= filled.length * EMAILS_LEAST) return guess('text', { email: true })
  if (filled.some((value) => value.length > TEXT_MOST)) return guess('textarea')
  if (isChoice(filled, distinct)) return guess('dropdown', { options: [...distinct].sort(new Intl.Collator().compare) })
  return guess('text')
}

/** Numbers of which some have a comma before decimals or between thousands. Those with spaces only may be phone numbers. */
function isMarked(filled: readonly string[]): boolean {
  if (filled.some((value) => /^0\d/.test(value)) || !filled.some((value) => value.includes(','))) return false
  return [COMMA_NUMBER, { test: (value: string) => POINT_NUMBER.test(value) || GROUPED_POINT.test(value) }].some((form) => filled.every((value) => form.test(value)))
}

/** A number that a double holds exactly enough: integers beyond 2^53 are ids, not numbers. */
const isExact = (value: string) => Number.isFinite(Number(value)) && Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER

function isChoice(filled: readonly string[], distinct: ReadonlySet<string>): boolean {
  if (filled.length < 4 || distinct.size > OPTIONS_MOST || distinct.size * 2 > filled.length) return false
  return [...distinct].every((value) => value.length <= OPTION_LENGTH_MOST && !value.includes('\n'))
}
