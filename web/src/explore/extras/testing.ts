import type { CatalogBody } from '../../api/query'
import { en } from '../../i18n/en'
import type { MessageId } from '../../i18n'

const times = ['hour', 'day', 'week', 'month', 'quarter', 'year', 'hour_of_day', 'day_of_week', 'month_of_year']
const dimension = (name: string, label: string, type: string, more = {}) => ({ name, label, type, measures: [], ...more })
const measure = (name: string, label: string, type: string, more = {}) => ({ name, label, type, ...more })

/** A catalog as the service answers it: tickets with one relationship to contacts, bookings with two. For tests. */
export const catalog = {
  snapshot: { id: 's1', as_of: '2026-12-01T18:00:00Z', next_refresh_at: '2026-12-02T11:30:00Z', zone: 'America/Chicago', waiting_events: 0, stale: false },
  explores: [
    {
      object: 'contact', label: 'Contacts', joinable: [], relationships: [],
      dimensions: [dimension('contact.country', 'Country', 'text'), dimension('contact.created_at', 'Created', 'datetime', { granularities: times })],
      measures: [measure('contact.count', 'Contacts', 'integer')],
    },
    {
      object: 'ticket', label: 'Tickets', joinable: ['contact'], relationships: [{ slug: 'requester', label: 'Requester', many: false }],
      dimensions: [
        dimension('ticket.status', 'Status', 'dropdown', { options: [{ value: 'open', label: 'Open' }, { value: 'solved', label: 'Solved' }] }),
        dimension('ticket.csat', 'CSAT', 'number'),
        dimension('ticket.amount', 'Amount', 'currency', { currency: 'USD' }),
        dimension('ticket.opened_at', 'Opened', 'datetime', { granularities: times }),
        dimension('ticket.due_on', 'Due', 'date', { granularities: times.slice(1) }),
        dimension('ticket.tags', 'Tags', 'multiselect'),
      ],
      measures: [measure('ticket.count', 'Tickets', 'integer'), measure('ticket.amount.sum', 'Amount, sum', 'currency', { currency: 'USD' }), measure('ticket.opened_at.max', 'Opened, maximum', 'datetime')],
    },
    {
      object: 'booking', label: 'Bookings', joinable: ['contact'],
      relationships: [{ slug: 'invitee', label: 'Invitee', many: false }, { slug: 'guests', label: 'Guests', many: true }],
      dimensions: [dimension('booking.status', 'Status', 'text')],
      measures: [measure('booking.count', 'Bookings', 'integer')],
    },
  ],
  pending: [], not_reportable: [], warnings: [], plan: {},
} as unknown as CatalogBody

/** English texts with plain placeholders filled. For tests of what needs no plural. */
export const plain = (id: MessageId, values: Record<string, unknown> = {}): string => en[id].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
