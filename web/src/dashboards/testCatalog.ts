import type { CatalogBody, DimensionBody, ExploreBody } from '../api/query'

const dimension = (name: string, label: string, type: string, more: Partial<DimensionBody> = {}): DimensionBody => ({ name, label, type, measures: [], measures_note: '', ...more })
const explore = (object: string, label: string, dimensions: DimensionBody[], more: Partial<ExploreBody> = {}): ExploreBody => ({
  object, label, singular: label, description: '', integration: null, joinable: ['contact'], relationships: [{ slug: 'requester', label: 'Requester', many: false }],
  dimensions, measures: [{ name: `${object}.count`, label, type: 'integer' }], ...more,
})

const day = { granularities: ['day', 'week', 'month'] as DimensionBody['granularities'] }

/** A catalog for tests: tickets with one relationship to contact, bookings with two, visits without. */
export const testCatalog: CatalogBody = {
  snapshot: { id: 's1', as_of: '2026-11-29T11:30:00Z', next_refresh_at: '2026-11-30T11:30:00Z', zone: 'America/Chicago', waiting_events: 0, stale: false, due_at: null },
  explores: [
    explore('contact', 'Contacts', [dimension('contact.country', 'Country', 'text'), dimension('contact.created_at', 'Created', 'datetime', day)], { joinable: [], relationships: [] }),
    explore('ticket', 'Tickets', [
      dimension('ticket.status', 'Status', 'dropdown', { options: [{ value: 'open', label: 'Open' }, { value: 'solved', label: 'Solved' }] }),
      dimension('ticket.channel', 'Channel', 'text'),
      dimension('ticket.opened_at', 'Opened', 'datetime', day),
      dimension('ticket.due_on', 'Due', 'date', day),
      dimension('ticket.tags', 'Tags', 'multiselect'),
    ]),
    explore('booking', 'Bookings', [dimension('booking.status', 'Status', 'dropdown'), dimension('booking.starts_at', 'Starts', 'datetime', day)], {
      relationships: [{ slug: 'invitee', label: 'Invitee', many: false }, { slug: 'guests', label: 'Guests', many: true }],
    }),
    explore('visit', 'Visits', [dimension('visit.page', 'Page', 'text')], { joinable: [], relationships: [] }),
  ],
  pending: [],
  not_reportable: [],
  warnings: [],
  plan: { name: 'default', own_objects: true, custom_reports: true, integrations: null, exports: true, rows: null, refresh_on_demand: true },
}
