// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { catalog, plain } from '../explore/extras/testing'
import { decodeReport } from '../report/url'
import type { Scope } from '../session/session'
import { entriesOf, recordEntries, type Entry, type Sources } from './entries'
import { rankOf } from './match'
import { keepRecent, readRecent } from './recent'
import { sectionsOf } from './results'

const all: Scope[] = ['schemas:read', 'schemas:write', 'records:read', 'records:write', 'reports:read', 'reports:write', 'ops']
const sources = (scopes: Scope[] = all, more: Partial<Sources> = {}): Sources => ({
  tenant: 'acme', catalog,
  looks: [{ id: 'l1', version: 1, name: 'Été par pays', description: 'seasonal', created_at: '', updated_at: '', object: 'ticket', chart_type: 'bar' }],
  dashboards: [{ id: 'd1', version: 1, name: 'Support', description: '', created_at: '', updated_at: '' } as never],
  may: (scope) => scopes.includes(scope), operator: false, language: 'en', t: plain, ...more,
})
const ids = (found: readonly Entry[]) => found.map(({ id }) => id)
const found = (search: string, recent: string[] = []) => sectionsOf(entriesOf(sources()), search, recent)

describe('rankOf', () => {
  it('ignores case and accents, and prefers beginnings', () => {
    expect(rankOf('ete par pays', 'Été par pays')).toBe(0)
    expect(rankOf('ÉT', 'Été par pays')).toBe(1)
    expect(rankOf('pays', 'Été par pays')).toBe(2)
    expect(rankOf('pays ticket', 'Été par pays', ['Tickets'])).toBe(3)
    expect(rankOf('ays', 'Été par pays')).toBe(4)
  })
  it('forgives missing letters of three and more, near each other', () => {
    expect(rankOf('tckt', 'Tickets')).toBe(5)
    expect(rankOf('tk', 'Tickets')).toBeNull()
    expect(rankOf('kct', 'Tickets')).toBeNull()
    expect(rankOf('txs', 'Tickets')).toBeNull()
  })
  it('takes signs of patterns as they are', () => {
    expect(rankOf('a.c', 'abc')).toBeNull()
    expect(rankOf('(b', 'a (b)')).toBe(2)
  })
})

describe('entriesOf', () => {
  it('opens a report with the field', () => {
    const entry = entriesOf(sources()).find(({ id }) => id === 'field:ticket.opened_at') ?? expect.fail()
    const to = 'to' in entry.action ? entry.action.to : ''
    expect(decodeReport(to.split('?r=')[1] ?? '')).toEqual({
      report: { object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: 'month' }], measures: ['ticket.count'] }, chart: { type: 'line' },
    })
  })
  it('shows only what the reader may open', () => {
    const few = entriesOf(sources(['schemas:read']))
    expect(ids(few)).toEqual(expect.arrayContaining(['go:data', 'schema:ticket', 'theme:dark', 'language']))
    expect(few.filter(({ group }) => ['looks', 'dashboards', 'fields', 'suggestions'].includes(group))).toEqual([])
    expect(ids(few)).not.toContain('go:report')
    expect(ids(few)).not.toContain('go:object')
    expect(ids(entriesOf(sources(all)))).not.toContain('go:ops')
    expect(ids(entriesOf(sources(all, { operator: true })))).toContain('go:ops')
  })
  it('has no two entries of one id', () => {
    const made = ids(entriesOf(sources()))
    expect(new Set(made).size).toBe(made.length)
  })
  it('offers to find a record only to those who may, and for what can be an id', () => {
    expect(recordEntries(sources(), '35 436').map(({ action }) => action)).toContainEqual({ to: '/t/acme/data/records?object=ticket&id=35%20436' })
    expect(recordEntries(sources(), 'how many tickets')).toEqual([])
    expect(recordEntries(sources(['reports:read']), '35436')).toEqual([])
  })
})

describe('sectionsOf', () => {
  it('begins with what was chosen lately, once', () => {
    const [first, ...others] = found('', ['look:l1', 'gone', 'go:import'])
    expect(first?.group).toBe('recent')
    expect(ids(first?.entries ?? [])).toEqual(['look:l1', 'go:import'])
    expect(others.flatMap(({ entries }) => ids(entries))).not.toContain('look:l1')
  })
  it('puts the kind with the best match first', () => {
    expect(found('support')[0]).toMatchObject({ group: 'dashboards', entries: [{ id: 'dashboard:d1' }] })
    expect(found('ete')[0]).toMatchObject({ group: 'looks' })
  })
  it('finds fields by their API name and their object', () => {
    expect(found('ticket.csat').flatMap(({ entries }) => ids(entries))).toContain('field:ticket.csat')
    expect(ids(found('status booking').flatMap(({ entries }) => entries))).toContain('field:booking.status')
  })
  it('prefers what was chosen lately among equals only', () => {
    const fields = (recent: string[]) => ids(found('status', recent).find(({ group }) => group === 'fields')?.entries ?? [])
    expect(fields([])[0]).toBe('field:ticket.status')
    expect(fields(['field:booking.status'])[0]).toBe('field:booking.status')
    expect(found('tickets', ['suggestion:first.suggest.total:booking'])[0]?.group).toBe('objects')
  })
  it('is empty for what nothing has', () => {
    expect(found('zzzzzz')).toEqual([])
  })
})

describe('recent choices', () => {
  beforeEach(() => localStorage.clear())
  it('are kept for each tenant, the last one first, once, and few', () => {
    for (let at = 0; at < 12; at += 1) keepRecent('acme', `id${at}`)
    keepRecent('acme', 'id9')
    expect(readRecent('acme')).toEqual(['id9', 'id11', 'id10', 'id8', 'id7', 'id6', 'id5', 'id4'])
    expect(readRecent('globex')).toEqual([])
  })
  it('survive what another version wrote', () => {
    localStorage.setItem('crosslook.palette.acme', '{"a":')
    expect(readRecent('acme')).toEqual([])
    localStorage.setItem('crosslook.palette.acme', '[1,"x"]')
    expect(readRecent('acme')).toEqual(['x'])
  })
})
