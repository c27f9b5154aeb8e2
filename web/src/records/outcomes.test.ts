import { describe, expect, it } from 'vitest'
import type { LinkAnswer, Outcome, RecordAnswer, RecordEventAnswer } from '../api/snapshot'
import { en } from '../i18n/en'
import { Formats } from '../shared/formats'
import { OUTCOMES, signOf, typeWords, unusedLinks, whereabouts } from './outcomes'
import { valueText } from './RecordFields'

const event = (outcome: Outcome): RecordEventAnswer => ({
  id: 'e', source: '/x', type: null, time: null, received_at: '', outcome, expected: null, code: null, pointer: null, message: null,
  position: { partition: 0, offset: 1 }, quarantine_id: null,
})
const answer = (state: RecordAnswer['state'], ...events: Outcome[]): RecordAnswer => ({
  state, snapshot: null, external_ids: null, snapshot_id: null, as_of: null, links: [], events: events.map(event), events_omitted: 0,
})

describe('whereabouts', () => {
  it('says when newer events wait', () => {
    expect(whereabouts(answer('in_reports', 'winner')).explain).toBe('records.state.inReportsText')
    expect(whereabouts(answer('in_reports', 'winner', 'waiting')).explain).toBe('records.state.inReportsWaiting')
  })
  it('tells refused from never arrived', () => {
    expect(whereabouts(answer('unknown')).label).toBe('records.state.unknown')
    expect(whereabouts(answer('unknown', 'quarantined')).label).toBe('records.state.refused')
  })
  it('knows the other states', () => {
    expect(whereabouts(answer('pending', 'waiting')).tone).toBe('warn')
    expect(whereabouts(answer('deleted', 'winner')).label).toBe('records.state.deleted')
  })
})

it('explains every outcome in words of its own', () => {
  const texts = Object.values(OUTCOMES).map(({ explain }) => en[explain])
  expect(new Set(texts).size).toBe(7)
})

it('does not call a deletion the version of the record', () => {
  expect(signOf({ outcome: 'winner', type: 'crosslook.record.deleted.v1' }).label).toBe('records.outcome.deleted')
  expect(signOf({ outcome: 'winner', type: 'crosslook.record.upserted.v1' }).label).toBe('records.outcome.winner')
  expect(signOf({ outcome: 'older', type: 'crosslook.record.deleted.v1' }).label).toBe('records.outcome.older')
})

describe('unusedLinks', () => {
  const link = (relationship: string, contact: string | null, reason: string | null): LinkAnswer => ({ relationship, form: 'id', value: `${contact ?? 'x'}`, contact, reason, message: reason })
  const values = (links: LinkAnswer[]) => [...unusedLinks(links, (slug) => slug === 'one')].map((each) => links.indexOf(each))
  it('has what stands behind the contact that was found, whether it leads to one or not', () => {
    expect(values([link('one', 'a', null), link('one', 'b', 'not_used'), link('one', null, 'no_contact')])).toEqual([1, 2])
    expect(values([link('one', null, 'no_contact'), link('one', 'b', null)])).toEqual([])
    expect(values([link('many', 'a', null), link('many', null, 'no_contact')])).toEqual([])
  })
})

it('reads types of events', () => {
  expect(typeWords('crosslook.record.patched.v1')).toBe('records.type.patched')
  expect(typeWords(null)).toBe('records.type.unreadable')
  expect(typeWords('crosslook.record.else.v9')).toBeNull()
})

describe('valueText', () => {
  const formats = new Formats('en', 'Yes', 'No')
  const text = (value: unknown, field: Parameters<typeof valueText>[1]) => valueText(value, field, formats, (iso) => `at ${iso}`)
  it('writes values as their fields say', () => {
    const options = [{ value: 'open', label: 'Open' }]
    expect(text('open', { slug: 's', type: 'dropdown', options })).toBe('Open')
    expect(text(['open', 'x'], { slug: 's', type: 'multiselect', options })).toBe('Open; x')
    expect(text('12.50', { slug: 's', type: 'currency', currency: 'USD' })).toBe('$12.50')
    expect(text('2026-11-20T10:00:00Z', { slug: 's', type: 'datetime' })).toBe('at 2026-11-20T10:00:00Z')
    expect(text(true, { slug: 's', type: 'boolean' })).toBe('Yes')
  })
  it('shows emptiness, and what no field describes any more', () => {
    expect(text(null, undefined)).toBe('∅')
    expect(text([], { slug: 's', type: 'multiselect' })).toBe('∅')
    expect(text('left over', undefined)).toBe('left over')
  })
})
