import { describe, expect, it } from 'vitest'
import type { Report } from '../report/types'
import { conditionsOf, crossedWith, type CrossFilter } from './crossFilter'

const report: Report = {
  object: 'ticket',
  dimensions: [
    'ticket.status', 'ticket.tags', { field: 'ticket.opened_at', granularity: 'month' }, { field: 'ticket.csat', name: 'band', bins: [2, 4] },
    { field: 'ticket.status', name: 'phase', groups: [{ name: 'Done', values: ['solved', 'closed'] }], others: 'Rest' }, 'age',
  ],
  formulas: [{ name: 'age', expression: 'days_between(ticket.opened_at, ticket.solved_at)' }],
  measures: ['ticket.count'],
}
const of = (column: string, value: string | number | null, type = 'text') => conditionsOf(report, [{ column, value, type }])

describe('conditionsOf', () => {
  it('describes a value, none, and one of several', () => {
    expect(of('ticket.status', 'open')).toEqual([{ field: 'ticket.status', op: 'eq', values: ['open'] }])
    expect(of('ticket.status', null)).toEqual([{ field: 'ticket.status', op: 'is_empty' }])
    expect(of('ticket.tags', 'vip', 'multiselect')).toEqual([{ field: 'ticket.tags', op: 'any_of', values: ['vip'] }])
  })
  it('describes a period by its granularity', () => {
    expect(of('ticket.opened_at:month', '2026-11-01')).toEqual([{ field: 'ticket.opened_at', op: 'eq', values: ['2026-11-01'], granularity: 'month' }])
    expect(of('ticket.opened_at:month', null)).toEqual([{ field: 'ticket.opened_at', op: 'is_empty' }])
  })
  it('describes a group by its values', () => {
    expect(of('phase', 'Done')).toEqual([{ field: 'ticket.status', op: 'in', values: ['solved', 'closed'] }])
  })
  it('knows what it cannot describe', () => {
    expect(of('phase', 'Rest')).toBeNull()
    expect(of('band', '2..4')).toBeNull()
    expect(of('age', 3, 'number')).toBeNull()
    expect(of('nothing', 'x')).toBeNull()
    expect(conditionsOf(report, [])).toBeNull()
    expect(conditionsOf(report, [{ column: 'ticket.status', value: 'open', type: 'text' }, { column: 'band', value: '..2', type: 'text' }])).toBeNull()
  })
})

describe('crossedWith', () => {
  const open = [{ field: 'ticket.status', op: 'eq', values: ['open'] }]
  const solved = [{ field: 'ticket.status', op: 'eq', values: ['solved'] }]
  it('adds, replaces within a tile, and takes away with a second click', () => {
    const first: CrossFilter[] = crossedWith([], 't1', open)
    expect(first).toEqual([{ tile: 't1', conditions: open }])
    expect(crossedWith(first, 't1', solved)).toEqual([{ tile: 't1', conditions: solved }])
    expect(crossedWith(first, 't2', open)).toHaveLength(2)
    expect(crossedWith(first, 't1', [...open])).toEqual([])
  })
})
