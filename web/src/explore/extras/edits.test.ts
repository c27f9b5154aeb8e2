import { describe, expect, it } from 'vitest'
import type { Report } from '../../report/types'
import { groupable, removeExtra, saveCalculation, saveFiltered, saveFormula, saveGroup } from './edits'

const report: Report = {
  object: 'ticket',
  dimensions: ['ticket.status', 'hours'],
  measures: ['ticket.count', 'hours.avg', { measure: 'hours.avg', name: 'quick', filters: { and: [{ field: 'hours', op: 'lt', values: [2] }] } }],
  formulas: [{ name: 'hours', expression: 'hours_between(ticket.opened_at, ticket.solved_at)' }, { name: 'days', expression: 'hours / 24' }],
  calculations: [{ name: 'Share', expression: 'ticket.count / total(ticket.count)' }, { name: 'Twice', expression: 'Share * 2 + quick' }],
  filters: { and: [{ field: 'hours', op: 'gt', values: [1] }, { field: 'ticket.status', op: 'eq', values: ['open'] }] },
  sort: [{ field: 'Share', direction: 'desc' }],
  having: { and: [{ field: 'Share', op: 'gte', values: [0.1] }, { field: 'ticket.count', op: 'gte', values: [5] }] },
}

describe('names follow a change', () => {
  it('of a calculation: in later ones, the sort and having', () => {
    const saved = saveCalculation(report, 0, { name: 'Share of total', expression: 'ticket.count / total(ticket.count)' })
    expect(saved.calculations?.[1]?.expression).toBe('[Share of total] * 2 + quick')
    expect(saved.sort).toEqual([{ field: 'Share of total', direction: 'desc' }])
    expect(saved.having).toMatchObject({ and: [{ field: 'Share of total' }, { field: 'ticket.count' }] })
  })
  it('of a formula: as dimension, measure, filter and in formulas', () => {
    const saved = saveFormula(report, 0, { name: 'open_for', expression: 'hours_between(ticket.opened_at, ticket.solved_at)' })
    expect(saved.dimensions).toEqual(['ticket.status', 'open_for'])
    expect(saved.measures).toEqual(['ticket.count', 'open_for.avg', { measure: 'open_for.avg', name: 'quick', filters: { and: [{ field: 'open_for', op: 'lt', values: [2] }] } }])
    expect(saved.filters).toMatchObject({ and: [{ field: 'open_for' }, { field: 'ticket.status' }] })
    expect(saved.formulas?.map(({ expression }) => expression)).toEqual(['hours_between(ticket.opened_at, ticket.solved_at)', 'open_for / 24'])
  })
  it('of a measure that becomes a filtered one: only where the result is named', () => {
    const more = { ...report, calculations: [{ name: 'x', expression: 'ticket.count@previous / 2' }] }
    const saved = saveFiltered(more, 0, { measure: 'ticket.count', name: 'solved', filters: { and: [] } })
    expect(saved.calculations?.[0]?.expression).toBe('solved@previous / 2')
    expect(saved.having).toMatchObject({ and: [{ field: 'Share' }, { field: 'solved' }] })
    expect(saved.measures?.[1]).toBe('hours.avg')
  })
  it('of a dimension that becomes groups: its filter stays one on the field', () => {
    const saved = saveGroup(report, 0, { field: 'ticket.status', name: 'phase', groups: [] })
    expect(saved.dimensions?.[0]).toMatchObject({ name: 'phase' })
    expect(saved.filters).toMatchObject({ and: [{ field: 'hours' }, { field: 'ticket.status' }] })
  })
})

it('counts the groups of the pivot behind those of the rows', () => {
  const pivoted: Report = { object: 'ticket', dimensions: ['ticket.priority'], pivot: ['ticket.status'], measures: ['ticket.count'] }
  expect(groupable(pivoted)).toEqual(['ticket.priority', 'ticket.status'])
  const saved = saveGroup(pivoted, 1, { field: 'ticket.status', name: 'phase', groups: [] })
  expect(saved.pivot).toEqual([{ field: 'ticket.status', name: 'phase', groups: [] }])
  expect(saved.dimensions).toEqual(['ticket.priority'])
})

describe('removing a part takes along what needs it', () => {
  it('a calculation: calculations over it, its sort and its conditions, no others', () => {
    const left = removeExtra(report, 'calculation', 0)
    expect(left.calculations).toBeUndefined()
    expect(left.sort).toBeUndefined()
    expect(left.having).toEqual({ and: [{ field: 'ticket.count', op: 'gte', values: [5] }] })
  })
  it('a formula: dimensions, measures, filters and formulas over it, and what uses those', () => {
    const left = removeExtra(report, 'formula', 0)
    expect(left.formulas).toBeUndefined()
    expect(left.dimensions).toEqual(['ticket.status'])
    expect(left.measures).toEqual(['ticket.count'])
    expect(left.filters).toEqual({ and: [{ field: 'ticket.status', op: 'eq', values: ['open'] }] })
    expect(left.calculations).toEqual([{ name: 'Share', expression: 'ticket.count / total(ticket.count)' }])
  })
  it('a comparison: what names its columns', () => {
    const compared: Report = { ...report, compare: 'previous', calculations: [{ name: 'c', expression: '[ticket.count@delta] / 2' }, { name: 'd', expression: 'ticket.count' }] }
    const left = removeExtra(compared, 'compare', 0)
    expect(left.compare).toBeUndefined()
    expect(left.calculations).toEqual([{ name: 'd', expression: 'ticket.count' }])
  })
  it('an option, a group, and one of several conditions', () => {
    expect(removeExtra({ ...report, timezone: 'Europe/Paris' }, 'options', 3).timezone).toBeUndefined()
    expect(removeExtra(report, 'having', 0).having).toEqual({ and: [{ field: 'ticket.count', op: 'gte', values: [5] }] })
    expect(removeExtra({ object: 'ticket', dimensions: [{ field: 'ticket.csat', name: 'band', bins: [2] }], measures: ['ticket.count'] }, 'group', 0)).toEqual({ object: 'ticket', measures: ['ticket.count'] })
  })
})
