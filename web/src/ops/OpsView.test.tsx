import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import { configureCalls } from '../api/call'
import { SessionProvider } from '../session/SessionProvider'
import { draw } from '../testing/render'
import OpsView from './OpsView'
import { operator, run, stubStack } from './stack.fixture'

const view = (language: 'en' | 'fr' = 'en') =>
  draw(<SessionProvider loading={null} failed={() => null}><OpsView /></SessionProvider>, { language })

const refusal = () => Response.json({ title: 'Unavailable', code: 'unavailable', status: 503, detail: 'ClickHouse does not answer.' }, { status: 503 })

beforeEach(() => {
  sessionStorage.clear()
  configureCalls('*', 'en')
})

describe('OpsView', () => {
  it('explains itself to those who are not operators, and asks nothing for them', async () => {
    const calls = stubStack({ 'GET /api/sessions': { items: [{ ...operator, tenant: 'acme' }], sign_in: { oidc: false } } })
    view()
    await screen.findByRole('heading', { level: 1, name: 'This view is for operators' })
    expect(calls.map((call) => call.path)).toEqual(['/api/sessions'])
  })

  it('says which permission is missing to a session for all tenants', async () => {
    const calls = stubStack({ 'GET /api/sessions': { items: [{ ...operator, scopes: ['reports:read'] }], sign_in: { oidc: false } } })
    view()
    await screen.findByText(/Your session is for all tenants, but without the permission ops/)
    expect(calls.map((call) => call.path)).toEqual(['/api/sessions'])
  })

  it('asks with the permission ops alone for nothing that needs another one, and says why figures are missing', async () => {
    const calls = stubStack({
      'GET /api/sessions': { items: [{ ...operator, scopes: ['ops'] }], sign_in: { oidc: false } },
      'GET /api/snapshot/v1/integrations/health': { items: [{ tenant: 'acme', source: '/integrations/zendesk', staged_last_hour: 5, refused_last_hour: 0, refused_share: 0, last_event_at: null, webhooks: null }], next_page_token: null },
    })
    view()
    const table = await screen.findByRole('table', { name: 'Integrations and senders' })
    expect(within(table).getByText('Needs the permission schemas:read')).toBeTruthy()
    await screen.findByText('Needs the permission reports:read')
    await userEvent.selectOptions(await screen.findByLabelText('Tenant'), 'acme')
    await screen.findByRole('table', { name: 'Quarantine' })
    expect(calls.filter(({ path }) => /integrations\?|schemas|catalog/.test(path))).toEqual([])
  })

  it('shows snapshot, schedule, waiting events and ingest in the zone of the schedule', async () => {
    stubStack()
    view()
    await screen.findByText('29 Nov 2026, 05:30 CST')
    await screen.findByText('30 Nov, 05:30 CST')
    expect(screen.getByText('On time')).toBeTruthy()
    expect(screen.getByRole('heading', { name: 'Events waiting' }).closest('section')?.textContent).toContain('10')
    expect(screen.getByText('32 events/s')).toBeTruthy()
  })

  it('says in words where and why a run failed', async () => {
    stubStack()
    view()
    const table = await screen.findByRole('table', { name: 'Last runs' })
    await within(table).findByText('Catch-up')
    expect(within(table).getByText('Failed in Verify')).toBeTruthy()
    expect(within(table).getByText(/Ingest did not reach the end/)).toBeTruthy()
    expect(within(table).getAllByRole('img', { name: 'Wait 4 s, Build 1 min 00 s' })).toHaveLength(2)
  })

  it('lets one panel fail alone', async () => {
    stubStack({ 'GET /api/snapshot/v1/quarantine/counts': refusal })
    view()
    const alert = await screen.findByRole('alert')
    expect(alert.closest('section')?.getAttribute('aria-labelledby')).toBe('ops-quarantine')
    await screen.findByRole('table', { name: 'Last runs' })
    await screen.findByRole('table', { name: 'Tenants and plans' })
  })

  it('starts a refresh once, follows it, and says when it is published', async () => {
    let asked = 0
    const calls = stubStack({
      'POST /api/snapshot/v1/snapshots': { ...run, covers_request: false },
      'GET /api/snapshot/v1/runs/run-9': () => ({ ...run, state: (asked += 1) > 1 ? 'published' : 'verifying', progress: 0.9 }),
    })
    view()
    const button = await screen.findByRole('button', { name: 'Refresh now' })
    await userEvent.click(button)
    await screen.findAllByText(/Building|Verifying/)
    expect(screen.getByText(/does not read the newest events/)).toBeTruthy()
    expect(button.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(button)
    await waitFor(() => expect(screen.getAllByText('Refresh published').length).toBeGreaterThan(0), { timeout: 4000 })
    const posts = calls.filter((call) => call.method === 'POST')
    expect(posts).toHaveLength(1)
    expect(posts[0]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/)
    expect(button.getAttribute('aria-disabled')).toBe('false')
  })

  it('keeps updates paused for this window', async () => {
    stubStack()
    view()
    await userEvent.click(await screen.findByRole('button', { name: 'Pause updates' }))
    expect(await screen.findByText(/Updates paused/)).toBeTruthy()
    expect(sessionStorage.getItem('crosslook.ops.paused')).toBe('yes')
    expect(screen.getByRole('button', { name: 'Resume updates' })).toBeTruthy()
  })

  it('offers to resume only what has stopped, and says what that does', async () => {
    const stopped = { state: 'stopped', reason: 'too_many_refusals', partitions: [], rates: { staged_per_second: 0, quarantined_per_second: 0, since: '2026-11-29T00:00:00Z' }, last_error: null, diverted: [] }
    const calls = stubStack({ 'GET /api/snapshot/v1/ingest': stopped, 'POST /api/snapshot/v1/ingest/resume': { ...stopped, state: 'running', reason: null } })
    view()
    await userEvent.click(await screen.findByRole('button', { name: 'Resume ingest' }))
    const dialog = await screen.findByRole('dialog')
    expect(dialog.textContent).toContain('All workers that stopped')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Resume ingest' }))
    await waitFor(() => expect(calls.some((call) => call.path === '/api/snapshot/v1/ingest/resume')).toBe(true))
    await waitFor(() => expect(screen.queryByText('Ingest has stopped')).toBeNull())
  })

  it('is there in French', async () => {
    stubStack()
    view('fr')
    await screen.findByRole('heading', { level: 1, name: 'Exploitation' })
    await screen.findByText('29 nov. 2026, 05:30 UTC−6')
  })
})
