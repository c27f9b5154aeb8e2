import { fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configureCalls } from '../api/call'
import { draw } from '../testing/render'
import ImportView from './ImportView'
import { RecentImports } from './RecentImports'

const order = {
  object: 'order', labels: { singular: 'Order', plural: 'Orders' }, version: 1, status: 'active', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', in_reports: { state: 'available' },
  fields: [{ slug: 'amount', label: 'Amount', type: 'number' }, { slug: 'status', label: 'Status', type: 'text' }], relationships: [],
}
const past = {
  import: 'i1', object: 'order', mode: 'upsert', format: 'csv', parameter: '', state: 'done', reason: null, rows: 5, accepted: 2, refused: 3,
  started_at: '2026-11-28T16:02:00Z', finished_at: '2026-11-28T16:02:01Z', by: 'ana', deleted: null, kept: null,
}
let undone: string[] = []

function answer(url: string, method: string): unknown {
  if (url.includes('/catalog')) return { snapshot: null, explores: [], pending: [], not_reportable: [], warnings: [], plan: {} }
  if (url.includes('/schemas')) return { items: [order], next_page_token: null }
  if (method === 'DELETE') {
    undone.push(url)
    return { import: 'i1', deleted: 2, kept: [{ reason: 'existed', count: 1, message: '1 record existed before.' }] }
  }
  return { items: [past], next_page_token: null }
}

beforeEach(() => {
  undone = []
  sessionStorage.clear()
  localStorage.clear()
  configureCalls('acme', 'en')
  vi.stubGlobal('fetch', vi.fn(async (input: Request | string, init?: RequestInit) => {
    const [url, method] = typeof input === 'string' ? [input, init?.method ?? 'GET'] : [input.url, input.method]
    return new Response(JSON.stringify(answer(url, method)), { status: 200, headers: { 'Content-Type': 'application/json' } })
  }))
})
afterEach(() => vi.unstubAllGlobals())

const choose = async (text: string, name = 'orders.csv') => {
  const input = await screen.findByLabelText('Choose a file', { selector: 'input' })
  fireEvent.change(input, { target: { files: [new File([text], name)] } })
}

test('maps the columns of a file and asks what becomes of missing fields before it can be checked', async () => {
  draw(<ImportView />)
  await choose('_id,amount,colour\nA,1,red\n')
  expect(await screen.findByLabelText<HTMLSelectElement>('amount fills')).toHaveProperty('value', 'amount')
  expect(screen.getByLabelText<HTMLSelectElement>('colour fills').value).toBe('')
  expect(screen.queryByRole('button', { name: 'Check the file' })).toBeNull()
  fireEvent.click(screen.getByRole('radio', { name: /Update only these columns/ }))
  expect(screen.getByRole('button', { name: 'Check the file' })).toBeTruthy()
})

test('the step whose turn it is has the focus when the button before it has gone', async () => {
  draw(<ImportView />)
  const button = await screen.findByRole('button', { name: 'Choose a file' })
  button.focus()
  await choose('_id,amount,colour\nA,1,red\nA,2,red\n')
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Map the columns' })))
  expect(screen.getByText(/A is in 2 of the first rows/)).toBeTruthy()
})

test('without a record id it offers the columns that can be one', async () => {
  draw(<ImportView />)
  await choose('number,amount,status\nA,1,x\nB,2,x\n')
  fireEvent.change(await screen.findByLabelText('Use as the record id'), { target: { value: 'number' } })
  expect(screen.queryByLabelText('Use as the record id')).toBeNull()
  expect(screen.getByLabelText<HTMLSelectElement>('number fills').value).toBe('_id')
})

test('a file of another kind is refused before anything is sent', async () => {
  draw(<ImportView />)
  await choose('PK\u0003\u0004', 'orders.xlsx')
  expect((await screen.findByRole('alert')).textContent).toContain('This is a workbook, not CSV')
})

test('a column that fits nothing known suggests a new object; it is created only when confirmed', async () => {
  draw(<ImportView />)
  await choose('Shoe id,Maker\n1,x\n2,y\n', 'shoes.csv')
  expect(await screen.findByRole('button', { name: 'Create “Shoe” and go on' })).toBeTruthy()
  expect(screen.getByLabelText<HTMLSelectElement>('Shoe id becomes').value).toBe('+record')
})

test('those who may not write records are told so', async () => {
  draw(<ImportView />, { scopes: ['schemas:read'] })
  expect(await screen.findByText('You may not import records')).toBeTruthy()
})

test('recent imports: what became of each, and undoing says what was kept', async () => {
  localStorage.setItem('crosslook.imports.acme', JSON.stringify({ i1: { name: 'orders-2026-11.csv', errors: [] } }))
  draw(<RecentImports />)
  expect(await screen.findByText('orders-2026-11.csv')).toBeTruthy()
  expect(screen.getByText('3 refused')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Undo… orders-2026-11.csv' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Undo import' }))
  expect(await screen.findByText('2 records were deleted.')).toBeTruthy()
  expect(screen.getByText('1 record existed before.')).toBeTruthy()
  await waitFor(() => expect(undone).toHaveLength(1))
  expect(undone[0]).toContain('/tenants/acme/imports/i1')
})
