import { expect, test } from 'vitest'
import type { FieldType, SchemaBody } from '../api/schema'
import { formsFound } from './forms'
import type { FileSample } from './sample'

const schema = (type: FieldType): SchemaBody => ({
  object: 'order', labels: { singular: 'Order', plural: 'Orders' }, version: 1, status: 'active', created_at: '', updated_at: '', in_reports: { state: 'available' },
  fields: [{ slug: 'value', label: 'Value', type }], relationships: [],
})
const sample = (values: string[], format: FileSample['format'] = 'csv'): FileSample =>
  ({ name: 'o.csv', size: 9, format, delimiter: ';', whole: true, headers: ['_id', 'v'], rows: values.map((value, index) => [String(index), value]) })
const found = (type: FieldType, ...values: string[]) => formsFound(sample(values), schema(type), { _id: '_id', v: 'value' })

test.each([
  ['comma', ['1 622,79', '12', '']],
  ['comma', ['1\u202f234', '5']],
  ['comma', ['1.234.567', '1.234']],
  ['point', ['1.5', '1234.56']],
  [null, ['1.234', '12']],
  ['point', ['1.234', '0.500']],
  ['point', ['1,5', '1.25']],
  ['point', ['x', '']],
])('%s stands before the decimals of %j', (decimal, values) => {
  expect(found('number', ...values).decimal).toBe(decimal)
  expect(found('currency', ...values).decimal).toBe(decimal)
})

test.each([
  ['iso', ['2026-12-31', '']],
  ['dmy', ['06/07/2026', '31/12/2026']],
  ['mdy', ['6.7.2026', '12.31.2026 9:30']],
  [null, ['06/07/2026', '01-02-2026']],
])('the order of days is %s in %j', (dates, values) => {
  expect(found('date', ...values).dates).toBe(dates)
  expect(found('datetime', ...values).dates).toBe(dates)
})

test('texts, columns that are left out and lines of JSON have no say', () => {
  expect(found('text', '1,5', '31/12/2026')).toEqual({ decimal: 'point', dates: 'iso' })
  expect(formsFound(sample(['1,5']), schema('number'), { _id: '_id', v: null })).toEqual({ decimal: 'point', dates: 'iso' })
  expect(formsFound(sample(['1,5'], 'ndjson'), schema('number'), { _id: '_id', v: 'value' })).toEqual({ decimal: 'point', dates: 'iso' })
})
