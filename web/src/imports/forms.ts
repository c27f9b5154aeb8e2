import type { DateOrder, DecimalMark, SchemaBody } from '../api/schema'
import { targetsOf, type Mapping } from './mapping'
import type { FileSample } from './sample'

/** How a file writes numbers and days. */
export type Forms = { decimal: DecimalMark; dates: DateOrder }

/** What the sample shows; null where it can be read both ways: `1.500` as one and a half or as fifteen hundred, `06/07/2026`
 * with the day or the month first. */
export type FormsFound = { decimal: DecimalMark | null; dates: DateOrder | null }

export const PLAIN: Forms = { decimal: 'point', dates: 'iso' }

/** A number with a comma before its decimals, or with groups of thousands: the same that the import reads. */
export const COMMA_NUMBER = /^[+-]?(\d+|[1-9]\d{0,2}([ .\u00a0\u202f])\d{3}(\2\d{3})*)(,\d+)?$/
/** A day with the year last, and perhaps a time. */
export const LOCAL_DATE = /^(\d{1,2})([./-])(\d{1,2})\2\d{4}([ T]\d{1,2}:\d{2}(:\d{2})?)?$/
/** A number with a point before its decimals. */
export const POINT_NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** How a CSV file writes the values of the columns that fill numbers and days. Lines of JSON have one form. */
export function formsFound(sample: FileSample, schema: SchemaBody, mapping: Mapping): FormsFound {
  if (sample.format !== 'csv') return PLAIN
  const types = new Map(targetsOf(schema, false).flatMap((target) => (target.kind === 'field' ? [[target.name, target.field.type] as const] : [])))
  const valuesOf = (...wanted: string[]) => sample.headers.flatMap((header, index) => {
    const type = types.get(mapping[header] ?? '')
    return type !== undefined && wanted.includes(type) ? sample.rows.map((row) => (row[index] ?? '').trim()).filter((value) => value !== '') : []
  })
  return { decimal: decimalOf(valuesOf('number', 'currency')), dates: orderOf(valuesOf('date', 'datetime')) }
}

/** What a value shows that can be read in one way only. Where all can be read in both, it matters only if there is a point. */
function decimalOf(values: readonly string[]): DecimalMark | null {
  const only = (form: RegExp, other: RegExp) => values.some((value) => form.test(value) && !other.test(value))
  if (only(POINT_NUMBER, COMMA_NUMBER)) return 'point'
  if (only(COMMA_NUMBER, POINT_NUMBER)) return 'comma'
  return values.some((value) => value.includes('.') && COMMA_NUMBER.test(value)) ? null : 'point'
}

function orderOf(values: readonly string[]): DateOrder | null {
  const days = values.map((value) => LOCAL_DATE.exec(value)).filter((found) => found !== null)
  if (days.length === 0) return 'iso'
  const beyond = (group: number) => days.some((found) => Number(found[group]) > 12)
  if (beyond(1)) return 'dmy'
  return beyond(3) ? 'mdy' : null
}
