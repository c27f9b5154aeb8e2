import { configure, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import type { SchemaBody } from '../../api/schema'
import { draw } from '../../testing/render'
import { ObjectEditor } from './ObjectEditor'

// The editor draws much; a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 })
configure({ asyncUtilTimeout: 10_000 })

const order: SchemaBody = {
  object: 'order', labels: { singular: 'Order', plural: 'Orders' }, description: '', version: 6, status: 'active',
  created_at: '2026-06-01T00:00:00Z', updated_at: '2026-06-09T00:00:00Z', in_reports: { state: 'available', since: '2026-06-09T11:30:00Z' },
  fields: [{ slug: 'amount', label: 'Amount', type: 'currency', currency: 'USD' }],
  relationships: [{ slug: 'buyer', label: 'Buyer', target: 'contact' }],
}
const snapshot = { id: 's1', as_of: '2026-11-29T11:30:00Z', next_refresh_at: '2026-11-30T11:30:00Z', zone: 'America/Chicago', waiting_events: 0, stale: false, due_at: null }
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

type Sent = { method: string; url: URL; match: string | null; body: unknown }
let sent: Sent[]
let answers: { get: SchemaBody; put: () => Response }

beforeEach(() => {
  sessionStorage.clear()
  sent = []
  answers = { get: order, put: () => json({ ...order, version: 7 }) }
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(String(input), 'http://localhost'), init)
    const url = new URL(request.url)
    const text = await request.clone().text()
    const call: Sent = { method: request.method, url, match: request.headers.get('if-match'), body: text === '' ? null : JSON.parse(text) }
    sent.push(call)
    if (url.pathname.endsWith('/catalog')) return json({ snapshot, explores: [], pending: [], not_reportable: [], warnings: [], plan: { own_objects: true } })
    if (url.pathname.endsWith('/settings')) return json({ timezone: 'America/Chicago', week_start: 'monday', language: 'en' })
    if (url.searchParams.get('validate_only') === 'true') return json({ valid: true, errors: [], errors_omitted: 0, changes: [{ kind: 'field_changed', pointer: '/fields/0', slug: 'amount', effective: 'next_refresh' }], impact: [] })
    if (call.method === 'PUT') return answers.put()
    if (url.pathname.endsWith('/schemas')) return json({ items: [order], next_page_token: null })
    if (url.pathname.endsWith('/schemas/order')) return json(answers.get)
    return json({}, 404)
  })
})

const edit = () => draw(<ObjectEditor object="order" page={false} wide />)
const saves = () => sent.filter((call) => call.method === 'PUT' && !call.url.searchParams.has('validate_only'))

async function typeCurrency(code: string) {
  fireEvent.click(await screen.findByRole('button', { name: /Amount/, expanded: false }))
  const input = screen.getByLabelText('Currency code', { selector: 'input' })
  fireEvent.change(input, { target: { value: code } })
  return input
}

it('shows what is wrong beside its field and in a summary that takes the focus, and sends nothing', async () => {
  edit()
  const input = await typeCurrency('US$')
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  const summary = await screen.findByRole('alert')
  expect(document.activeElement).toBe(summary)
  expect(input.getAttribute('aria-invalid')).toBe('true')
  const sentence = screen.getByText('“US$” is not a currency code. Enter three letters, for example USD.')
  expect(input.getAttribute('aria-describedby')?.split(' ')).toContain(sentence.closest('p')?.id)
  expect(saves()).toEqual([])
  fireEvent.click(within(summary).getByRole('link', { name: 'Amount: currency code' }))
  expect(document.activeElement).toBe(screen.getByLabelText('Currency code', { selector: 'input' }))
})

it('saves the version that it began with', async () => {
  edit()
  await typeCurrency('eur')
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(saves()).toHaveLength(1))
  expect(saves()[0]).toMatchObject({ match: '"6"', body: { object: 'order', fields: [{ slug: 'amount', currency: 'EUR' }] } })
  await screen.findByText(/version 7/)
})

it('keeps what was typed when somebody else saved meanwhile, and continues with their version', async () => {
  edit()
  await typeCurrency('EUR')
  answers = { get: { ...order, version: 9, labels: { singular: 'Purchase', plural: 'Purchases' } }, put: () => json({ code: 'precondition_failed', detail: 'stale', status: 412 }, 412) }
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Take version 9 and keep my changes' }))
  expect((screen.getByLabelText('Name, singular') as HTMLInputElement).value).toBe('Purchase')
  expect((screen.getByLabelText('Currency code', { selector: 'input' }) as HTMLInputElement).value).toBe('EUR')
})

it('gives back what was typed after a reload', async () => {
  const { unmount } = edit()
  fireEvent.change(await screen.findByLabelText('Name, singular'), { target: { value: 'Order line' } })
  unmount()
  edit()
  expect(await screen.findByText('What you had typed was restored. It is not saved yet.')).toBeTruthy()
  expect((screen.getByLabelText('Name, singular') as HTMLInputElement).value).toBe('Order line')
  fireEvent.click(screen.getByRole('button', { name: 'Discard changes' }))
  expect((screen.getByLabelText('Name, singular') as HTMLInputElement).value).toBe('Order')
})

it('moves fields with the arrow keys and says where they are', async () => {
  answers.get = { ...order, fields: [{ slug: 'number', label: 'Number', type: 'text' }, ...(order.fields ?? [])] }
  edit()
  const grip = await screen.findByRole('button', { name: 'Move Amount: drag, or use the arrow keys' })
  fireEvent.keyDown(grip, { key: 'ArrowUp' })
  expect(screen.getByText('Amount: position 1 of 2')).toBeTruthy()
  expect(screen.getAllByRole('button', { name: /^Move .*drag/ }).map((each) => each.getAttribute('aria-label')?.split(':')[0])).toEqual(['Move Amount', 'Move Number'])
})

it('shows what a left input lacks once the pointer is up: the button under it stays where it is', async () => {
  edit()
  const input = await screen.findByLabelText('Name, singular')
  fireEvent.change(input, { target: { value: '' } })
  const add = screen.getByRole('button', { name: 'Add field' })
  fireEvent.pointerDown(add)
  fireEvent.blur(input)
  expect(screen.queryByText(/Enter a name, for example/)).toBeNull()
  fireEvent.pointerUp(add)
  fireEvent.click(add)
  expect(await screen.findByText(/Enter a name, for example/)).toBeTruthy()
})
