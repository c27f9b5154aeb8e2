import { screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configureCalls } from '../api/call'
import { draw } from '../testing/render'
import { ObjectList } from './ObjectList'

const contact = {
  object: 'contact', labels: { singular: 'Contact', plural: 'Contacts' }, version: 1, status: 'active', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', in_reports: { state: 'available' },
  fields: [], relationships: [],
}
let forbidden = false

beforeEach(() => {
  forbidden = false
  configureCalls('acme', 'en')
  vi.stubGlobal('fetch', vi.fn(async (input: Request) => {
    const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
    if (input.url.includes('/catalog')) return json({ snapshot: null, explores: [], pending: [], not_reportable: [], warnings: [], plan: { own_objects: true } })
    if (forbidden) return json({ code: 'forbidden', title: 'Forbidden', status: 403 }, 403)
    return json({ items: input.url.includes('/schemas') ? [contact] : [], next_page_token: null })
  }))
})
afterEach(() => vi.unstubAllGlobals())

test('who may only look is offered nothing that would be refused', async () => {
  draw(<ObjectList selected={undefined} />, { scopes: ['schemas:read', 'reports:read'] })
  expect(await screen.findByText('No objects of your own yet')).toBeTruthy()
  expect(screen.queryByRole('link', { name: 'New object' })).toBeNull()
  expect(screen.queryByRole('link', { name: 'Connect an application' })).toBeNull()
  expect(screen.queryByRole('link', { name: 'Import a file' })).toBeNull()
})

test('what is forbidden is not offered to be tried again', async () => {
  forbidden = true
  draw(<ObjectList selected={undefined} />, { scopes: ['reports:read'] })
  expect((await screen.findAllByRole('alert')).length).toBeGreaterThan(0)
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
})
