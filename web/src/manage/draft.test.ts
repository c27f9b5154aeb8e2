// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChangeBody } from '../api/schema'
import { changeWords } from './changeWords'
import { emptyForm, newField, newOption, type FieldForm, type ObjectForm } from './form'
import { dropDraft, keepDraft, readDraft } from './keptDraft'
import { merged } from './merged'
import { readPasted } from './pasted'

const field = (slug: string, label = slug): FieldForm => ({ ...newField(), key: `f_${slug}`, stored: true, named: true, slug, label })
const form = (patch: Partial<ObjectForm> = {}): ObjectForm => ({ ...emptyForm('Contact'), stored: true, slug: 'visit', singular: 'Visit', plural: 'Visits', relationships: [], ...patch })
const slugs = (of: ObjectForm) => of.fields.map((each) => each.slug)

describe('keptDraft', () => {
  beforeEach(() => sessionStorage.clear())
  const draft = { version: 2, base: form(), form: form({ singular: 'Stop' }) }

  it('gives back what was kept, for this tenant and object only', () => {
    keepDraft('acme', 'visit', draft)
    expect(readDraft('acme', 'visit')).toEqual(draft)
    expect(readDraft('globex', 'visit')).toBeNull()
    dropDraft('acme', 'visit')
    expect(readDraft('acme', 'visit')).toBeNull()
  })

  it.each(['{', '"text"', '{"version":"2"}', '{"version":2,"base":{},"form":{}}'])('does not take %s for a draft', (text) => {
    sessionStorage.setItem('crosslook.draft.acme.visit', text)
    expect(readDraft('acme', 'visit')).toBeNull()
  })
})

describe('merged', () => {
  const base = form({ fields: [field('a'), field('b'), field('c')] })

  it('keeps both sides’ changes', () => {
    const mine = form({ ...base, singular: 'Stop', fields: [field('c'), field('a', 'Alpha'), field('mine')] })
    const theirs = form({ ...base, plural: 'Stays', fields: [field('a'), field('b', 'Beta'), field('c', 'Gamma'), field('theirs')] })
    const both = merged(base, mine, theirs)
    expect([both.singular, both.plural]).toEqual(['Stop', 'Stays'])
    expect(slugs(both)).toEqual(['c', 'a', 'mine', 'theirs'])
    expect(both.fields.map((each) => each.label)).toEqual(['Gamma', 'Alpha', 'mine', 'theirs'])
  })

  it('does not bring back what they removed', () => {
    expect(slugs(merged(base, form({ ...base, fields: [field('a'), field('b', 'Beta'), field('c')] }), form({ ...base, fields: [field('a')] })))).toEqual(['a'])
  })

  it('takes theirs where both added the same name: its type is fixed', () => {
    const mine = { ...field('new'), stored: false, type: 'number' as const }
    const both = merged(base, form({ ...base, fields: [...base.fields, mine] }), form({ ...base, fields: [...base.fields, field('new')] }))
    expect(both.fields.filter((each) => each.slug === 'new')).toEqual([field('new')])
  })
})

describe('changeWords', () => {
  const change = (kind: ChangeBody['kind'], pointer: string, slug: string | null = null): ChangeBody => ({ kind, pointer, slug, effective: 'next_refresh' })
  const before = form({ fields: [field('old', 'Old one')] })
  const after = form({ fields: [field('status', 'Status'), { ...field('bare'), label: '' }] })

  it('names parts by their labels, removed ones too', () => {
    expect(changeWords([change('field_added', '/fields/0', 'status'), change('field_removed', '/fields/0', 'old'), change('field_added', '/fields/1', 'bare')], before, after)).toEqual([
      { id: 'manage.change.field_added', values: { name: 'Status', count: 1, place: '' }, loss: false },
      { id: 'manage.change.field_removed', values: { name: 'Old one', count: 1, place: '' }, loss: true },
      { id: 'manage.change.field_added', values: { name: 'bare', count: 1, place: '' }, loss: false },
    ])
  })

  it('says many options of one field in one sentence', () => {
    const many = [0, 1, 2].map((index) => change('option_added', `/fields/0/options/${index}`, 'status'))
    expect(changeWords([...many, change('option_added', '/fields/1/options/0', 'bare')], before, after).map(({ values }) => values.count)).toEqual([3, 1])
  })

  it('says what stands in another order', () => {
    const orders = [change('order_changed', '/fields'), change('order_changed', '/fields/0/options', 'status'), change('order_changed', '/relationships')]
    expect(changeWords(orders, before, after).map(({ values }) => values.place)).toEqual(['fields', 'options', 'relationships'])
  })
})

describe('readPasted', () => {
  it('reads lines, and columns of a spreadsheet', () => {
    const { added, repeated } = readPasted('open\tOuvert\r\n\n  closed  \nopen\n', [])
    expect(added.map(({ value, label }) => [value, label])).toEqual([['open', 'Ouvert'], ['closed', 'closed']])
    expect(repeated).toEqual(['open'])
  })

  it('tells each value once that is there already', () => {
    const { added, repeated } = readPasted('a\na\nb', [{ ...newOption(), value: 'a' }])
    expect([added.length, repeated]).toEqual([1, ['a']])
  })
})
