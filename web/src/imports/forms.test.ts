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
  ['comma', ['1\u202f234,5', '5']],
  ['comma', ['1.234.567', '1.234']],
  ['comma', ['0,500', '1,250']],
  ['point', ['1.5', '1234.56']],
  ['point', ['1.234', '0.500']],
  ['point', ['1,500', '12.75']],
  ['point', ['3,241.38', '12']],
  ['point', ["1'234.5", '1,234,567']],
  ['either', ['12', '1 500', '']],
  ['either', ['x', '']],
  [null, ['1.234', '12']],
  [null, ['1,500', '950']],
  [null, ['1,500', '1.500']],
  [null, ['1,5', '1.25']],
])('%s stands before the decimals of %j', (decimal, values) => {
  expect(found('number', ...values).decimal).toBe(decimal)
  expect(found('currency', ...values).decimal).toBe(decimal)
})

const two = { ...schema('number'), fields: [{ slug: 'price', label: 'Price', type: 'currency' as const }, { slug: 'place', label: 'Place', type: 'number' as const }] }
const inTwo = (...rows: [string, string][]) =>
  formsFound({ ...sample([]), headers: ['_id', 'P', 'L'], rows: rows.map(([price, place], index) => [String(index), price, place]) }, two, { _id: '_id', P: 'price', L: 'place' })

test('a column that leaves its numbers open is asked about, whatever another one shows', () => {
  expect(inTwo(['12,50', '48.856'], ['9,90', '2.352'])).toMatchObject({ decimal: null, doubt: { column: 'L', value: '48.856', point: 48.856, comma: 48_856 } })
  expect(inTwo(['12.50', '1,500'])).toMatchObject({ decimal: null, doubt: { column: 'L', value: '1,500', point: 1500, comma: 1.5 } })
  expect(inTwo(['1.500', '1,500'])).toMatchObject({ decimal: null, doubt: { column: 'P', value: '1.500', point: 1.5, comma: 1500 } })
  expect(inTwo(['12,50', '12.75'])).toMatchObject({ decimal: null, doubt: null })
  expect(inTwo(['12,50', '17'])).toMatchObject({ decimal: 'comma', doubt: null })
})

test('numbers without a point or a comma say nothing of the rows behind the sample', () => {
  const whole = (whole: boolean, type: FieldType) => formsFound({ ...sample(['100', '250']), whole }, schema(type), { _id: '_id', v: 'value' }).unseen
  expect([whole(false, 'number'), whole(true, 'number'), whole(false, 'text')]).toEqual([true, false, false])
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
  const none = { dates: 'iso', doubt: null, unseen: false }
  expect(found('text', '1,5', '31/12/2026')).toEqual({ decimal: 'either', ...none })
  expect(formsFound(sample(['1,5']), schema('number'), { _id: '_id', v: null })).toEqual({ decimal: 'either', ...none })
  expect(formsFound(sample(['1,5'], 'ndjson'), schema('number'), { _id: '_id', v: 'value' })).toEqual({ decimal: 'point', ...none })
})
