import { describe, expect, it } from 'vitest'
import { Formats } from '../shared/formats'
import { figureName, groupLabel, readResult, showCell } from './columns'
import { answer, catalog, column } from './fixtures'

const en = new Formats('en', 'Yes', 'No')

describe('readResult', () => {
  it('shows options by their labels and booleans in words', () => {
    const result = answer([column('ticket.status', 'Status', 'dimension', 'text'), column('ticket.reopened', 'Reopened', 'dimension', 'boolean'), column('ticket.count', 'Tickets', 'measure', 'integer')], [['open', true, 2]])
    const model = readResult(result, { object: 'ticket', dimensions: ['ticket.status', 'ticket.reopened'], measures: ['ticket.count'] }, catalog)
    expect(result.rows[0]?.map((value, at) => showCell(value, model.columns[at] as never, model, en))).toEqual(['Open', 'Yes', '2'])
  })

  it('takes decimals and currency from the catalog, also of a filtered measure', () => {
    const result = answer([column('ticket.csat.avg', 'CSAT, average', 'measure', 'number'), column('paid', 'paid', 'measure', 'currency')], [[4.25, '1234.5000']])
    const model = readResult(result, { object: 'ticket', measures: ['ticket.csat.avg', { measure: 'ticket.amount.sum', name: 'paid', filters: { and: [] } }] }, catalog)
    expect(model.columns.map((found) => showCell(result.rows[0]?.[found.index], found, model, en))).toEqual(['4.3', '$1,234.50'])
    expect(model.columns.map((found) => found.additive)).toEqual([false, true])
  })

  it('puts a pivot in groups by the order of the options, empty last', () => {
    const names = ['chat', 'email', null]
    const columns = names.flatMap((value) => [column(`ticket.count|${value}`, `Tickets: ${value}`, 'measure', 'integer', [value]), column(`ticket.count@previous|${value}`, `Tickets, previous: ${value}`, 'measure', 'integer', [value])])
    const model = readResult(answer(columns, [[1, 2, 3, 4, 5, 6]]), { object: 'ticket', measures: ['ticket.count'], pivot: ['ticket.channel'], compare: 'previous' }, catalog)
    expect(model.groups?.map((group) => groupLabel(group, model, en))).toEqual(['Email', 'Chat', '∅'])
    expect(model.groups?.[0]?.columns.map((found) => [found.head, found.variant, found.index])).toEqual([['Tickets', 'value', 2], ['Tickets, previous', 'before', 3]])
  })

  it('names a figure by the values of its row, its pivot and its measure', () => {
    const columns = [column('ticket.status', 'Status', 'dimension', 'text'), column('ticket.count|email', 'Tickets: email', 'measure', 'integer', ['email'])]
    const model = readResult(answer(columns, [['open', 2]]), { object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count'], pivot: ['ticket.channel'] }, catalog)
    const figure = model.figures[0] as never
    expect([figureName(['open'], figure, model, en), figureName([null], figure, model, en), figureName(null, figure, model, en)]).toEqual(['Open · Email · Tickets', '∅ · Email · Tickets', 'Email · Tickets'])
  })

  it('knows the period of a named comparison', () => {
    const result = answer([column('ticket.count', 'Tickets', 'measure', 'integer'), column('ticket.count@m1', 'Tickets, m1', 'measure', 'integer'), column('ticket.count@m1:delta', 'Tickets, m1, change', 'measure', 'integer')], [[3, 2, 1]])
    const model = readResult(result, { object: 'ticket', measures: ['ticket.count'] }, catalog)
    expect(model.figures.map(({ measure, variant, period, drillable }) => [measure, variant, period, drillable])).toEqual([
      ['ticket.count', 'value', null, true], ['ticket.count', 'before', 'm1', true], ['ticket.count', 'delta', 'm1', false],
    ])
  })

  it('adds only what adds up', () => {
    const additive = (report: object) => readResult(answer([column('ticket.count', 'Tickets', 'measure', 'integer'), column('contact.count', 'Contacts', 'measure', 'integer')], []), { object: 'ticket', measures: ['ticket.count', 'contact.count'], ...report }, catalog).figures.map((found) => found.additive)
    expect(additive({ dimensions: ['ticket.status'] })).toEqual([true, false])
    expect(additive({ pivot: ['ticket.tags'] })).toEqual([false, false])
    expect(additive({ dimensions: ['contact.country'], relationship: 'watchers' })).toEqual([false, false])
    expect(additive({ dimensions: ['contact.country'], relationship: 'requester' })).toEqual([true, false])
  })

  it('names days of the week by the day on which weeks begin', () => {
    const result = answer([column('ticket.opened_at:day_of_week', 'Opened (day of week)', 'dimension', 'integer')], [[1]])
    const report = { object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: 'day_of_week' as const }] }
    const shown = (week_start: 'monday' | 'sunday') => {
      const model = readResult({ ...result, week_start }, report, catalog)
      return showCell(1, model.dimensions[0] as never, model, en)
    }
    expect([shown('monday'), shown('sunday')]).toEqual(['Monday', 'Sunday'])
  })
})

describe('part periods', () => {
  const parts = (filters: object, rows: string[], granularity = 'week') => {
    const result = answer([column(`ticket.opened_at:${granularity}`, 'Opened', 'dimension', 'date'), column('ticket.count', 'Tickets', 'measure', 'integer')], rows.map((day) => [day, 1]))
    return Object.fromEntries(readResult(result, { object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: granularity as 'week' }], measures: ['ticket.count'], filters: filters as never }, catalog).parts)
  }

  it('are cut by whole months before', () => {
    expect(parts({ and: [{ field: 'ticket.opened_at', op: 'in_previous', values: [3, 'month'] }] }, ['2026-07-27', '2026-08-03', '2026-10-26'])).toEqual({
      '2026-07-27': { days: 2, of: 7 }, '2026-10-26': { days: 6, of: 7 },
    })
  })

  it('end with the snapshot, unless later periods have data', () => {
    expect(parts({ and: [] }, ['2026-11-01'], 'month')).toEqual({ '2026-11-01': { days: 29, of: 30 } })
    expect(parts({ and: [] }, ['2026-11-01', '2026-12-01'], 'month')).toEqual({})
  })

  it('ignore conditions that need not hold', () => {
    const either = { or: [{ field: 'ticket.opened_at', op: 'on', values: ['2026-08-04'] }, { field: 'ticket.status', op: 'eq', values: ['open'] }] }
    expect(parts(either, ['2026-08-03'])).toEqual({})
  })
})
