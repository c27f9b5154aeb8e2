import { describe, expect, it } from 'vitest'
import type { CatalogBody } from '../api/query'
import { addField, addMeasure, isRunnable, lackOf, moveDimension, moveMeasure, nextSort, placeOf, removeColumn, replaceDimension, tidy, toList, toSummary, useOf } from './edit'
import { indexOf } from './fields'
import type { Report } from './types'

const dimension = (name: string, type: string, more: object = {}) => ({ name, label: name, type, measures: [], measures_note: '', built_in: false, personal: false, ...more })
const measure = (name: string) => ({ name, label: name, type: 'integer', built_in: false })
const MONTHS = ['day', 'week', 'month', 'year']

const catalog = {
  snapshot: null,
  pending: [],
  not_reportable: [],
  warnings: [],
  explores: [
    { object: 'contact', label: 'Contacts', joinable: [], relationships: [], dimensions: [dimension('contact.country', 'text'), dimension('contact.created_at', 'datetime', { granularities: MONTHS })], measures: [measure('contact.count')] },
    {
      object: 'ticket', label: 'Tickets', joinable: ['contact'],
      relationships: [{ slug: 'requester', label: 'Requester', many: false }, { slug: 'assignee', label: 'Assignee', many: false }],
      dimensions: [dimension('ticket.status', 'dropdown'), dimension('ticket.opened_at', 'datetime', { granularities: MONTHS }), dimension('ticket.channel', 'text')],
      measures: [measure('ticket.count'), measure('ticket.csat.avg')],
    },
    { object: 'booking', label: 'Bookings', joinable: ['contact'], relationships: [{ slug: 'invitee', label: 'Invitee', many: true }], dimensions: [dimension('booking.state', 'text')], measures: [measure('booking.count')] },
    { object: 'asset', label: 'Assets', joinable: [], relationships: [], dimensions: [dimension('asset.kind', 'text')], measures: [measure('asset.count')] },
  ],
} as unknown as CatalogBody

const field = (name: string) => {
  const found = indexOf(catalog).fields.get(name)
  if (found === undefined) throw new Error(name)
  return found
}

describe('which objects a report can use', () => {
  it('offers every object to an empty report', () => {
    expect(['contact', 'ticket', 'asset'].map((object) => useOf(null, catalog, object).can)).toEqual([true, true, true])
  })

  it('joins the contact and nothing else', () => {
    const report: Report = { object: 'ticket', measures: ['ticket.count'] }
    expect(useOf(report, catalog, 'ticket')).toEqual({ can: true, as: 'base' })
    expect(useOf(report, catalog, 'contact')).toEqual({ can: true, as: 'contact' })
    expect(useOf(report, catalog, 'booking')).toEqual({ can: false, reason: 'other_object' })
  })

  it('says that an object without a relationship to contact cannot be joined with it', () => {
    expect(useOf({ object: 'asset', measures: ['asset.count'] }, catalog, 'contact')).toEqual({ can: false, reason: 'no_relationship' })
    expect(useOf({ object: 'contact', measures: ['contact.count'] }, catalog, 'asset')).toEqual({ can: false, reason: 'other_object' })
  })
})

describe('adding and removing columns', () => {
  it('makes the object of the first field the base, and groups a time by month', () => {
    expect(addField(null, field('ticket.opened_at'), catalog)).toEqual({ object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: 'month' }] })
  })

  it('makes an object the base of a report on contacts alone, and keeps the contact’s columns', () => {
    const contacts: Report = { object: 'contact', dimensions: ['contact.country'], records: { object: 'booking', match: 'with' } }
    expect(addMeasure(contacts, 'booking.count', catalog)).toEqual({ object: 'booking', dimensions: ['contact.country'], measures: ['booking.count'] })
  })

  it('chooses the first of several relationships once the contact is used', () => {
    expect(addField({ object: 'ticket', measures: ['ticket.count'] }, field('contact.country'), catalog).relationship).toBe('requester')
    expect(addField({ object: 'booking', measures: ['booking.count'] }, field('contact.country'), catalog).relationship).toBeUndefined()
    expect(addField({ object: 'ticket', measures: ['ticket.count'] }, field('ticket.status'), catalog).relationship).toBeUndefined()
  })

  it('has at most two pivots: a third goes to the rows', () => {
    const report: Report = { object: 'ticket', pivot: ['ticket.status', 'ticket.channel'], measures: ['ticket.count'] }
    expect(addField(report, field('contact.country'), catalog, 'pivot').dimensions).toEqual(['contact.country'])
  })

  it('moves a field that is added again instead of having it twice', () => {
    const report: Report = { object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count'] }
    expect(addField(report, field('ticket.status'), catalog, 'pivot')).toEqual({ object: 'ticket', pivot: ['ticket.status'], measures: ['ticket.count'] })
  })

  it('forgets what referred to a removed column', () => {
    const report: Report = {
      object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count', 'ticket.csat.avg'], totals: true,
      sort: [{ field: 'ticket.csat.avg', direction: 'desc' }, { field: 'ticket.status', direction: 'asc' }],
      having: { and: [{ field: 'ticket.csat.avg', op: 'gt', values: [3] }] },
    }
    expect(removeColumn(report, 'ticket.csat.avg')).toEqual({
      object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count'], totals: true,
      sort: [{ field: 'ticket.status', direction: 'asc' }],
    })
  })

  it('is nothing without columns, unless it has filters', () => {
    expect(removeColumn({ object: 'ticket', measures: ['ticket.count'] }, 'ticket.count')).toBeNull()
    const filters = { and: [{ field: 'ticket.status', op: 'is_empty' }] }
    expect(removeColumn({ object: 'ticket', measures: ['ticket.count'], filters }, 'ticket.count')).toEqual({ object: 'ticket', filters })
  })

  it('keeps the sort by a value of the pivot and by a compared measure', () => {
    const sort = [{ field: 'ticket.count|open', direction: 'desc' as const }, { field: 'ticket.count@previous', direction: 'asc' as const }]
    expect(tidy({ object: 'ticket', measures: ['ticket.count'], pivot: ['ticket.status'], sort }).sort).toEqual(sort)
  })
})

describe('places and moves', () => {
  const report: Report = { object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: 'week' }, 'ticket.channel'], pivot: ['ticket.status'], measures: ['ticket.count', 'ticket.csat.avg'] }

  it('finds a name wherever it stands', () => {
    expect(['ticket.opened_at', 'ticket.status', 'ticket.count', 'contact.country'].map((name) => placeOf(report, name))).toEqual(['rows', 'pivot', 'value', null])
  })

  it('keeps the sort of a date whose granularity changes', () => {
    const sorted: Report = { ...report, sort: [{ field: 'ticket.opened_at:week', direction: 'desc' }] }
    expect(replaceDimension(sorted, 'ticket.opened_at', { field: 'ticket.opened_at', granularity: 'month' }).sort).toEqual([{ field: 'ticket.opened_at:month', direction: 'desc' }])
  })

  it('moves dimensions between rows and pivot, and measures among themselves', () => {
    expect(moveDimension(report, 'ticket.channel', 'rows', 0).dimensions).toEqual(['ticket.channel', { field: 'ticket.opened_at', granularity: 'week' }])
    expect(moveDimension(report, 'ticket.status', 'rows', 1)).toMatchObject({ dimensions: [{ field: 'ticket.opened_at' }, 'ticket.status', 'ticket.channel'] })
    expect(moveDimension(report, 'ticket.status', 'rows').pivot).toBeUndefined()
    expect(moveMeasure(report, 'ticket.csat.avg', 0).measures).toEqual(['ticket.csat.avg', 'ticket.count'])
  })
})

describe('sorting by heads', () => {
  it('goes through ascending and descending to none', () => {
    const first = nextSort(undefined, 'a', false)
    const second = nextSort(first, 'a', false)
    expect([first, second, nextSort(second, 'a', false)]).toEqual([[{ field: 'a', direction: 'asc' }], [{ field: 'a', direction: 'desc' }], undefined])
  })

  it('adds a second key, and takes it away again', () => {
    const one = nextSort(undefined, 'a', false)
    const two = nextSort(one, 'b', true)
    expect(two).toEqual([{ field: 'a', direction: 'asc' }, { field: 'b', direction: 'asc' }])
    expect(nextSort(nextSort(two, 'b', true), 'b', true)).toEqual(one)
    expect(nextSort(two, 'b', false)).toEqual([{ field: 'b', direction: 'desc' }])
  })
})

describe('lists', () => {
  it('lists the fields that grouped, and back', () => {
    const report: Report = { object: 'ticket', dimensions: ['ticket.status'], pivot: ['ticket.channel'], measures: ['ticket.count'], totals: true, filters: { and: [{ field: 'ticket.status', op: 'is_empty' }] } }
    const list = toList(report)
    expect(list).toEqual({ object: 'ticket', list: ['ticket.status', 'ticket.channel'], filters: report.filters })
    expect(toSummary(list, catalog)).toEqual({ object: 'ticket', dimensions: ['ticket.status', 'ticket.channel'], measures: ['ticket.count'], filters: report.filters })
    expect(toList({ object: 'ticket', measures: ['ticket.count'] }).list).toEqual(['ticket._id'])
  })

  it('becomes a summary when a measure is added', () => {
    expect(addMeasure({ object: 'ticket', list: ['ticket.status'] }, 'ticket.csat.avg', catalog)).toEqual({ object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count', 'ticket.csat.avg'] })
  })
})

describe('what a report lacks', () => {
  it.each([
    ['columns', { object: 'ticket' }],
    ['columns', { object: 'ticket', pivot: ['ticket.status'] }],
    ['measure', { object: 'ticket', dimensions: ['ticket.status'], pivot: ['ticket.channel'] }],
    [null, { object: 'ticket', dimensions: ['ticket.status'], pivot: [] }],
    [null, { object: 'ticket', pivot: ['ticket.channel'], measures: ['ticket.count'] }],
    [null, { object: 'ticket', list: ['ticket.status'] }],
  ] as [string | null, Report][])('is %s in %j', (lack, report) => {
    expect(lackOf(report)).toBe(lack)
    expect(isRunnable(report)).toBe(lack === null)
  })
})
