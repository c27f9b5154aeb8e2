import { describe, expect, it } from 'vitest'
import { decodeView, encodeView, type ViewState } from './viewState'

const state: ViewState = {
  filters: [{ field: 'ticket.status', condition: { field: 'ticket.status', op: 'in', values: ['été', 'n° 1'] } }, { field: 'contact.country', condition: null }],
  comparing: 'period',
  crossed: [{ tile: 't3', conditions: [{ field: 'ticket.opened_at', op: 'eq', values: ['2026-11-01'], granularity: 'month' }] }],
}
const written = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

describe('encodeView and decodeView', () => {
  it('carry the reader’s choices', () => {
    const text = encodeView(state)
    expect(text).toMatch(/^[\w-]+$/)
    expect(decodeView(text)).toEqual(state)
  })
  it('tell no filters from no choice', () => {
    expect(encodeView({})).toBeNull()
    expect(encodeView({ crossed: [] })).toBeNull()
    expect(decodeView(encodeView({ filters: [] }))).toEqual({ filters: [] })
    expect(decodeView(null)).toEqual({})
  })
  it.each<[string, string]>([
    ['no base64', '%%%'],
    ['no JSON', btoa('{')],
    ['another version', written({ v: 2, f: { and: [] } })],
    ['no object', written([1])],
    ['filters of another shape', written({ v: 1, f: { and: [{ field: 1, op: 'eq' }] } })],
    ['too much', 'A'.repeat(9000)],
  ])('take nothing from %s', (_, text) => expect(decodeView(text)).toEqual({}))
  it('leave out what they do not know', () => {
    expect(decodeView(written({ v: 1, c: 'decade', x: [['t1'], ['t2', { op: 'eq' }], 3] }))).toEqual({})
  })
})
