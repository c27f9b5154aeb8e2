import type { ColumnBody, ResultBody } from '../api/query'
import type { Catalog } from '../shared/catalog'

/** Of tests: a catalog with tickets and contacts, as the service answers it. */
export const catalog = {
  snapshot: null,
  explores: [
    {
      object: 'ticket', label: 'Tickets', singular: 'Ticket', description: '', integration: null, joinable: ['contact'],
      relationships: [{ slug: 'requester', label: 'Requester', many: false }, { slug: 'watchers', label: 'Watchers', many: true }],
      dimensions: [
        dimension('ticket.status', 'Status', 'dropdown', [['open', 'Open'], ['solved', 'Solved']]),
        dimension('ticket.channel', 'Channel', 'dropdown', [['email', 'Email'], ['web', 'Web form'], ['chat', 'Chat']]),
        dimension('ticket.tags', 'Tags', 'multiselect', [['vip', 'VIP'], ['bug', 'Bug']]),
        dimension('ticket.reopened', 'Reopened', 'boolean'),
        dimension('ticket.opened_at', 'Opened', 'datetime'),
      ],
      measures: [
        { name: 'ticket.count', label: 'Tickets', type: 'integer' },
        { name: 'ticket.csat.avg', label: 'CSAT, average', type: 'number', scale: 1 },
        { name: 'ticket.amount.sum', label: 'Amount, sum', type: 'currency', currency: 'USD' },
        { name: 'ticket.status.count_distinct', label: 'Status, distinct values', type: 'integer' },
        { name: 'ticket.opened_at.max', label: 'Opened, maximum', type: 'datetime' },
      ],
    },
    {
      object: 'contact', label: 'Contacts', singular: 'Contact', description: '', integration: null, joinable: [], relationships: [],
      dimensions: [dimension('contact.country', 'Country', 'text')],
      measures: [{ name: 'contact.count', label: 'Contacts', type: 'integer' }],
    },
  ],
  pending: [], not_reportable: [], warnings: [],
} as unknown as Catalog

function dimension(name: string, label: string, type: string, options?: [string, string][]) {
  return { name, label, type, measures: [], measures_note: '', options: options?.map(([value, text]) => ({ value, label: text })) ?? null }
}

export const column = (name: string, label: string, kind: ColumnBody['kind'], type: string, pivot?: ColumnBody['pivot']): ColumnBody => ({ name, label, kind, type, ...(pivot === undefined ? {} : { pivot }) })

/** Of tests: an answer of the service. */
export function answer(columns: ColumnBody[], rows: ResultBody['rows'], more: Partial<ResultBody> = {}): ResultBody {
  return {
    columns, rows, totals: null, truncated: false, join: null, warnings: [], query_id: 'q', elapsed_ms: 12, cached: false,
    timezone: 'America/Chicago', week_start: 'monday',
    snapshot: { id: 's', as_of: '2026-11-29T11:30:00Z', next_refresh_at: '2026-11-30T11:30:00Z', zone: 'America/Chicago', waiting_events: 0, stale: false, due_at: null },
    ...more,
  }
}
