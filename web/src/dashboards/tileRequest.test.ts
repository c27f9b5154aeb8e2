import { describe, expect, it } from 'vitest'
import type { FilterNode, Report } from '../report/types'
import type { BoardFilter } from './filterList'
import { testCatalog as catalog } from './testCatalog'
import { fieldInTile, filtersOn, mappable, tileRequest } from './tileRequest'

const tickets: Report = { object: 'ticket', measures: ['ticket.count'] }
const bookings: Report = { object: 'booking', measures: ['booking.count'] }
const last30: BoardFilter = { field: 'ticket.opened_at', condition: { field: 'ticket.opened_at', op: 'in_last', values: [30, 'day'] } }
const french: BoardFilter = { field: 'contact.country', condition: { field: 'contact.country', op: 'in', values: ['FR'] } }
const open: FilterNode = { field: 'ticket.status', op: 'eq', values: ['open'] }
const ask = (report: Report, filters: BoardFilter[], more: Partial<Parameters<typeof tileRequest>[4]> & { mapping?: Record<string, string | null>; chart?: string } = {}) =>
  tileRequest(report, more.chart ?? 'single', more.mapping ?? {}, catalog, { filters, crossed: [], comparing: 'none', snapshot: null, ...more })

describe('tileRequest', () => {
  it('adds the filters of the dashboard to the tile’s own', () => {
    const { request, left } = ask({ ...tickets, filters: open }, [last30, french])
    expect(request.filters).toEqual({ and: [open, (last30 as { condition: unknown }).condition, (french as { condition: unknown }).condition] })
    expect(left).toEqual([])
  })
  it('leaves the tile’s report as it is without filters', () => {
    expect(ask(tickets, []).request).toEqual(tickets)
  })
  it('says which filters do not count', () => {
    const { request, left } = ask(bookings, [last30])
    expect(left).toEqual(['ticket.opened_at'])
    expect(request.filters).toBeUndefined()
  })
  it('takes the field that was chosen for the tile', () => {
    const { request, left } = ask(bookings, [last30], { mapping: { 'ticket.opened_at': 'booking.starts_at' } })
    expect(request.filters).toEqual({ and: [{ field: 'booking.starts_at', op: 'in_last', values: [30, 'day'] }] })
    expect(left).toEqual([])
  })
  it('leaves a tile alone that is not to be filtered', () => {
    expect(ask(tickets, [last30], { mapping: { 'ticket.opened_at': null } })).toMatchObject({ request: tickets, left: ['ticket.opened_at'] })
  })
  it('does not use the contact where it is not clear which', () => {
    expect(ask(bookings, [french]).left).toEqual(['contact.country'])
    expect(ask({ ...bookings, relationship: 'invitee' }, [french]).left).toEqual([])
    expect(ask({ ...tickets, contacts: 'without' }, [french]).left).toEqual(['contact.country'])
    expect(ask({ object: 'visit', measures: ['visit.count'] }, [french]).left).toEqual(['contact.country'])
  })
  it('asks nothing of a filter that every value passes', () => {
    expect(ask(tickets, [{ field: 'contact.country', condition: null }])).toMatchObject({ request: tickets, left: [] })
    expect(ask(bookings, [{ field: 'ticket.status', condition: null }]).left).toEqual([])
  })
  it('leaves out a group of which the tile lacks a part', () => {
    const group: BoardFilter = { node: { or: [open, { field: 'visit.page', op: 'eq', values: ['/'] }] } }
    expect(ask(tickets, [group])).toMatchObject({ request: tickets, left: ['ticket.status', 'visit.page'] })
  })
  it('adds what was picked in other tiles', () => {
    expect(ask(tickets, [], { crossed: [open] }).request.filters).toEqual({ and: [open] })
    expect(ask(bookings, [], { crossed: [open] }).left).toEqual(['ticket.status'])
  })
  it('reads the one snapshot of the dashboard', () => {
    expect(ask({ ...tickets, snapshot: 'previous' }, [], { snapshot: 's1' }).request.snapshot).toBe('s1')
  })
  it('compares with the period before the date filter', () => {
    const { request, shift } = ask(tickets, [french, last30], { comparing: 'period' })
    expect(request.compare).toEqual({ field: 'ticket.opened_at', shift: [30, 'day'] })
    expect(shift).toEqual([30, 'day'])
    expect(ask(tickets, [last30], { comparing: 'year' }).request.compare).toEqual({ field: 'ticket.opened_at', shift: [1, 'year'] })
  })
  it('compares by the field that the date means in the tile', () => {
    expect(ask(bookings, [last30], { comparing: 'period', mapping: { 'ticket.opened_at': 'booking.starts_at' } }).request.compare).toEqual({ field: 'booking.starts_at', shift: [30, 'day'] })
  })
  it('compares nothing by a date of the contact, without a date, or in a table', () => {
    const created: BoardFilter = { field: 'contact.created_at', condition: { field: 'contact.created_at', op: 'in_last', values: [7, 'day'] } }
    expect(ask(tickets, [created], { comparing: 'period' }).shift).toBeNull()
    expect(ask(tickets, [french], { comparing: 'period' }).shift).toBeNull()
    expect(ask({ ...tickets, dimensions: ['ticket.status'] }, [last30], { comparing: 'period', chart: 'table' }).request.compare).toBeUndefined()
  })
})

describe('fieldInTile', () => {
  it('prefers the choice to the same name', () => {
    expect(fieldInTile('ticket.opened_at', tickets, { 'ticket.opened_at': 'ticket.due_on' }, catalog)).toBe('ticket.due_on')
    expect(fieldInTile('ticket.opened_at', tickets, {}, catalog)).toBe('ticket.opened_at')
    expect(fieldInTile('booking.status', tickets, {}, catalog)).toBeNull()
  })
})

describe('mappable', () => {
  it('offers fields of the same kind, also the contact’s', () => {
    expect(mappable('datetime', tickets, catalog).map(({ dimension }) => dimension.name)).toEqual(['contact.created_at', 'ticket.opened_at', 'ticket.due_on'])
    expect(mappable('dropdown', bookings, catalog).map(({ dimension }) => dimension.name)).toEqual(['booking.status'])
  })
})

describe('filtersOn', () => {
  it('keeps the filters that a report on the object can have', () => {
    expect(filtersOn('ticket', [last30, french, { field: 'ticket.tags', condition: null }], catalog)).toEqual({
      and: [(last30 as { condition: unknown }).condition, (french as { condition: unknown }).condition],
    })
    expect(filtersOn('visit', [last30, french], catalog)).toBeUndefined()
  })
})
