import { expect, test } from 'vitest'
import { addressOf, formOf } from './upload'

test('the address says what the rows do, how values are written, and the parameter only where there is one', () => {
  const base = { tenant: 'a b', object: 'order', mode: 'patch' as const, forms: { decimal: 'comma', dates: 'dmy' } as const, dryRun: true, parameter: '' }
  expect(addressOf(base)).toBe('/api/schema/v1/tenants/a%20b/objects/order/import?mode=patch&dry_run=true&decimal=comma&dates=dmy')
  expect(addressOf({ ...base, dryRun: false, parameter: 'x y' })).toContain('dates=dmy&import=x+y')
})

test('the mapping comes before the file, which has the type of its format', () => {
  const file = new File(['_id;a\n'], 'o.csv', { type: 'application/vnd.ms-excel' })
  const form = formOf({ file, format: 'csv', mapping: { a: null, b: '_id+email' } })
  expect([...form.keys()]).toEqual(['mapping', 'file'])
  expect(form.get('mapping')).toBe('{"a":null,"b":["_id","email"]}')
  expect(form.get('file')).toMatchObject({ name: 'o.csv', type: 'text/csv' })
})
