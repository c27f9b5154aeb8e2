import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import { configureCalls } from '../api/call'
import { draw } from '../testing/render'
import { OpsProvider } from './context'
import { QuarantinePanel } from './QuarantinePanel'
import { stubStack } from './stack.fixture'

const panel = (tenant: string | null = null, path = '/') => draw(<OpsProvider tenant={tenant} paused zone="UTC" scopes={['ops', 'schemas:read']}><QuarantinePanel /></OpsProvider>, { path })
const posts = (calls: ReturnType<typeof stubStack>, path: string) => calls.filter((call) => call.method === 'POST' && call.path === path).map((call) => call.body)

beforeEach(() => configureCalls('*', 'en'))

describe('QuarantinePanel', () => {
  it('says that nothing is refused', async () => {
    stubStack({ 'GET /api/snapshot/v1/quarantine/counts': { items: [], next_page_token: null } })
    panel()
    await screen.findByText('Quarantine is empty')
    expect(screen.queryByRole('button', { name: 'Replay…' })).toBeNull()
  })

  it('shows values only when they are asked for', async () => {
    stubStack()
    const { container } = panel()
    await userEvent.click(await screen.findByRole('button', { name: /Show events: Unknown option/ }))
    await screen.findByText('•••@••• is not an option of this field.')
    expect(container.textContent).not.toContain('ana@example.com')
    expect(container.textContent).not.toContain('parcel')
    expect(container.querySelector('mark')?.textContent).toBe('"status": "•••@•••",')
    await userEvent.click(screen.getByRole('button', { name: 'Show values' }))
    expect(container.querySelector('mark')?.textContent).toBe('"status": "ana@example.com",')
    await userEvent.click(screen.getByRole('button', { name: 'Hide values' }))
    expect(container.textContent).not.toContain('ana@example.com')
  })

  it('goes to the events of a source where the address names them', async () => {
    const page = { items: ['/helpdesk', '/integrations/zendesk'].map((source) => ({ code: 'unknown_option', source, count: 3, oldest: '2026-11-29T09:00:00Z', newest: '2026-11-29T10:00:00Z' })), next_page_token: null }
    stubStack({ 'GET /api/snapshot/v1/quarantine/counts': page })
    panel('acme', '/t/acme/ops?source=%2Fintegrations%2Fzendesk#ops-quarantine')
    await screen.findByRole('checkbox', { name: 'Unknown option, Zendesk' })
    expect(screen.queryByRole('checkbox', { name: 'Unknown option, /helpdesk' })).toBeNull()
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Quarantine' })))
  })

  it('copies what is shown', async () => {
    stubStack()
    panel()
    await userEvent.click(await screen.findByRole('button', { name: /Show events: Unknown option/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'Copy' }))
    const masked = await navigator.clipboard.readText()
    expect(masked).toContain('"status": "•••@•••"')
    expect(masked).not.toMatch(/ana@example.com|parcel/)
    await userEvent.click(screen.getByRole('button', { name: 'Show values' }))
    await userEvent.click(screen.getByRole('button', { name: 'Copy' }))
    expect(await navigator.clipboard.readText()).toContain('ana@example.com')
  })

  it('does not draw large messages', async () => {
    const large = { items: [{ id: 'q', tenant: 'acme', object: '', record: '', source: '/helpdesk', event_id: '', code: 'too_large', pointer: '', message: 'Too large.', received_at: '2026-11-29T10:00:00Z', topic: 't', partition: 0, offset: 0, payload: 'x'.repeat(200_000), payload_base64: null, headers: [] }], next_page_token: null }
    stubStack({ 'GET /api/snapshot/v1/quarantine': large })
    const { container } = panel()
    await userEvent.click(await screen.findByRole('button', { name: /Show events/ }))
    await waitFor(() => expect(screen.getAllByText('195.3 KiB, not shown')).toHaveLength(2))
    expect(container.textContent).not.toContain('xxxx')
    expect(screen.getByRole('button', { name: 'Copy with values' })).toBeTruthy()
  })

  it('counts before it replays, and replays what was selected', async () => {
    const calls = stubStack({
      'POST /api/snapshot/v1/quarantine/replay': ({ body }: { body: unknown }) =>
        (body as { dry_run: boolean }).dry_run
          ? { dry_run: true, matched: 14, would_admit: 12, still_refused: [{ code: 'unknown_option', count: 2 }] }
          : { dry_run: false, matched: 14, replayed: 12, still_refused: [{ code: 'unknown_option', count: 2 }] },
      'GET /api/snapshot/v1/quarantine/replay': { running: null, done: 0 },
    })
    panel('acme')
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Unknown option, /helpdesk' }))
    expect(screen.getByText('14 selected')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Replay…' }))
    const dialog = await screen.findByRole('dialog')
    await within(dialog).findByText('12 events would be admitted now')
    const filter = { tenant: 'acme', code: 'unknown_option', source: '/helpdesk' }
    expect(posts(calls, '/api/snapshot/v1/quarantine/replay')).toEqual([{ filter, dry_run: true }])
    await userEvent.click(within(dialog).getByRole('button', { name: 'Replay 12 events' }))
    await within(dialog).findByText('12 events replayed')
    expect(within(dialog).getByText('2 events stay in quarantine:')).toBeTruthy()
    expect(posts(calls, '/api/snapshot/v1/quarantine/replay')).toEqual([{ filter, dry_run: true }, { filter, dry_run: false }])
  })

  it('does not replay where nothing would be admitted', async () => {
    const calls = stubStack({ 'POST /api/snapshot/v1/quarantine/replay': { dry_run: true, matched: 14, would_admit: 0, still_refused: [{ code: 'unknown_option', count: 14 }] } })
    panel()
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Select all' }))
    await userEvent.click(screen.getByRole('button', { name: 'Replay…' }))
    const dialog = await screen.findByRole('dialog')
    await within(dialog).findByText(/None would be admitted now/)
    await userEvent.click(within(dialog).getByRole('button', { name: 'Replay' }))
    expect(posts(calls, '/api/snapshot/v1/quarantine/replay')).toHaveLength(1)
  })

  it('discards only with a reason', async () => {
    const calls = stubStack({
      'POST /api/snapshot/v1/quarantine/discard': ({ body }: { body: unknown }) =>
        (body as { dry_run: boolean }).dry_run ? { dry_run: true, matched: 14, would_discard: 14 } : { dry_run: false, matched: 14, discarded: 14 },
    })
    panel()
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Unknown option, /helpdesk' }))
    await userEvent.click(screen.getByRole('button', { name: 'Discard…' }))
    const dialog = await screen.findByRole('dialog')
    const button = await within(dialog).findByRole('button', { name: 'Discard 14 events' })
    await userEvent.click(button)
    expect(within(dialog).getByText(/Say why/)).toBeTruthy()
    await userEvent.type(within(dialog).getByLabelText('Reason'), 'sent by a load test')
    await userEvent.click(button)
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    const real = posts(calls, '/api/snapshot/v1/quarantine/discard').filter((body) => (body as { dry_run: boolean }).dry_run === false)
    expect(real).toEqual([{ filter: { code: 'unknown_option', source: '/helpdesk' }, dry_run: false, reason: 'sent by a load test' }])
  })

  it('acts on one event by its id', async () => {
    const calls = stubStack({ 'POST /api/snapshot/v1/quarantine/replay': { dry_run: true, matched: 1, would_admit: 1, still_refused: [] } })
    panel()
    await userEvent.click(await screen.findByRole('button', { name: /Show events/ }))
    const item = await screen.findByRole('listitem')
    await userEvent.click(within(item).getByRole('button', { name: 'Replay…' }))
    await screen.findByText('1 event would be admitted now')
    expect(posts(calls, '/api/snapshot/v1/quarantine/replay')).toEqual([{ ids: ['q-1'], dry_run: true }])
  })
})
