import { describe, expect, it } from 'vitest'
import type { Report } from '../report/types'
import { blockedBecause, drawable, possibleTypes, suggest } from './chartRules'
import { catalog } from './fixtures'

const week = { field: 'ticket.opened_at', granularity: 'week' as const }
const report = (more: Partial<Report>): Report => ({ object: 'ticket', ...more })
const count = ['ticket.count']

describe('suggest', () => {
  it.each([
    ['a date and a measure', { dimensions: [week], measures: count }, 'line'],
    ['a pivot', { dimensions: [week], measures: count, pivot: ['ticket.channel'] }, 'bar'],
    ['a category and a measure', { dimensions: ['ticket.status'], measures: count }, 'bar'],
    ['a part of the clock', { dimensions: [{ field: 'ticket.opened_at', granularity: 'day_of_week' }], measures: count }, 'bar'],
    ['a measure only', { measures: count }, 'single'],
    ['a dimension only', { dimensions: ['ticket.status'] }, 'table'],
    ['a time as the only figure', { measures: ['ticket.opened_at.max'] }, 'table'],
    ['a list', { list: ['ticket._id'] }, 'table'],
  ] as [string, Partial<Report>, string][])('%s', (_, asked, type) => {
    expect(suggest(report(asked), catalog).type).toBe(type)
  })

  it('draws nothing that the rules block', () => {
    for (const asked of [{ measures: count }, { dimensions: ['ticket.status', week], measures: count }, { dimensions: ['ticket.status', week, 'ticket.channel'], measures: count }, { measures: count, pivot: ['ticket.channel'] }]) {
      expect(blockedBecause(suggest(report(asked), catalog).type, report(asked), catalog)).toBeNull()
    }
  })
})

describe('what can be drawn', () => {
  it('says what is missing, with what is there', () => {
    expect(blockedBecause('heatmap', report({ dimensions: [week], measures: count }), catalog)).toEqual({ id: 'result.needs.heatmap', values: { dimensions: 1, measures: 1 } })
  })

  it.each([
    [{ measures: count }, ['table', 'single']],
    [{ measures: ['ticket.count', 'ticket.csat.avg'] }, ['table', 'single', 'funnel']],
    [{ dimensions: ['ticket.status'], measures: count }, ['table', 'bar', 'line', 'area', 'pie', 'funnel']],
    [{ dimensions: [week], measures: ['ticket.count', 'ticket.csat.avg'] }, ['table', 'bar', 'line', 'area', 'pie', 'single', 'scatter', 'funnel']],
    [{ dimensions: [week], measures: count, pivot: ['ticket.channel'] }, ['table', 'bar', 'line', 'area', 'heatmap']],
    [{ list: ['ticket._id'] }, ['table']],
  ] as [Partial<Report>, string[]][])('%o', (asked, types) => {
    expect(possibleTypes(report(asked), catalog)).toEqual(types)
  })

  it('falls back to the table when a question no longer fits', () => {
    expect(drawable({ type: 'pie' }, report({ measures: count }), catalog)).toBe('table')
    expect(drawable({ type: 'pie' }, report({ dimensions: ['ticket.status'], measures: count }), catalog)).toBe('pie')
  })
})
