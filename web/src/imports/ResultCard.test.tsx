import { fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configureCalls } from '../api/call'
import type { ImportBodyAnswer, SchemaBody } from '../api/schema'
import { draw } from '../testing/render'
import { ResultCard } from './ResultCard'

const schema = {
  object: 'order', labels: { singular: 'Order', plural: 'Orders' }, version: 1, status: 'active', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', in_reports: { state: 'available' },
  fields: [], relationships: [],
} as unknown as SchemaBody
const result = { import: 'i1', rows: 3, accepted: 3, refused: 0, errors: [], dry_run: false } as unknown as ImportBodyAnswer
let answers: (() => void)[] = []
let refusal: { status: number; body: unknown } | null = null

beforeEach(() => {
  answers = []
  refusal = null
  configureCalls('acme', 'en')
  vi.stubGlobal('fetch', vi.fn(async (input: Request) => {
    const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
    if (input.method !== 'DELETE') return json({ snapshot: null, explores: [], pending: [], not_reportable: [], warnings: [], plan: {} })
    await new Promise<void>((resolve) => answers.push(resolve))
    return refusal === null ? json({ import: 'i1', deleted: 3, kept: [] }) : json(refusal.body, refusal.status)
  }))
})
afterEach(() => vi.unstubAllGlobals())

const undo = async () => {
  fireEvent.click(await screen.findByRole('button', { name: 'Undo…' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Undo import' }))
  expect(await screen.findByText(/Looking for the records of this import/)).toBeTruthy()
  await waitFor(() => expect(answers).toHaveLength(1))
  answers[0]?.()
}
const close = async () => {
  const [button] = (await screen.findAllByRole('button', { name: 'Close' })).slice(-1)
  if (button !== undefined) fireEvent.click(button)
}

test('after an undo the card says that the import was undone, and offers no second one', async () => {
  draw(<ResultCard result={result} schema={schema} name="orders.csv" mode="upsert" onMore={() => undefined} />)
  await undo()
  expect((await screen.findAllByText('3 records were deleted.')).length).toBeGreaterThan(0)
  await close()
  expect(await screen.findByRole('heading', { name: 'The import was undone' })).toBeTruthy()
  expect(screen.queryByText('3 rows imported')).toBeNull()
  expect(screen.queryByRole('button', { name: 'Undo…' })).toBeNull()
})

test('an import that is too old is not offered to be undone again, and says why', async () => {
  refusal = { status: 409, body: { code: 'import_too_old', title: 'Too old', status: 409 } }
  draw(<ResultCard result={result} schema={schema} name="orders.csv" mode="upsert" onMore={() => undefined} />)
  await undo()
  expect(await screen.findByText('This import can no longer be undone')).toBeTruthy()
  await close()
  await waitFor(() => expect(screen.queryByText('This import can no longer be undone')).toBeNull())
  expect(screen.getByText(/no snapshot from before it is kept/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Undo…' })).toBeNull()
})

test('says which rows of an update are not shown', async () => {
  draw(<ResultCard result={result} schema={schema} name="orders.csv" mode="patch" onMore={() => undefined} />)
  expect(await screen.findByText(/Rows for records that do not exist yet are not shown/)).toBeTruthy()
})
