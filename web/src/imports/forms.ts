import type { DateOrder, DecimalMark, SchemaBody } from '../api/schema'
import { targetsOf, type Mapping } from './mapping'
import type { FileSample } from './sample'

/** How a file writes numbers and days. */
export type Forms = { decimal: DecimalMark; dates: DateOrder }

/** What the sample shows. `dates`: null where its days could be read with the day or the month first. */
export type FormsFound = { decimal: DecimalMark; dates: DateOrder | null }

export const PLAIN: Forms = { decimal: 'point', dates: 'iso' }

/** A number with a comma before its decimals, or with groups of thousands: the same that the import reads. */
export const COMMA_NUMBER = /^[+-]?(\d+|\d{1,3}([ .\u00a0\u202f])\d{3}(\2\d{3})*)(,\d+)?$/
/** A day with the year last, and perhaps a time. */
export const LOCAL_DATE = /^(\d{1,2})([./-])(\d{1,2})\2\d{4}([ T]\d{1,2}:\d{2}(:\d{2})?)?$/
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/

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

/** A comma as soon as a value can only be read with one, and none only with a point. */
function decimalOf(values: readonly string[]): DecimalMark {
  const comma = values.some((value) => COMMA_NUMBER.test(value) && !PLAIN_NUMBER.test(value))
  return comma && values.every((value) => COMMA_NUMBER.test(value) || !PLAIN_NUMBER.test(value)) ? 'comma' : 'point'
}

function orderOf(values: readonly string[]): DateOrder | null {
  const days = values.map((value) => LOCAL_DATE.exec(value)).filter((found) => found !== null)
  if (days.length === 0) return 'iso'
  const beyond = (group: number) => days.some((found) => Number(found[group]) > 12)
  if (beyond(1)) return 'dmy'
  return beyond(3) ? 'mdy' : null
}
