import { describe, expect, it } from 'vitest'
import { en } from '../i18n/en'
import { fr } from '../i18n/fr'
import { createIntl } from 'react-intl'
import { Formats } from '../shared/formats'
import { describeCondition } from './describe'
import { readNumber } from './numbers'
import { complete, editable, OPERATORS, operatorsOf, sent, valuesFor } from './operators'
import { conditions, parts, tree, without, withPart } from './tree'

const texts = { en: createIntl({ locale: 'en', messages: en }), fr: createIntl({ locale: 'fr', messages: fr }) }
const words = (language: 'en' | 'fr', condition: Parameters<typeof describeCondition>[0], field: object) =>
  describeCondition(condition, { label: 'F', type: 'text', options: [], currency: null, scale: null, ...field }, (id, values) => texts[language].formatMessage({ id }, values), new Formats(language, 'Yes', 'No'))

describe('filters as parts', () => {
  const a = { field: 'x.a', op: 'is_empty' }
  const b = { field: 'x.b', op: 'is_empty' }

  it('flattens what must hold together, and keeps or-groups', () => {
    expect(parts({ and: [a, { and: [b] }, { or: [a, b] }] })).toEqual([
      { kind: 'condition', condition: a },
      { kind: 'condition', condition: b },
      { kind: 'any', conditions: [a, b] },
    ])
  })

  it('leaves deeper trees as they are', () => {
    const deep = { or: [{ and: [a, b] }, a] }
    expect(parts(deep)).toEqual([{ kind: 'other', node: deep }])
    expect(tree(parts({ and: [deep, b] }))).toEqual({ and: [deep, b] })
    expect(conditions({ and: [deep, b] })).toEqual([a, b, a, b])
  })

  it('adds, replaces and removes parts', () => {
    const one = withPart(undefined, null, { kind: 'condition', condition: a })
    expect(one).toEqual({ and: [a] })
    expect(withPart(one, 0, { kind: 'condition', condition: b })).toEqual({ and: [b] })
    expect(without(one, 0)).toBeUndefined()
    expect(tree([{ kind: 'any', conditions: [] }])).toBeUndefined()
  })
})

describe('operators', () => {
  it('begin with values that fit their kind', () => {
    expect(valuesFor('span')).toEqual([30, 'day'])
    expect(valuesFor('numbers', [5], 'number')).toEqual([5, ''])
    expect(valuesFor('choices', ['x'], 'choices')).toEqual(['x'])
    expect(valuesFor('date', [30, 'day'], 'span')).toEqual([])
  })

  it('are asked only when they say enough', () => {
    expect(complete({ field: 'f', op: 'between', values: [1, ''] }, 'numbers')).toBe(false)
    expect(complete({ field: 'f', op: 'between', values: [1, 2] }, 'numbers')).toBe(true)
    expect(complete({ field: 'f', op: 'in', values: [] }, 'choices')).toBe(false)
    expect(complete({ field: 'f', op: 'is_empty' }, 'none')).toBe(true)
    expect(sent({ field: 'f', op: 'is_empty', values: ['x'] }, 'none')).toEqual({ field: 'f', op: 'is_empty' })
  })

  it('edit "is" of a choice as a list of one', () => {
    expect(editable({ field: 'f', op: 'eq', values: ['x'] }, 'dropdown').op).toBe('in')
    expect(editable({ field: 'f', op: 'eq', values: [1] }, 'number').op).toBe('eq')
  })

  it('exist for every type of a field', () => {
    expect(Object.keys(OPERATORS)).toEqual(expect.arrayContaining(['text', 'textarea', 'number', 'currency', 'date', 'datetime', 'dropdown', 'multiselect', 'boolean']))
    expect(operatorsOf('unknown').length).toBeGreaterThan(0)
  })
})

describe('a condition in words', () => {
  it.each([
    ['en', { field: 'f', op: 'in_previous', values: [3, 'month'] }, { type: 'date' }, ['', 'previous 3 months']],
    ['en', { field: 'f', op: 'in_last', values: [1, 'day'] }, { type: 'date' }, ['', 'last day']],
    ['fr', { field: 'f', op: 'in_last', values: [90, 'day'] }, { type: 'date' }, ['', '90 derniers jours']],
    ['fr', { field: 'f', op: 'to_date', values: ['month'] }, { type: 'datetime' }, ['', 'ce mois à ce jour']],
    ['en', { field: 'f', op: 'in', values: ['open', 'solved'] }, { type: 'dropdown', options: [{ value: 'open', label: 'Open' }, { value: 'solved', label: 'Solved' }] }, ['is any of', 'Open, Solved']],
    ['en', { field: 'f', op: 'in', values: ['a', 'b', 'c', 'd'] }, {}, ['is any of', 'a, b and 2 more']],
    ['en', { field: 'f', op: 'between', values: [1000, 2500] }, { type: 'number' }, ['between', '1,000 to 2,500']],
    ['fr', { field: 'f', op: 'gte', values: [1234.5] }, { type: 'number' }, ['≥', '1\u202f234,5']],
    ['en', { field: 'f', op: 'on', values: ['2026-11-29'] }, { type: 'datetime' }, ['on', '29 Nov 2026']],
    ['en', { field: 'f', op: 'eq', values: [true] }, { type: 'boolean' }, ['is', 'Yes']],
    ['en', { field: 'f', op: 'is_empty' }, {}, ['is empty', '']],
  ] as const)('%s %o', (language, condition, field, [operator, value]) => {
    expect(words(language, condition as never, field)).toMatchObject({ operator, value })
  })
})

describe('numbers that readers write', () => {
  it.each([
    ['en', '1,234.5', 1234.5],
    ['en', '-3', -3],
    ['en', '1,5', null],
    ['fr', '1 234,5', 1234.5],
    ['fr', '1\u202f234,5', 1234.5],
    ['fr', '12.5', 12.5],
    ['en', '', null],
    ['en', '1e9', null],
    ['en', 'twelve', null],
  ])('%s %s', (locale, text, value) => {
    expect(readNumber(text, locale)).toBe(value)
  })
})
