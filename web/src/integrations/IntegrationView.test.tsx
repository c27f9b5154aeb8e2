import { fireEvent, screen, waitFor } from '@testing-library/react'
import { Route, Routes } from 'react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configureCalls } from '../api/call'
import { draw } from '../testing/render'
import IntegrationView from './IntegrationView'

const zendesk = {
  integration: 'zendesk', label: 'Zendesk', object: 'zendesk_ticket', webhook: { signed_by: 'HMAC', answers: '202' },
  options: { type: 'object', properties: { strict: { type: 'boolean', title: 'Strict', description: 'Refuse more.' } } },
}
const health = { last_event_at: null as string | null, last_refused_at: null, events_24h: 0, refused_24h: 0, bad_signatures_24h: 0, stale_signatures_24h: 0, warning: null }
const connection = (changed: Partial<typeof health> = {}) => ({
  name: 'zendesk', kind: 'zendesk', label: 'Zendesk', state: 'connected', object: 'zendesk_ticket', webhook_path: '/v1/webhooks/acme/zendesk', options: {},
  connected_at: '2026-12-01T10:00:00Z', replaced_until: null, health: { ...health, ...changed },
})
let connected: ReturnType<typeof connection> | null = null
let refuse: Record<string, unknown> | null = null
let sent: unknown[] = []

async function answer(url: string, method: string, body: string): Promise<Response> {
  const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } })
  if (url.includes('/catalog')) return json({ snapshot: null, explores: [], pending: [], not_reportable: [], warnings: [], plan: { integrations: null } })
  if (url.includes('/schemas')) return json({ items: [], next_page_token: null })
  if (url.endsWith('/v1/integrations')) return json({ items: [zendesk], next_page_token: null })
  if (method === 'PUT') {
    sent.push(JSON.parse(body))
    if (refuse !== null) return json(refuse, 422)
    connected = connection()
    return json(connected)
  }
  if (url.endsWith('/integrations/zendesk')) return json(connected)
  return json({ items: connected === null ? [] : [connected], next_page_token: null })
}

beforeEach(() => {
  connected = null
  refuse = null
  sent = []
  configureCalls('acme', 'en')
  vi.stubGlobal('fetch', vi.fn(async (input: Request) => answer(input.url, input.method, input.method === 'PUT' ? await input.text() : '')))
})
afterEach(() => vi.unstubAllGlobals())

const open = (path: string, scopes?: string[]) =>
  draw(<Routes><Route path="/t/:tenant/data/integrations/:name" element={<IntegrationView />} /></Routes>, { path: `/t/acme/data/integrations/${path}`, ...(scopes ? { scopes } : {}) })

test('connects with the secret and waits for the first message', async () => {
  open('new?kind=zendesk')
  const secret = await screen.findByLabelText('Signing secret')
  fireEvent.change(secret, { target: { value: ' hush ' } })
  fireEvent.click(screen.getByRole('button', { name: 'Connect Zendesk' }))
  expect(await screen.findByText('Waiting for the first message…')).toBeTruthy()
  expect(sent).toEqual([{ kind: 'zendesk', signing_secret: 'hush', options: {} }])
  expect(document.body.innerHTML).not.toContain('hush')
})

test('without a secret nothing is sent, and the summary leads to the field', async () => {
  open('new?kind=zendesk')
  fireEvent.click(await screen.findByRole('button', { name: 'Connect Zendesk' }))
  expect(await screen.findByText('Correct 1 problem to save.')).toBeTruthy()
  expect(screen.getByLabelText('Signing secret').getAttribute('aria-invalid')).toBe('true')
  expect(sent).toEqual([])
})

test('a refusal that belongs to no field is shown in the words of the service', async () => {
  refuse = { title: 'Refused', status: 403, code: 'plan_required', detail: 'The plan basic does not include integrations.' }
  open('new?kind=zendesk')
  fireEvent.change(await screen.findByLabelText('Signing secret'), { target: { value: 'x' } })
  fireEvent.click(screen.getByRole('button', { name: 'Connect Zendesk' }))
  expect(await screen.findByText('The plan basic does not include integrations.')).toBeTruthy()
})

test('wrong signatures say what to check', async () => {
  connected = connection({ bad_signatures_24h: 2 })
  open('zendesk')
  expect(await screen.findByText('2 messages arrived, but their signatures are wrong.')).toBeTruthy()
  expect(screen.getAllByText(/must be that of this very webhook/).length).toBeGreaterThan(0)
})

test('a changed option is saved with all options', async () => {
  connected = connection({ last_event_at: '2026-12-01T11:00:00Z' })
  open('zendesk')
  fireEvent.click(await screen.findByRole('checkbox', { name: /Strict/ }))
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent).toEqual([{ options: { strict: true } }]))
})

test('readers without the permission see health, and no way to change anything', async () => {
  connected = connection({ last_event_at: '2026-12-01T11:00:00Z', refused_24h: 3 })
  open('zendesk', ['schemas:read'])
  expect(await screen.findByText('Health')).toBeTruthy()
  expect(screen.queryByLabelText('Signing secret')).toBeNull()
  expect(screen.queryByRole('button', { name: 'Disconnect…' })).toBeNull()
  expect(screen.getByText(/You may look at this connection but not change it/)).toBeTruthy()
})
