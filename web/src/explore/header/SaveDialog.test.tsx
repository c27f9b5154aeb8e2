import { screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { draw } from '../../testing/render'
import { SaveDialog } from './SaveDialog'

const props = { report: { object: 'ticket' }, chart: { type: 'table' as const }, name: 'Mine', toDashboard: false, onSaved: vi.fn<() => void>(), onReload: vi.fn<() => void>(), onClose: vi.fn<() => void>() }
const look = { look: { id: 'l1', name: 'Mine', description: '' }, etag: '"1"', draft: { report: null, chart: props.chart, byHand: true, name: 'Mine' } }

it.each([['Save as a Look', null], ['Save changes', look]])('is called %s', async (title, over) => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ items: [], next_page_token: null }), { headers: { 'Content-Type': 'application/json' } }))
  draw(<SaveDialog {...props} over={over as never} />)
  expect(await screen.findByRole('dialog', { name: title })).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Save' })).toBeTruthy()
})
