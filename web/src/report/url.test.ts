import { describe, expect, it } from 'vitest'
import { decodeReport, encodeReport } from './url'
import { MAX_LIMIT } from './validate'
import type { Report } from './types'

const full: Report = {
  object: 'ticket',
  dimensions: ['ticket.status', { field: 'ticket.opened_at', granularity: 'week' }, { field: 'ticket.csat', name: 'band', bins: [2, 4] }, { field: 'ticket.status', name: 'phase', groups: [{ name: 'Terminé', values: ['solved', null] }], others: 'Rest' }],
  measures: ['ticket.count', { measure: 'ticket.count', name: 'solved', filters: { field: 'ticket.status', op: 'eq', values: ['solved'] } }],
  filters: { and: [{ or: [{ field: 'contact.country', op: 'eq', values: ['FR'] }] }, { field: 'ticket.opened_at', op: 'in_last', values: [90, 'day'] }] },
  having: { and: [{ field: 'ticket.count', op: 'gte', values: [5] }] },
  sort: [{ field: 'ticket.count', direction: 'desc' }],
  limit: 500,
  pivot: ['ticket.channel'],
  totals: true,
  relationship: 'requester',
  contacts: 'with',
  calculations: [{ name: 'share', expression: 'ticket.count / total(ticket.count)' }],
  formulas: [{ name: 'hours', expression: 'hours_between(ticket.opened_at, ticket.solved_at)' }],
  compare: [{ field: 'ticket.opened_at', shift: [1, 'month'], name: 'before' }],
  timezone: 'Europe/Paris',
  week_start: 'sunday',
}

const raw = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

describe('a question in an address', () => {
  it('comes back as it was, with every member and beyond ASCII', () => {
    const question = { report: full, chart: { type: 'bar' as const, stacked: true }, name: 'Été 日本' }
    const text = encodeReport(question)
    expect(text).toMatch(/^[\w-]+$/)
    expect(decodeReport(text)).toEqual(question)
  })

  it('clamps the limit and draws a table for a chart that is none', () => {
    const decoded = decodeReport(raw({ v: 1, q: { object: 'a', limit: 1e9 }, c: { type: 'sparkles' } }))
    expect(decoded).toEqual({ report: { object: 'a', limit: MAX_LIMIT }, chart: { type: 'table' } })
  })

  it.each([
    ['not base64', '***'],
    ['not JSON', btoa('hello')],
    ['another version', raw({ v: 2, q: { object: 'a' } })],
    ['no object', raw({ v: 1, q: { dimensions: ['a.b'] } })],
    ['a dimension that is none', raw({ v: 1, q: { object: 'a', dimensions: [{ granularity: 'day' }] } })],
    ['a filter without operator', raw({ v: 1, q: { object: 'a', filters: { field: 'a.b' } } })],
    ['values that are objects', raw({ v: 1, q: { object: 'a', filters: { field: 'a.b', op: 'eq', values: [{}] } } })],
    ['a sort without direction', raw({ v: 1, q: { object: 'a', sort: [{ field: 'a.b' }] } })],
    ['too many columns', raw({ v: 1, q: { object: 'a', list: Array.from({ length: 61 }, (_, index) => `a.f${index}`) } })],
    ['filters that are nested too deeply', raw({ v: 1, q: { object: 'a', filters: JSON.parse('{"and":['.repeat(9) + '{"field":"a","op":"eq"}' + ']}'.repeat(9)) } })],
    ['too many conditions', raw({ v: 1, q: { object: 'a', filters: { and: Array.from({ length: 201 }, () => ({ field: 'a.b', op: 'is_empty' })) } } })],
  ])('is nothing for %s', (_, text) => {
    expect(decodeReport(text)).toBeNull()
  })
})
