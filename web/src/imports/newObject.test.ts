import { expect, test } from 'vitest'
import { definitionOf, mappingOf, newObjectProblems, proposeObject } from './newObject'
import type { FileSample } from './sample'

const sample: FileSample = {
  name: 'store-orders_2026-11.csv', size: 10, format: 'csv', delimiter: ',', whole: true,
  headers: ['Order number', 'Customer email', 'Total', 'Status', 'Empty'],
  rows: [['A1', 'a@x.com', '1.5', 'open', ''], ['A2', 'b@x.com', '2', 'paid', ''], ['A3', 'a@x.com', '3', 'open', ''], ['A4', 'c@x.com', '4', 'paid', '']],
}

test('names come from the file, roles from the columns', () => {
  const draft = proposeObject(sample, [])
  expect(draft).toMatchObject({ singular: 'Store order', plural: 'Store orders', slug: 'store_order' })
  expect(draft.columns.map((column) => [column.role, column.slug, column.type])).toEqual([
    ['record', 'order_number', 'text'], ['contact', 'customer', 'text'], ['field', 'total', 'number'], ['field', 'status', 'dropdown'], ['none', 'empty', 'text'],
  ])
})

test('the definition and the mapping fit each other', () => {
  const draft = proposeObject(sample, [])
  expect(definitionOf(draft)).toEqual({
    object: 'store_order', labels: { singular: 'Store order', plural: 'Store orders' },
    fields: [
      { slug: 'total', label: 'Total', type: 'number' },
      { slug: 'status', label: 'Status', type: 'dropdown', options: [{ value: 'open', label: 'open' }, { value: 'paid', label: 'paid' }] },
    ],
    relationships: [{ slug: 'customer', label: 'Customer', target: 'contact', many: false }],
  })
  expect(mappingOf(draft)).toEqual({ 'Order number': '_id', 'Customer email': 'customer.email', Total: 'total', Status: 'status', Empty: null })
})

test('a name that an object has already gets a number', () => {
  expect(proposeObject(sample, ['store_order']).slug).toBe('store_order_2')
})

test('columns of one name are left out, and are nothing else until one is renamed', () => {
  const draft = proposeObject({ ...sample, headers: ['Order number', 'Total', 'Total'], rows: [['A1', '1', '2'], ['A2', '3', '4']] }, [])
  expect(draft.columns.map((column) => column.role)).toEqual(['record', 'none', 'none'])
  expect(newObjectProblems(draft, [])).toEqual([])
  const columns = draft.columns.map((column, index) => (index === 1 ? { ...column, role: 'field' as const } : column))
  expect(newObjectProblems({ ...draft, columns }, [])).toEqual([{ at: 'column.1', code: 'header_twice' }])
})

test('says what keeps it from being created', () => {
  const draft = proposeObject(sample, [])
  const columns = draft.columns.map((column, index) => index === 0 ? { ...column, role: 'field' as const, label: ' ' } : index === 2 ? { ...column, type: 'currency' as const, currency: 'US$' } : column)
  expect(newObjectProblems({ ...draft, singular: '', slug: 'Order', columns }, [])).toEqual([
    { at: 'singular', code: 'singular' }, { at: 'slug', code: 'slug' }, { at: 'column.0', code: 'label' }, { at: 'column.2', code: 'currency' }, { at: 'columns', code: 'no_record' },
  ])
  expect(newObjectProblems(draft, ['store_order'])).toEqual([{ at: 'slug', code: 'slug_taken' }])
  expect(newObjectProblems(draft, [])).toEqual([])
})
