import { fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configureCalls } from '../../api/call'
import type { SchemaBody } from '../../api/schema'
import { SAMPLE_OBJECT } from '../../first/samples'
import { draw } from '../../testing/render'
import { emptyForm } from '../form'
import { DeleteDialog } from './DeleteDialog'
import { EditingContext, type Editing } from './editing'

const schema = { object: SAMPLE_OBJECT, labels: { singular: 'Sample order', plural: 'Sample orders' }, version: 3, fields: [], relationships: [], in_reports: { state: 'available' } } as unknown as SchemaBody
let sent: { method: string; url: string; body: string }[] = []

beforeEach(() => {
  sent = []
  localStorage.clear()
  configureCalls('acme', 'en')
  vi.stubGlobal('fetch', vi.fn(async (input: Request) => {
    sent.push({ method: input.method, url: input.url, body: await input.clone().text() })
    const body = input.url.includes('/catalog') ? { snapshot: null, explores: [], pending: [], not_reportable: [], warnings: [], plan: {} } : { items: [], next_page_token: null }
    return new Response(JSON.stringify(body), { status: 200, headers: { 'Content-Type': 'application/json' } })
  }))
})
afterEach(() => vi.unstubAllGlobals())

const show = () => draw(
  <EditingContext value={{ form: emptyForm('Contact') } as Editing}>
    <DeleteDialog schema={schema} name="Sample order" onDeleted={() => undefined} onClose={() => undefined} />
  </EditingContext>,
)

test('deleting the sample object deletes the sample contacts, too, unless the reader keeps them', async () => {
  show()
  expect(await screen.findByRole('checkbox', { name: 'Also delete the 300 sample contacts' })).toHaveProperty('checked', true)
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Sample order' } })
  fireEvent.click(screen.getByRole('button', { name: 'Delete object' }))
  await waitFor(() => expect(sent.some((each) => each.method === 'DELETE')).toBe(true))
  const events = sent.filter((each) => each.method === 'POST').flatMap((each) => JSON.parse(each.body) as { type: string; data: { object: string } }[])
  expect(events).toHaveLength(300)
  expect(new Set(events.map((event) => `${event.type} ${event.data.object}`))).toEqual(new Set(['crosslook.record.deleted.v1 contact']))
})
