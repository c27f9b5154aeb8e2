import { expect, test } from 'vitest'
import type { SchemaBody } from '../api/schema'
import { asRecord, idCandidates, likeness, mappingProblems, missingOf, repeatedId, suggestMapping, targetsOf } from './mapping'

const order: SchemaBody = {
  object: 'order', labels: { singular: 'Order', plural: 'Orders' }, version: 1, status: 'active', created_at: '', updated_at: '', in_reports: { state: 'available' },
  fields: [
    { slug: 'amount', label: 'Total amount', type: 'currency', currency: 'EUR', required: true },
    { slug: 'placed_at', label: 'Placed', type: 'datetime' },
    { slug: 'payment', label: 'Payment', type: 'dropdown' },
  ],
  relationships: [{ slug: 'buyer', label: 'Buyer', target: 'contact', many: false }],
}
const suggest = (...headers: string[]) => suggestMapping(headers, order, false)

test('by slug, by label in any case, by name without signs, then by likeness', () => {
  expect(suggest('amount', 'PLACED', 'Pay-ment')).toEqual({ amount: 'amount', PLACED: 'placed_at', 'Pay-ment': 'payment' })
  expect(suggest('Paymnt')).toEqual({ Paymnt: 'payment' })
  expect(suggest('Colour')).toEqual({ Colour: null })
})

test('knows the columns of contacts and of ids', () => {
  expect(suggest('Order ID', 'E-mail')).toEqual({ 'Order ID': '_id', 'E-mail': 'buyer.email' })
  expect(suggest('buyer.external', '_id')).toEqual({ 'buyer.external': 'buyer.external', _id: '_id' })
})

test('an exact name wins over a likely one that comes first, and nothing is filled twice', () => {
  expect(suggest('id', '_id', 'Amount', 'amount')).toEqual({ id: null, _id: '_id', Amount: null, amount: 'amount' })
})

test('files of contacts have foreign ids; only NDJSON has whole relationships', () => {
  const contact: SchemaBody = { ...order, object: 'contact', fields: [{ slug: 'email', label: 'Email', type: 'text' }], relationships: [] }
  expect(targetsOf(contact, false).map((target) => target.name)).toEqual(['_id', 'email', '_id+email', 'external_ids'])
  expect(suggestMapping(['E-Mail'], contact, false)).toEqual({ 'E-Mail': 'email' })
  expect(targetsOf(order, false).map((target) => target.name)).not.toContain('buyer')
  expect(targetsOf(order, true).map((target) => target.name)).toContain('buyer')
})

test('the id of a record may fill a text field, too: most lists of contacts have nothing but e-mail addresses', () => {
  const contact: SchemaBody = { ...order, object: 'contact', fields: [{ slug: 'email', label: 'Email', type: 'text' }, { slug: 'name', label: 'Name', type: 'text' }], relationships: [] }
  expect(suggestMapping(['Email', 'Name'], contact, false)).toEqual({ Email: 'email', Name: 'name' })
  expect([asRecord('email', contact), asRecord(null, contact), asRecord('amount', order)]).toEqual(['_id+email', '_id', '_id'])
  const both = { Email: '_id+email', Name: 'name' }
  expect([mappingProblems(['Email', 'Name'], both), missingOf(contact, both)]).toEqual([[], []])
  expect(mappingProblems(['Email', 'Name'], { ...both, Name: 'email' })).toEqual([{ header: 'Name', code: 'twice', other: 'Email' }])
  expect(mappingProblems(['Email', 'Name'], { ...both, Name: '_id' })).toEqual([{ header: 'Name', code: 'twice', other: 'Email' }])
  expect(suggestMapping(['Email', 'E-Mail', 'id'], contact, false, { Email: '_id+email' })).toEqual({ Email: '_id+email', 'E-Mail': null, id: null })
})

test('an id of several rows is known from the first of them', () => {
  const rows = [['A', 'x'], ['B', 'x'], ['A ', 'y'], ['', 'z'], ['', 'z']]
  expect(repeatedId(['No', 'City'], rows, { No: '_id', City: null })).toEqual({ column: 'No', value: 'A', count: 2 })
  expect(repeatedId(['No', 'City'], rows, { No: null, City: '_id+city' })).toEqual({ column: 'City', value: 'x', count: 2 })
  expect(repeatedId(['No', 'City'], rows.slice(0, 2), { No: '_id', City: null })).toBeNull()
  expect(repeatedId(['No', 'City'], rows, { No: null, City: null })).toBeNull()
})

test('an e-mail address comes before a name as the id', () => {
  expect(idCandidates(['Last name', 'Email'], [['Roe', 'a@x.com'], ['Doe', 'b@x.com']], { 'Last name': 'last_name', Email: 'email' })).toEqual(['Email', 'Last name'])
})

test('names what the file does not fill; one form of a relationship fills it', () => {
  expect(missingOf(order, { a: 'placed_at', b: 'buyer.email', c: null })).toEqual([
    { name: 'amount', label: 'Total amount', required: true }, { name: 'payment', label: 'Payment', required: false },
  ])
})

test('finds what is wrong with a mapping', () => {
  expect(mappingProblems(['a'], { a: 'amount' })).toEqual([{ header: null, code: 'no_id' }])
  expect(mappingProblems(['a', 'b'], { a: '_id', b: null })).toEqual([{ header: null, code: 'nothing' }])
  expect(mappingProblems(['a', 'b', 'c'], { a: '_id', b: 'amount', c: 'amount' })).toEqual([{ header: 'c', code: 'twice', other: 'b' }])
  expect(mappingProblems(['a', 'b', 'b'], { a: '_id', b: 'amount' })).toEqual([{ header: 'b', code: 'header_twice' }])
  expect(mappingProblems(['a', 'b'], { a: '_id', b: 'amount' })).toEqual([])
})

test('offers columns without gaps and repeats first as the id', () => {
  expect(idCandidates(['status', 'number'], [['open', '1'], ['open', '2']], { status: null, number: null })).toEqual(['number', 'status'])
})

test('likeness is 1 for the same and small for different names', () => {
  expect(likeness('amount', 'amount')).toBe(1)
  expect(likeness('amount', 'status')).toBeLessThan(0.3)
})
