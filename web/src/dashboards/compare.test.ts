import { describe, expect, it } from 'vitest'
import type { Condition, Report } from '../report/types'
import { comparable, periodBefore, shiftOf } from './compare'

const on = (op: string, ...values: (string | number)[]): Condition => ({ field: 'ticket.opened_at', op, values })

describe('periodBefore', () => {
  it.each<[Condition, [number, string] | null]>([
    [on('in_last', 30, 'day'), [30, 'day']],
    [on('in_previous', 3, 'month'), [3, 'month']],
    [on('in_next', 2, 'week'), [2, 'week']],
    [on('in_this', 'quarter'), [1, 'quarter']],
    [on('to_date', 'year'), [1, 'year']],
    [on('on', '2026-11-29'), [1, 'day']],
    [on('between', '2026-11-10', '2026-11-19'), [10, 'day']],
    [on('between', '2026-11-10', '2026-11-10'), [1, 'day']],
    // Across the change of the clocks, days stay days.
    [on('between', '2026-10-20', '2026-11-05'), [17, 'day']],
    // Whole months are compared with as many months.
    [on('between', '2026-11-01', '2026-11-30'), [1, 'month']],
    [on('between', '2026-01-01', '2026-12-31'), [12, 'month']],
    [on('between', '2028-02-01', '2028-02-29'), [1, 'month']],
    [on('between', '2026-02-01', '2026-02-27'), [27, 'day']],
  ])('%j → %j', (condition, shift) => expect(periodBefore(condition)).toEqual(shift))

  it.each<Condition>([
    on('before', '2026-11-01'),
    on('after', '2026-11-01'),
    on('between', '2026-11-10', '2026-11-01'),
    on('between', '2026-11-10T10:00:00Z', '2026-11-11T10:00:00Z'),
    on('between', '1990-01-01', '2026-01-05'),
    on('in_last', 2000, 'day'),
    on('is_empty'),
    { ...on('in_last', 30, 'day'), granularity: 'hour_of_day' },
    { field: 'ticket.csat', op: 'between', values: [1, 3] },
  ])('has none for %j', (condition) => expect(periodBefore(condition)).toBeNull())
})

describe('shiftOf', () => {
  it('follows the choice', () => {
    expect(shiftOf('none', on('in_last', 30, 'day'))).toBeNull()
    expect(shiftOf('period', on('in_last', 30, 'day'))).toEqual([30, 'day'])
    expect(shiftOf('year', on('in_last', 30, 'day'))).toEqual([1, 'year'])
    expect(shiftOf('year', on('before', '2026-01-01'))).toBeNull()
  })
})

describe('comparable', () => {
  const single: Report = { object: 'ticket', measures: ['ticket.count'] }
  const perDay: Report = { ...single, dimensions: [{ field: 'ticket.opened_at', granularity: 'day' }] }
  it('shows a comparison for figures and for one line', () => {
    expect(comparable(single, 'single')).toBe(true)
    expect(comparable(perDay, 'line')).toBe(true)
    expect(comparable(perDay, 'area')).toBe(true)
  })
  it('does not for what would become unreadable', () => {
    expect(comparable(perDay, 'bar')).toBe(false)
    expect(comparable({ ...perDay, measures: ['ticket.count', 'ticket.csat.avg'] }, 'line')).toBe(false)
    expect(comparable({ ...single, dimensions: ['ticket.status'] }, 'line')).toBe(false)
    expect(comparable({ ...perDay, dimensions: [{ field: 'ticket.opened_at', granularity: 'hour_of_day' }] }, 'line')).toBe(false)
    expect(comparable({ ...single, pivot: ['ticket.status'] }, 'single')).toBe(false)
    expect(comparable({ object: 'ticket', list: ['ticket._id'] }, 'table')).toBe(false)
    expect(comparable({ ...single, compare: 'previous' }, 'single')).toBe(false)
  })
})
