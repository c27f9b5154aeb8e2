import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { draw } from '../testing/render'
import { BoardPage } from './BoardPage'
import { readBoard } from './board'
import type { Saved } from './calls'
import { testCatalog } from './testCatalog'

const single = (object: string, title: string, x: number) => ({
  look: null, request: { object, measures: [`${object}.count`] }, chart: { type: 'table', title }, position: { x, y: 0, w: 4, h: 4 },
})
const body = {
  id: 'd1', version: 3, name: 'Support', description: '', created_at: '2026-11-01T00:00:00Z', updated_at: '2026-11-01T00:00:00Z',
  tiles: [single('ticket', 'Tickets', 0), single('booking', 'Bookings', 4)],
  filters: { and: [{ field: 'ticket.status', op: 'in', values: ['open'] }] },
}
const saved: Saved = { id: 'd1', board: readBoard(body as never), tag: '"3"', updatedAt: body.updated_at }
const answer = (object: string) => ({
  columns: [{ name: `${object}.count`, label: object, kind: 'measure', type: 'integer', pivot: null }],
  rows: [[42]], totals: null, truncated: false, join: null, snapshot: testCatalog.snapshot, warnings: [], query_id: 'q', elapsed_ms: 1, cached: false,
})
const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers } })

type Sent = { method: string; path: string; body: Record<string, unknown> | null; headers: Headers }
let sent: Sent[]
let answers: (call: Sent) => Response

beforeEach(() => {
  sent = []
  sessionStorage.clear()
  vi.stubGlobal('IntersectionObserver', class {
    private readonly seen: (entries: { isIntersecting: boolean }[]) => void
    constructor(seen: (entries: { isIntersecting: boolean }[]) => void) { this.seen = seen }
    observe() { this.seen([{ isIntersecting: true }]) }
    disconnect() {}
  })
  vi.stubGlobal('fetch', async (input: Request) => {
    const text = await input.clone().text()
    const call = { method: input.method, path: new URL(input.url, 'http://x').pathname, body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>), headers: input.headers }
    sent.push(call)
    return answers(call)
  })
  answers = (call) => (call.path.endsWith('/query') ? json(200, answer(String(call.body?.object))) : json(404, { code: 'unknown' }))
})

const page = () => draw(<BoardPage saved={saved} catalog={testCatalog} reload={() => {}} />, { path: '/t/acme/dashboards/d1' })
const tile = (name: string) => screen.findByRole('article', { name })

describe('BoardPage', () => {
  it('asks each tile on the one snapshot, and says which filter does not count', async () => {
    page()
    expect(within(await tile('Bookings')).getByText('Not filtered by Status')).toBeTruthy()
    expect(within(await tile('Tickets')).queryByText(/Not filtered/)).toBeNull()
    await waitFor(() => expect(sent.filter((call) => call.path.endsWith('/query'))).toHaveLength(2))
    const [tickets, bookings] = sent.map((call) => call.body)
    expect(tickets).toMatchObject({ snapshot: 's1', filters: { and: [{ field: 'ticket.status', op: 'in', values: ['open'] }] } })
    expect(bookings).toMatchObject({ snapshot: 's1' })
    expect(bookings).not.toHaveProperty('filters')
  })

  it('lets one tile fail alone', async () => {
    answers = (call) => (call.body?.object === 'booking' ? json(504, { code: 'query_timeout', title: 'Timeout', request_id: 'r-77' }) : json(200, answer('ticket')))
    page()
    const failed = within(await tile('Bookings'))
    expect(await failed.findByText('This tile took longer than 30 s.')).toBeTruthy()
    expect(await within(await tile('Tickets')).findByText('42')).toBeTruthy()
    await userEvent.click(failed.getByRole('button', { name: 'Details' }))
    expect(failed.getByText('Request id: r-77')).toBeTruthy()
    answers = () => json(200, answer('booking'))
    await userEvent.click(failed.getByRole('button', { name: 'Try again' }))
    expect(await failed.findByText('42')).toBeTruthy()
  })

  it('moves a tile by its menu, says where it went, and undoes it', async () => {
    page()
    await tile('Tickets')
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Menu of “Tickets”' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Move right' }))
    expect(await screen.findByText('Tickets: column 5, row 1, width 4, height 4')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Undo', hidden: true }))
    expect(await screen.findByText('Undone')).toBeTruthy()
    expect(screen.getByText('Editing')).toBeTruthy()
  })

  it('names the version it changes, and offers a choice when somebody else was faster', async () => {
    answers = (call) => {
      if (call.method === 'PUT') return call.headers.get('If-Match') === '"3"' ? json(412, { code: 'stale', title: 'Stale' }) : json(200, { ...body, ...call.body, version: 5 }, { ETag: '"5"' })
      return call.path.endsWith('/query') ? json(200, answer(String(call.body?.object))) : json(200, { ...body, version: 4 }, { ETag: '"4"' })
    }
    page()
    await tile('Tickets')
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    await userEvent.type(screen.getByLabelText('Name'), ' team')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await userEvent.click(await screen.findByText('Replace it with mine', {}, { timeout: 8_000 }))
    await waitFor(() => expect(sent.filter((call) => call.method === 'PUT').map((call) => call.headers.get('If-Match'))).toEqual(['"3"', '"4"']), { timeout: 8_000 })
    expect(sent.find((call) => call.method === 'PUT')?.body).toMatchObject({ name: 'Support team' })
    expect(await screen.findByRole('heading', { level: 1, name: 'Support team' })).toBeTruthy()
  }, 20_000)

  it('gives back after a reload what was edited, with the version that it began with', async () => {
    answers = (call) => {
      if (call.method === 'PUT') return json(412, { code: 'stale', title: 'Stale' })
      return call.path.endsWith('/query') ? json(200, answer(String(call.body?.object))) : json(404, { code: 'unknown' })
    }
    const before = page()
    await tile('Tickets')
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    await userEvent.type(screen.getByLabelText('Name'), ' team')
    before.unmount()
    draw(<BoardPage saved={{ ...saved, tag: '"4"' }} catalog={testCatalog} reload={() => {}} />, { path: '/t/acme/dashboards/d1' })
    expect(((await screen.findByLabelText('Name')) as HTMLInputElement).value).toBe('Support team')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(sent.find((call) => call.method === 'PUT')?.headers.get('If-Match')).toBe('"3"'))
    await userEvent.click(await screen.findByRole('button', { name: 'Discard changes', hidden: true }))
    expect(await screen.findByRole('heading', { level: 1, name: 'Support', hidden: true })).toBeTruthy()
    expect(sessionStorage).toHaveLength(0)
  }, 20_000)

  it('asks tiles out of sight when the browser prints, and says on paper that they are not there yet', async () => {
    vi.stubGlobal('IntersectionObserver', class { observe() {} disconnect() {} })
    page()
    expect(within(await tile('Bookings')).getByText(/^This tile was not loaded yet/)).toBeTruthy()
    expect(sent).toHaveLength(0)
    // Drawn a moment before it listens.
    await waitFor(() => {
      window.dispatchEvent(new Event('beforeprint'))
      expect(document.documentElement.className).toContain('onpaper')
    })
    window.dispatchEvent(new Event('afterprint'))
    expect(document.documentElement.className).not.toContain('onpaper')
    expect(await within(await tile('Bookings')).findByText('42')).toBeTruthy()
  })

  it('closes the editor of a new filter by Escape after a value was ticked', async () => {
    draw(<BoardPage saved={{ ...saved, board: { ...saved.board, filters: [] } }} catalog={testCatalog} reload={() => {}} />, { path: '/t/acme/dashboards/d1' })
    await tile('Tickets')
    await userEvent.click(screen.getByRole('button', { name: 'Filter' }))
    await userEvent.click(await within(await screen.findByRole('group', { name: 'Tickets' })).findByRole('button', { name: /Status/ }))
    await userEvent.click(await screen.findByRole('checkbox', { name: /Open/ }))
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('checkbox', { name: /Open/ })).toBeNull())
    expect(screen.getAllByRole('button', { name: /Status.*Open/ })).toHaveLength(2)
  })

  it('lets another Look be chosen for the tile of a deleted one', async () => {
    const look = (id: string) => ({ id, name: 'Other', description: '', object: 'ticket', chart_type: 'table', version: 1, request: { object: 'ticket', measures: ['ticket.count'] }, chart: { type: 'table' } })
    answers = (call) => {
      if (call.path.endsWith('/query')) return json(200, answer('ticket'))
      if (call.path.endsWith('/looks')) return json(200, { items: [look('l2')], next_page_token: null })
      return call.path.endsWith('/looks/l2') ? json(200, look('l2')) : json(404, { code: 'unknown_look', title: 'Unknown' })
    }
    const board = readBoard({ ...body, tiles: [{ look: 'l1', request: null, chart: null, position: { x: 0, y: 0, w: 4, h: 4 } }] } as never)
    draw(<BoardPage saved={{ ...saved, board }} catalog={testCatalog} reload={() => {}} />, { path: '/t/acme/dashboards/d1' })
    await userEvent.click(await screen.findByRole('button', { name: 'Choose another Look' }))
    await userEvent.click(await screen.findByRole('button', { name: /Other/ }))
    expect(await within(await tile('Other')).findByText('42')).toBeTruthy()
  })

  it('offers no change to those who only read', async () => {
    draw(<BoardPage saved={saved} catalog={testCatalog} reload={() => {}} />, { scopes: ['reports:read'] })
    await tile('Tickets')
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Add tile' })).toBeNull()
  })
})
