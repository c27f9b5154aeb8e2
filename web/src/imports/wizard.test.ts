// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest'
import type { SchemaBody } from '../api/schema'
import type { FileSample } from './sample'
import { EMPTY_DRAFT, forgetDraft, formsOf, importReducer, interruptedFile, keepDraft, keptDraft, likeliest, modeOf, saidOf, stepOf } from './wizard'

const schema = (object: string, slugs: string[], state: 'available' | 'pending' = 'available'): SchemaBody => ({
  object, labels: { singular: object, plural: `${object}s` }, version: 1, status: 'active', created_at: '', updated_at: '', in_reports: { state },
  fields: slugs.map((slug) => ({ slug, label: slug, type: 'text' })), relationships: [],
})
const order = schema('order', ['amount', 'status'])
const visit = schema('visit', ['amount', 'status', 'place'])
const sample: FileSample = { name: 'o.csv', size: 9, format: 'csv', delimiter: ',', whole: true, headers: ['_id', 'amount'], rows: [['1', '2']] }
const begin = (wished: string | null = null, objects = [order]) => importReducer(EMPTY_DRAFT, { type: 'file', sample, objects, wished, kept: null })

afterEach(() => {
  sessionStorage.clear()
  localStorage.clear()
})

test('a file goes to the object that its columns fit, else a new one is proposed', () => {
  expect(begin().object).toBe('order')
  expect(importReducer(EMPTY_DRAFT, { type: 'file', sample: { ...sample, headers: ['x', 'y', 'z'] }, objects: [order], wished: null, kept: null }).fresh).not.toBeNull()
})

test('the object of the address wins', () => {
  expect(begin('visit', [order, visit]).object).toBe('visit')
})

test('of two objects that fit the one with more columns in the file is taken', () => {
  const wide = { ...sample, headers: ['_id', 'amount', 'place'] }
  expect(likeliest(wide, [order, visit])?.object).toBe('visit')
})

test('asks for the mode only where fields are missing, then goes on to the check', () => {
  const draft = begin()
  expect(stepOf(draft, order)).toBe('columns')
  const answered = importReducer(draft, { type: 'mode', mode: 'patch' })
  expect(stepOf(answered, order)).toBe('check')
  expect(modeOf(answered, order)).toBe('patch')
  expect(modeOf(answered, schema('order', ['amount']))).toBe('upsert')
})

test('asks which part of a date is the day only where the file leaves it open, and keeps the answer', () => {
  const dated: SchemaBody = { ...schema('order', []), fields: [{ slug: 'on', label: 'on', type: 'date' }] }
  const file = { ...sample, headers: ['_id', 'on'], rows: [['1', '06/07/2026']] }
  const draft = importReducer(EMPTY_DRAFT, { type: 'file', sample: file, objects: [dated], wished: null, kept: null })
  expect([stepOf(draft, dated), formsOf(draft, dated)]).toEqual(['columns', null])
  const answered = importReducer(draft, { type: 'forms', forms: { dates: 'dmy' } })
  expect([stepOf(answered, dated), formsOf(answered, dated)]).toEqual(['check', { decimal: 'either', dates: 'dmy' }])
  keepDraft('acme', answered)
  const again = importReducer(EMPTY_DRAFT, { type: 'file', sample: file, objects: [dated], wished: null, kept: keptDraft('acme', file) })
  expect(formsOf(again, dated)?.dates).toBe('dmy')
  const plain = { ...draft, sample: { ...file, rows: [['1', '31/12/2026']] } }
  expect(formsOf(plain, dated)).toEqual({ decimal: 'either', dates: 'dmy' })
})

test('asks what a point means that could stand between thousands', () => {
  const weighed: SchemaBody = { ...schema('order', []), fields: [{ slug: 'kg', label: 'kg', type: 'number' }] }
  const file = { ...sample, headers: ['_id', 'kg'], rows: [['1', '1.500']] }
  const draft = importReducer(EMPTY_DRAFT, { type: 'file', sample: file, objects: [weighed], wished: null, kept: null })
  expect([stepOf(draft, weighed), formsOf(draft, weighed)]).toEqual(['columns', null])
  expect(formsOf(importReducer(draft, { type: 'forms', forms: { decimal: 'point' } }), weighed)).toEqual({ decimal: 'point', dates: 'iso' })
})

test('asks of an object that no report shows yet, too: it may have records by now', () => {
  const fresh = schema('order', ['amount', 'status'], 'pending')
  expect(stepOf(begin(null, [fresh]), fresh)).toBe('columns')
})

test('another file with the same columns fills what was said of them', () => {
  const buyer = { ...order, relationships: [{ slug: 'buyer', label: 'Buyer', target: 'contact' }] } as SchemaBody
  const headers = ['No.', 'sum', 'whose']
  const first = { ...begin(null, [buyer]), sample: { ...sample, headers }, mapping: { 'No.': '_id', sum: 'amount', whose: 'buyer.email' } }
  keepDraft('acme', first)
  const action = { type: 'file' as const, sample: { ...sample, name: 'corrected.csv', headers: [...headers, 'status'] }, objects: [buyer], wished: null, kept: null }
  expect(importReducer(EMPTY_DRAFT, { ...action, said: saidOf('acme') })).toMatchObject({ object: 'order', mapping: { 'No.': '_id', sum: 'amount', whose: 'buyer.email', status: 'status' } })
  expect(importReducer(EMPTY_DRAFT, { ...action, said: saidOf('other') }).object).toBeNull()
})

test('a mapping without an id stays at the columns', () => {
  const draft = importReducer(begin(), { type: 'map', header: '_id', target: null })
  expect(stepOf(draft, order)).toBe('columns')
})

test('a created object is mapped as it was proposed', () => {
  const proposed = importReducer(begin(), { type: 'fresh', objects: [order] })
  expect(stepOf(proposed, undefined)).toBe('object')
  const created = importReducer(proposed, { type: 'created', object: 'o' })
  expect(created).toMatchObject({ object: 'o', fresh: null, mode: 'upsert', mapping: { _id: '_id', amount: 'amount' } })
})

test('what was said about a file is there again when the same file is chosen, and forgotten once imported', () => {
  const draft = importReducer(begin(), { type: 'map', header: 'amount', target: 'status' })
  keepDraft('acme', draft)
  expect(interruptedFile('acme')).toBe('o.csv')
  expect(keptDraft('acme', { name: 'o.csv', size: 10 })).toBeNull()
  const again = importReducer(EMPTY_DRAFT, { type: 'file', sample, objects: [order], wished: null, kept: keptDraft('acme', sample) })
  expect(again.mapping).toEqual({ _id: '_id', amount: 'status' })
  forgetDraft('acme', sample)
  expect(keptDraft('acme', sample)).toBeNull()
  expect(interruptedFile('acme')).toBeNull()
})

test('what was kept does not fit if the object is gone', () => {
  keepDraft('acme', begin())
  const again = importReducer(EMPTY_DRAFT, { type: 'file', sample, objects: [visit], wished: null, kept: keptDraft('acme', sample) })
  expect(again.object).toBe('visit')
})
