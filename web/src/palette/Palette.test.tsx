import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { catalog } from '../explore/extras/testing'
import { SessionProvider } from '../session/SessionProvider'
import { draw } from '../testing/render'
import Palette from './Palette'

const scopes = ['reports:read', 'schemas:read', 'records:read']

function open(language: 'en' | 'fr' = 'en') {
  const answers: Record<string, unknown> = {
    '/api/sessions': { items: [{ tenant: 'acme', subject: 'test', name: null, scopes, expires_at: '2030-01-01T00:00:00Z' }], sign_in: { oidc: false } },
    '/catalog': catalog,
    '/looks': { items: [{ id: 'l1', version: 1, name: 'Tickets by month', description: '', created_at: '', updated_at: '', object: 'ticket', chart_type: 'line' }], next_page_token: null },
    '/dashboards': { items: [], next_page_token: null },
  }
  vi.stubGlobal('fetch', vi.fn(async (input: Request | string) => {
    const url = typeof input === 'string' ? input : input.url
    const found = Object.entries(answers).find(([end]) => url.split('?')[0]?.endsWith(end))
    return new Response(JSON.stringify(found?.[1] ?? {}), { status: found === undefined ? 404 : 200, headers: { 'Content-Type': 'application/json' } })
  }))
  const onClose = vi.fn()
  draw(<SessionProvider loading={null} failed={() => null}><Palette tenant="acme" onClose={onClose} /></SessionProvider>, { language })
  return onClose
}

beforeEach(() => localStorage.clear())

it('is searched and opened by keyboard, and remembers the choice', async () => {
  const onClose = open()
  const box = await screen.findByRole('combobox')
  await screen.findByText('Tickets by month')
  fireEvent.change(box, { target: { value: 'tickets' } })
  const active = () => document.getElementById(box.getAttribute('aria-activedescendant') ?? '')
  await waitFor(() => expect(active()?.textContent).toBe('TicketsNew report'))
  expect(screen.getByRole('status').textContent).toMatch(/^\d+ results$/)
  fireEvent.keyDown(box, { key: 'ArrowUp' })
  expect(active()?.textContent).toContain('Find the record “tickets” of Bookings')
  fireEvent.keyDown(box, { key: 'ArrowDown' })
  fireEvent.keyDown(box, { key: 'Enter' })
  expect(onClose).toHaveBeenCalledOnce()
  expect(localStorage.getItem('crosslook.palette.acme')).toBe('["object:ticket"]')
})

it('says what to do where nothing matches, and offers only what the reader may do', async () => {
  open('fr')
  const box = await screen.findByRole('combobox')
  await screen.findByText('Tickets by month')
  expect(screen.queryByText('Importer un fichier')).toBeNull()
  fireEvent.change(box, { target: { value: 'zzz zzz' } })
  expect(await screen.findByText('Aucun résultat pour « zzz zzz ».')).toBeTruthy()
  expect(box.getAttribute('aria-expanded')).toBe('false')
})
