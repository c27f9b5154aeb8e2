import { describe, expect, it } from 'vitest'
import type { Dimension } from '../../report/types'
import { dimensionOf, draftOf, edgesOf, errorsOf, howsOf, placeOfGroup } from './grouping'

const kept = (dimension: Dimension, type: string, locale = 'en') => {
  const draft = draftOf(dimension, type, locale)
  const { field, name } = dimension as { field: string; name: string }
  return { errors: errorsOf(draft, type, locale), made: dimensionOf(draft, field, name, type, locale) }
}

describe('a grouped dimension is the same after it was opened and saved', () => {
  it.each<[string, Dimension, string]>([
    ['groups', { field: 'ticket.status', name: 'phase', groups: [{ name: 'Done', values: ['solved', 'closed'] }], others: 'Rest' }, 'dropdown'],
    ['groups without others', { field: 'ticket.reopened', name: 'phase', groups: [{ name: 'Yes', values: [true] }] }, 'boolean'],
    ['bins', { field: 'ticket.csat', name: 'band', bins: [2, 4.5] }, 'number'],
    ['bins of amounts', { field: 'ticket.amount', name: 'band', bins: ['10', '20.5000'] }, 'currency'],
    ['bins of days', { field: 'ticket.due_on', name: 'half', bins: ['2026-01-01', '2026-07-01'] }, 'date'],
    ['width', { field: 'ticket.csat', name: 'band', width: 0.1 }, 'number'],
  ])('%s', (_, dimension, type) => {
    for (const locale of ['en', 'fr']) expect(kept(dimension, type, locale)).toEqual({ errors: [], made: dimension })
  })
})

describe('edgesOf', () => {
  it('reads the decimal sign of the language', () => {
    expect(edgesOf('2; 4,5', 'number', 'fr')).toEqual([2, 4.5])
    expect(edgesOf('1,000; 2.5;', 'number', 'en')).toEqual([1000, 2.5])
    expect(edgesOf('1,000.10', 'currency', 'en')).toEqual(['1000.10'])
  })
  it('knows days of the calendar', () => {
    expect(edgesOf('2026-02-29', 'date', 'en')).toBeNull()
    expect(edgesOf('2028-02-29', 'date', 'en')).toEqual(['2028-02-29'])
    expect(edgesOf('', 'number', 'en')).toBeNull()
  })
})

describe('errorsOf', () => {
  const base = draftOf(undefined, 'dropdown', 'en')
  const groups = (...all: [string, string[]][]) => ({ ...base, groups: all.map(([name, values], key) => ({ key, name, values })) })
  it('wants names, values and no value twice', () => {
    expect(errorsOf(base, 'dropdown', 'en').map(({ kind }) => kind)).toEqual(['name', 'values'])
    expect(errorsOf(groups(['A', ['x']], ['A', ['x']]), 'dropdown', 'en')).toMatchObject([{ kind: 'repeated', number: 2 }, { kind: 'shared', value: 'x', first: 'A' }])
    expect(errorsOf({ ...base, groups: [] }, 'dropdown', 'en')).toEqual([{ at: 'groups', kind: 'groups' }])
  })
  it('wants a name for the others that no group has', () => {
    expect(errorsOf({ ...groups(['A', ['x']]), others: 'A' }, 'dropdown', 'en')).toEqual([{ at: 'others', kind: 'others' }])
  })
  it('wants edges in order and a width above 0', () => {
    expect(errorsOf({ ...base, how: 'bins', edges: '4; 2' }, 'number', 'en')).toEqual([{ at: 'edges', kind: 'order' }])
    expect(errorsOf({ ...base, how: 'bins', edges: '9; 10' }, 'currency', 'en')).toEqual([])
    expect(errorsOf({ ...base, how: 'bins', edges: Array.from({ length: 101 }, (_, at) => at).join(';') }, 'number', 'en')).toEqual([{ at: 'edges', kind: 'many' }])
    expect(errorsOf({ ...base, how: 'width', width: '0' }, 'number', 'en')).toEqual([{ at: 'width', kind: 'width' }])
  })
})

it('offers no values for numbers, and nothing for long texts', () => {
  expect(howsOf('number')).not.toContain('values')
  expect(howsOf('textarea')).toEqual([])
})

it('puts a new group where the field stands, and leaves other groups of it alone', () => {
  const report = { object: 'ticket', dimensions: [{ field: 'ticket.status', name: 'phase', groups: [] }, 'ticket.status'], measures: ['ticket.count'] }
  expect(placeOfGroup(report, null, 'ticket.status')).toBe(1)
  expect(placeOfGroup(report, null, 'ticket.csat')).toBeNull()
  expect(placeOfGroup(report, 0, 'ticket.status')).toBe(0)
})
