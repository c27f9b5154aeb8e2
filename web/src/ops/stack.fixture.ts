import { configure } from '@testing-library/react'
import { vi } from 'vitest'

// Whole views on busy machines: waiting long for what comes at once costs nothing.
configure({ asyncUtilTimeout: 10_000 })
vi.setConfig({ testTimeout: 40_000 })

type Call = { method: string; path: string; body: unknown; headers: Headers }
type Answer = (call: Call) => unknown

const HEALTHY = { last_event_at: null, last_refused_at: null, events_24h: 0, refused_24h: 0, bad_signatures_24h: 0, stale_signatures_24h: 0, warning: null }

const snapshot = {
  id: 's-2', run: 'run-2', as_of: '2026-11-29T11:30:00Z', published_at: '2026-11-29T11:41:12Z', watermark: { 0: 90 }, objects: 3, rows: 1200, rebuilt: 1, carried: 2,
  dropped: 0, waiting_patches: 0, ignored_patches: 0, too_late: 0, shared_references: 0, steps: [{ name: 'wait', seconds: 4 }, { name: 'build', seconds: 60 }],
  outcome: 'published', reason: null, current: true, pinned: false, failed_objects: [],
}

const failedRun = { ...snapshot, id: null, run: 'run-3', as_of: null, published_at: null, rows: 0, outcome: 'failed', reason: 'staging_behind', current: false }

export const run = {
  run: 'run-9', state: 'building', progress: 0.5, snapshot: null, reason: null, started_at: '2026-11-29T12:00:00Z', frozen_at: null, finished_at: null, steps: [],
  trigger: 'manual', due: null, failed_objects: [],
}

const event = {
  id: 'q-1', tenant: 'acme', object: 'ticket', record: 'r-1', source: '/helpdesk', event_id: 'e-1', code: 'unknown_option', pointer: '/data/fields/status',
  message: 'ana@example.com is not an option of this field.', received_at: '2026-11-29T10:00:00Z', topic: 'crosslook-records', partition: 1, offset: 7,
  payload: JSON.stringify({ data: { fields: { status: 'ana@example.com', subject: 'Where is my parcel?' } } }), payload_base64: null, headers: [],
}

const page = (items: unknown[]) => ({ items, next_page_token: null })

/** The operator's session. */
export const operator = { tenant: '*', subject: 'olga', name: 'Olga', scopes: ['ops', 'schemas:read', 'reports:read'], expires_at: '2030-01-01T00:00:00Z' }

const standard: Record<string, unknown> = {
  'GET /api/sessions': { items: [operator], sign_in: { oidc: false } },
  'GET /api/snapshot/v1/snapshots': page([failedRun, snapshot]),
  'GET /api/snapshot/v1/runs/run-2': { ...run, run: 'run-2', state: 'published', trigger: 'cron', started_at: '2026-11-29T11:30:00Z' },
  'GET /api/snapshot/v1/runs/run-3': { ...run, run: 'run-3', state: 'failed', trigger: 'catch_up', started_at: '2026-11-29T11:50:00Z' },
  'GET /api/snapshot/v1/ingest': {
    state: 'running', reason: null, partitions: [{ partition: 0, end_offset: 100, staged_offset: 100, lag: 0, seconds_behind: 0 }],
    rates: { staged_per_second: 31.8, quarantined_per_second: 0, since: '2026-11-29T00:00:00Z' }, last_error: null, diverted: [],
  },
  'GET /api/snapshot/v1/quarantine/counts': page([{ code: 'unknown_option', source: '/helpdesk', count: 14, oldest: '2026-11-29T09:00:00Z', newest: '2026-11-29T10:00:00Z' }]),
  'GET /api/snapshot/v1/quarantine': page([event]),
  'GET /api/snapshot/v1/integrations/health': page([]),
  'GET /api/schema/v1/tenants': page([{ tenant: 'acme', plan: 'default', status: 'active', quotas: {}, effective: { plan: { name: 'default', own_objects: true, custom_reports: true, integrations: null, exports: true, rows: null, refresh_on_demand: true }, quotas: { objects: 200 } } }]),
  'GET /api/schema/v1/tenants/acme/integrations': page([{ name: 'zendesk', label: 'Zendesk', health: HEALTHY }]),
  'GET /api/query/v1/tenants/acme/catalog': {
    snapshot: { id: 's-2', as_of: '2026-11-29T11:30:00Z', next_refresh_at: '2030-11-30T11:30:00Z', zone: 'America/Chicago', waiting_events: 10, stale: false, due_at: null }, explores: [],
  },
}

/** Answers calls as the services do; `special` wins over what is usual. An answer that is a Response is sent as it is.
 * Returns the calls that were made. */
export function stubStack(special: Record<string, unknown> = {}): Call[] {
  const calls: Call[] = []
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = new Request(typeof input === 'string' ? new URL(input, 'http://localhost') : input, init)
    const { pathname } = new URL(request.url)
    const body = request.method === 'GET' ? null : await request.text()
    const call: Call = { method: request.method, path: pathname + new URL(request.url).search, body: body === null || body === '' ? null : JSON.parse(body), headers: request.headers }
    calls.push(call)
    const found = { ...standard, ...special }[`${request.method} ${pathname}`]
    const answer = typeof found === 'function' ? (found as Answer)(call) : found
    if (answer instanceof Response) return answer.clone()
    return answer === undefined
      ? Response.json({ title: 'Not found', code: 'not_found', status: 404, detail: `nothing at ${request.method} ${pathname}` }, { status: 404 })
      : Response.json(answer)
  })
  return calls
}
