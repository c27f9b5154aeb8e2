import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { useLocation } from 'react-router'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configureCalls } from '../api/call'
import ImportView from '../imports/ImportView'
import { useUnsavedGuard } from '../shared/useUnsavedGuard'
import { draw } from '../testing/render'
import { DataNav } from './DataNav'

const order = {
  object: 'order', labels: { singular: 'Order', plural: 'Orders' }, version: 1, status: 'active', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', in_reports: { state: 'available' },
  fields: [{ slug: 'amount', label: 'Amount', type: 'number' }], relationships: [],
}

/** Another view of Manage data, and the wizard. */
function Views({ dirty = false }: { dirty?: boolean }) {
  const { pathname } = useLocation()
  const guard = useUnsavedGuard(dirty)
  return <>{pathname.endsWith('/import') ? <ImportView /> : <main><DataNav /></main>}{guard}</>
}

const file = () => new File(['_id,amount\nA,1\n'], 'orders.csv', { type: 'text/csv' })
const files = () => ({ dataTransfer: { types: ['Files'], files: [file()] } })

/** Waits until the view takes files: it is drawn a moment before. */
async function takesFiles() {
  await screen.findByRole('navigation')
  await waitFor(() => expect(window.addEventListener).toHaveBeenCalledWith('drop', expect.anything()))
}

beforeEach(() => {
  vi.spyOn(window, 'addEventListener')
  sessionStorage.clear()
  configureCalls('acme', 'en')
  vi.stubGlobal('fetch', vi.fn(async (input: Request) => {
    const body = input.url.includes('/catalog') ? { snapshot: null, explores: [], pending: [], not_reportable: [], warnings: [], plan: {} } : { items: input.url.includes('/schemas') ? [order] : [], next_page_token: null }
    return new Response(JSON.stringify(body), { status: 200, headers: { 'Content-Type': 'application/json' } })
  }))
})
afterEach(() => vi.unstubAllGlobals())

test('a file that is dropped on Manage data opens the wizard with it', async () => {
  draw(<Views />, { path: '/t/acme/data/records' })
  await takesFiles()
  fireEvent.dragEnter(window, files())
  expect(await screen.findByText('Drop the file to import it')).toBeTruthy()
  expect(fireEvent.drop(window, files())).toBe(false)
  expect(await screen.findByLabelText<HTMLSelectElement>('amount fills')).toHaveProperty('value', 'amount')
})

test('unsaved edits are asked about first', async () => {
  draw(<Views dirty />, { path: '/t/acme/data/records' })
  await takesFiles()
  await act(async () => new Promise((done) => { setTimeout(done) })) // the guard begins after the first drawing
  fireEvent.drop(window, files())
  fireEvent.click(await screen.findByRole('button', { name: 'Leave without saving' }))
  expect(await screen.findByLabelText('amount fills')).toBeTruthy()
})

test('who may not import keeps the page: the browser does not open the file', async () => {
  draw(<Views />, { path: '/t/acme/data/records', scopes: ['schemas:read'] })
  await takesFiles()
  fireEvent.dragEnter(window, files())
  expect(fireEvent.drop(window, files())).toBe(false)
  expect(screen.queryByText('Drop the file to import it')).toBeNull()
  expect(screen.getByRole('navigation')).toBeTruthy()
})
