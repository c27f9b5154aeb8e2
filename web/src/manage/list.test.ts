import { describe, expect, it } from 'vitest'
import type { SchemaBody } from '../api/schema'
import type { Catalog } from '../shared/catalog'
import { matching } from './ComboInput'
import { isCounted, shownState } from './inReports'
import { ordered } from './objectOrder'
import { nameOf, objectPath, searched } from './objects'

const object = (slug: string, patch: Partial<SchemaBody> = {}): SchemaBody => ({
  object: slug, labels: { singular: slug.toUpperCase(), plural: `${slug}s` }, fields: [], relationships: [], version: 1, status: 'active',
  created_at: '', updated_at: '', in_reports: { state: 'available' }, ...patch,
})
type Pending = Catalog['pending'][number]
const pending = (patch: Partial<Pending>): Pending => ({ object: 'a', label: 'As', change: 'changed', from: '2026-12-02T11:30:00Z', reportable: true, ...patch })
const catalog = (patch: Partial<Catalog>): Catalog => ({ snapshot: null, explores: [], pending: [], not_reportable: [], warnings: [], plan: {} as Catalog['plan'], ...patch })

describe('shownState', () => {
  it('counts the fields that wait', () => {
    const shown = shownState({ state: 'changing', from: '2026-12-02T11:30:00Z' }, pending({ added: ['x', 'y'], removed: ['z'] }))
    expect(shown).toMatchObject({ id: 'manage.state.fields', count: 3, below: { id: 'manage.state.from', from: '2026-12-02T11:30:00Z' } })
    expect(shownState({ state: 'changing' }, pending({}))).toMatchObject({ id: 'manage.state.changes', below: { from: '2026-12-02T11:30:00Z' } })
  })

  it('gives each state an icon, words and its place in the order', () => {
    const states = (['available', 'changing', 'pending', 'leaving', 'not_reportable', 'failed'] as const).map((state) => shownState({ state, reason: 'why' }, undefined))
    expect(states.map(({ rank }) => rank)).toEqual([0, 1, 2, 3, 4, 5])
    expect(new Set(states.map(({ id }) => id)).size).toBe(6)
    expect(states.find(({ id }) => id === 'manage.state.leaving')?.icon).toBe('hourglass')
    expect(states.at(-1)?.below?.text).toBe('why')
  })

  it('says since when, where that is known', () => {
    expect(shownState({ state: 'available', since: '2026-03-03T11:30:00Z' }, undefined)).toMatchObject({ id: 'manage.state.availableSince', at: '2026-03-03T11:30:00Z' })
  })

  it('counts records only of what reports show', () => {
    expect(isCounted({ state: 'leaving' })).toBe(true)
    expect(isCounted({ state: 'pending' })).toBe(false)
    expect(isCounted({ state: 'not_reportable' })).toBe(false)
  })
})

describe('ordered', () => {
  const objects = [
    object('b', { fields: [{ slug: 'x', type: 'text' }], relationships: [{ slug: 'r', label: 'Zed', target: 'contact' }] }),
    object('a', { in_reports: { state: 'pending' } }),
    object('É', { relationships: [{ slug: 'r', label: 'Alpha', target: 'contact' }, { slug: 's', label: 'Other', target: 'thing' }] }),
  ]
  const counts = new Map<string, number | null | undefined>([['b', 5], ['É', 70], ['a', null]])
  const by = (column: 'object' | 'fields' | 'contact' | 'records' | 'inReports', descending = false) =>
    ordered(objects, { column, descending }, 'fr', undefined, counts).map((each) => each.object)

  it('sorts names as the language does', () => {
    expect(by('object')).toEqual(['a', 'b', 'É'])
    expect(by('object', true)).toEqual(['É', 'b', 'a'])
  })
  it('leaves last what has no value, either way', () => {
    expect(by('records')).toEqual(['b', 'É', 'a'])
    expect(by('records', true)).toEqual(['É', 'b', 'a'])
    expect(by('contact')).toEqual(['É', 'b', 'a'])
  })
  it('sorts by state, then by name', () => expect(by('inReports')).toEqual(['b', 'É', 'a']))
})

describe('searched', () => {
  const objects = [object('visit', { labels: { singular: 'Visite', plural: 'Visites' }, fields: [{ slug: 'dealer', label: 'Concessionnaire agréé', type: 'text' }] }), object('order')]
  it.each([['VISITES', ['visit']], ['agree', ['visit']], ['order', ['order']], ['', ['visit', 'order']], ['none', []]])('%s means %s', (text, found) => {
    expect(searched(objects, text, undefined).map((each) => each.object)).toEqual(found)
  })
})

it('knows a deleted object’s name from what still waits or is reported', () => {
  const gone = object('visit', { labels: null, status: 'deleted' })
  expect(nameOf(gone, catalog({ pending: [pending({ object: 'visit', label: 'Visites', change: 'deleted' })] }))).toBe('Visites')
  expect(nameOf(gone, undefined)).toBe('visit')
})

it('tells an object called new from a new object', () => {
  expect(objectPath('a b', 'visit')).toBe('/t/a%20b/data/objects/visit')
  expect(objectPath('acme', 'new')).toBe('/t/acme/data/objects/new?existing')
})

describe('matching', () => {
  const choices = [{ value: 'AUD', name: 'Australian Dollar' }, { value: 'EUR', name: 'Euro' }, { value: 'USD', name: 'US Dollar' }]
  it('finds codes and names, codes first', () => {
    expect(matching(choices, 'dollar us').map(({ value }) => value)).toEqual(['AUD', 'USD'])
    expect(matching(choices, 'u').map(({ value }) => value)[0]).toBe('USD')
    expect(matching(choices, 'eur').map(({ value }) => value)).toEqual(['EUR'])
  })
  it('offers everything once one is chosen', () => expect(matching(choices, 'USD').map(({ value }) => value)).toEqual(['USD', 'AUD', 'EUR']))
})
