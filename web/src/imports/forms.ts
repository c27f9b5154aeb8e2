import type { DateOrder, DecimalMark, SchemaBody } from '../api/schema'
import { targetsOf, type Mapping } from './mapping'
import type { FileSample } from './sample'

/** How a file writes numbers and days. */
export type Forms = { decimal: DecimalMark; dates: DateOrder }

/** What the sample shows; null where it can be read both ways: `1.500` as one and a half or as fifteen hundred, `06/07/2026`
 * with the day or the month first. `doubt`: a number that leaves it open, where one does. `unseen`: the sample shows neither a
 * point nor a comma, and the rest of the file may. */
export type FormsFound = { decimal: DecimalMark | null; dates: DateOrder | null; doubt: Doubt | null; unseen: boolean }

/** A number that means something else with a point and with a comma before decimals. */
export type Doubt = { column: string; value: string; point: number; comma: number }

export const PLAIN = { decimal: 'point', dates: 'iso' } as const satisfies Forms

/** A number with a comma before its decimals, or with groups of thousands: the same that the import reads. */
export const COMMA_NUMBER = /^[+-]?(\d+|[1-9]\d{0,2}([ .\u00a0\u202f])\d{3}(\2\d{3})*)(,\d+)?$/
/** A day with the year last, and perhaps a time. */
export const LOCAL_DATE = /^(\d{1,2})([./-])(\d{1,2})\2\d{4}([ T]\d{1,2}:\d{2}(:\d{2})?)?$/
/** A number with a point before its decimals. */
export const POINT_NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
/** One with groups of thousands. */
export const GROUPED_POINT = /^[+-]?[1-9]\d{0,2}([, '\u2019\u00a0\u202f])\d{3}(\1\d{3})*(\.\d+)?$/

/** How a CSV file writes the values of the columns that fill numbers and days. Lines of JSON have one form. */
export function formsFound(sample: FileSample, schema: SchemaBody, mapping: Mapping): FormsFound {
  if (sample.format !== 'csv') return { ...PLAIN, doubt: null, unseen: false }
  const types = new Map(targetsOf(schema, false).flatMap((target) => (target.kind === 'field' ? [[target.name, target.field.type] as const] : [])))
  const columns = (...wanted: string[]) => sample.headers.flatMap((header, index): Column[] => {
    const type = types.get(mapping[header] ?? '')
    if (type === undefined || !wanted.includes(type)) return []
    return [{ header, values: sample.rows.map((row) => (row[index] ?? '').trim()).filter((value) => value !== '') }]
  })
  const numbers = columns('number', 'currency')
  const decimal = decimalOf(numbers)
  return {
    decimal,
    dates: orderOf(columns('date', 'datetime').flatMap(({ values }) => values)),
    doubt: decimal === null ? doubtOf(numbers) : null,
    unseen: decimal === 'either' && numbers.length > 0 && !sample.whole,
  }
}

type Column = { header: string; values: string[] }

/** How a number can be read; null: in one way whatever stands before decimals, or not at all. */
function readingOf(value: string): 'point' | 'comma' | 'both' | null {
  const point = POINT_NUMBER.test(value) || GROUPED_POINT.test(value)
  const comma = COMMA_NUMBER.test(value)
  if (point && comma) return /[.,]/.test(value) ? 'both' : null
  return point ? 'point' : comma ? 'comma' : null
}

/** What a column shows by its values that can be read in one way only. */
const proofs = ({ values }: Column) => new Set(values.map(readingOf).filter((reading) => reading === 'point' || reading === 'comma'))
const doubtful = (column: Column) => proofs(column).size === 0 && column.values.some((value) => readingOf(value) === 'both')

/** What stands before decimals; null where columns differ, and where one of them shows only what can be read both ways: it need
 * not be written as the others are. */
function decimalOf(columns: readonly Column[]): DecimalMark | null {
  const [mark, other] = new Set(columns.flatMap((column) => [...proofs(column)]))
  if (other !== undefined || columns.some(doubtful)) return null
  return mark ?? 'either'
}

function doubtOf(columns: readonly Column[]): Doubt | null {
  const column = columns.find(doubtful)
  const value = column?.values.find((text) => readingOf(text) === 'both')
  if (column === undefined || value === undefined) return null
  return { column: column.header, value, point: Number(value.replaceAll(/[^\d.+-]/g, '')), comma: Number(value.replaceAll(/[^\d,+-]/g, '').replace(',', '.')) }
}

function orderOf(values: readonly string[]): DateOrder | null {
  const days = values.map((value) => LOCAL_DATE.exec(value)).filter((found) => found !== null)
  if (days.length === 0) return 'iso'
  const beyond = (group: number) => days.some((found) => Number(found[group]) > 12)
  if (beyond(1)) return 'dmy'
  return beyond(3) ? 'mdy' : null
}
