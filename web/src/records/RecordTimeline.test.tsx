import { screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configureCalls } from '../api/call'
import type { RecordEventAnswer } from '../api/snapshot'
import { TenantProvider } from '../session/SessionProvider'
import { draw } from '../testing/render'
import { RecordTimeline } from './RecordTimeline'

const deletion: RecordEventAnswer = {
  id: 'e1', source: '/crm', type: 'crosslook.record.deleted.v1', time: '2026-11-23T09:30:00Z', received_at: '2026-11-23T09:30:01Z', outcome: 'winner', expected: null, code: null, pointer: null, message: null,
  position: { partition: 2, offset: 7 }, quarantine_id: null,
}
let asked: string[] = []

beforeEach(() => {
  asked = []
  configureCalls('acme', 'en')
  vi.stubGlobal('fetch', vi.fn(async (input: Request) => {
    asked.push(input.url)
    const body = input.url.includes('/ingest/messages/2/7') ? { payload: JSON.stringify({ data: { object: 'contact', record: 'c-7', merged_into: 'c-1' } }) }
      : { snapshot: null, explores: [], pending: [], not_reportable: [], warnings: [], plan: {} }
    return new Response(JSON.stringify(body), { status: 200, headers: { 'Content-Type': 'application/json' } })
  }))
})
afterEach(() => vi.unstubAllGlobals())

const timeline = (tenant: string) => (
  <TenantProvider tenant="acme" session={{ tenant, subject: 'test', name: null, expires_at: '2030-01-01T00:00:00Z', scopes: ['records:read', 'ops'] }}>
    <RecordTimeline object="contact" events={[deletion]} omitted={0} />
  </TenantProvider>
)

test('a contact that was merged says into which, and leads there', async () => {
  draw(timeline('*'))
  const link = await screen.findByRole('link', { name: 'Contact c-1' })
  expect(link.getAttribute('href')).toBe('/t/acme/data/records?object=contact&id=c-1')
  expect(screen.queryByText(/The record is what this event says/)).toBeNull()
})

test('who may not read the event is told that the record is deleted, and nothing is asked', async () => {
  draw(timeline('acme'))
  expect(await screen.findByText(/the record is deleted, and reports do not show it/)).toBeTruthy()
  expect(asked.some((url) => url.includes('/messages/'))).toBe(false)
})
