import { describe, expect, it } from 'vitest'
import type { SchemaBody } from '../api/schema'
import { moved, withField, withNames, withOption } from './edits'
import { definitionOf, emptyForm, formOf, newField, newOption, sameForm, slugFor, type ObjectForm } from './form'

const ticket: SchemaBody = {
  object: 'ticket', labels: { singular: 'Ticket', plural: 'Tickets' }, version: 3, status: 'active',
  created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', in_reports: { state: 'available' },
  fields: [
    { slug: 'status', label: 'Status', type: 'dropdown', options: [{ value: 'open' }, { value: 'done', label: 'Done' }] },
    { slug: 'amount', label: 'Amount', type: 'currency', currency: 'USD', scale: 2, required: true },
  ],
  relationships: [{ slug: 'requester', label: 'Requester', target: 'contact' }],
}

describe('definitionOf', () => {
  it('sends what the service has, with nothing that says nothing', () => {
    expect(definitionOf(formOf(ticket))).toEqual({
      object: 'ticket', labels: { singular: 'Ticket', plural: 'Tickets' }, description: '',
      fields: [
        { slug: 'status', label: 'Status', type: 'dropdown', options: [{ value: 'open', label: 'open' }, { value: 'done', label: 'Done' }] },
        { slug: 'amount', label: 'Amount', type: 'currency', currency: 'USD', scale: 2, required: true },
      ],
      relationships: [{ slug: 'requester', label: 'Requester', target: 'contact', many: false }],
    })
  })

  it('leaves out what another type had', () => {
    const field = { ...newField(), slug: 'a', label: 'A', type: 'date' as const, currency: 'EUR', scale: '2', options: [{ ...newOption(), value: 'x' }] }
    expect(definitionOf({ ...emptyForm('Contact'), fields: [field] }).fields).toEqual([{ slug: 'a', label: 'A', type: 'date' }])
  })

  it('writes a currency in capitals and an empty list of options', () => {
    const fields = [{ ...newField(), slug: 'a', type: 'currency' as const, currency: ' eur ' }, { ...newField(), slug: 'b', type: 'multiselect' as const }]
    expect(definitionOf({ ...emptyForm('Contact'), fields }).fields).toMatchObject([{ currency: 'EUR' }, { options: [] }])
  })
})

it('knows the contact’s built-in fields', () => {
  const contact = formOf({ ...ticket, object: 'contact', fields: [{ slug: 'email', type: 'text' }, { slug: 'segment', type: 'text' }] })
  expect(contact.fields.map((field) => field.builtIn)).toEqual([true, false])
  expect(formOf({ ...ticket, fields: [{ slug: 'email', type: 'text' }] }).fields[0]?.builtIn).toBe(false)
})

describe('names that follow labels', () => {
  const empty = emptyForm('Contact')
  const typed = (form: ObjectForm, patch: Partial<ObjectForm>) => withNames(form, patch, ['visit'])

  it('follow the singular until they are typed', () => {
    const first = typed(empty, { singular: 'Visit' })
    expect([first.slug, first.plural]).toEqual(['visit_2', 'Visits'])
    const named = typed({ ...first, slug: 'stop', named: true, plural: 'Stops', pluralTyped: true }, { singular: 'Delivery' })
    expect([named.slug, named.plural]).toEqual(['stop', 'Stops'])
  })

  it('never follow once the object is stored', () => {
    expect(withNames(formOf(ticket), { singular: 'Case' }, []).slug).toBe('ticket')
    expect(withField(formOf(ticket), 'f_amount', { label: 'Price' }).fields[1]).toMatchObject({ label: 'Price', slug: 'amount' })
  })

  it('avoid other parts and reserved words', () => {
    const field = newField()
    const form = { ...formOf(ticket), fields: [...formOf(ticket).fields, field] }
    const slug = (label: string) => withField(form, field.key, { label }).fields.at(-1)?.slug
    expect([slug('Status'), slug('Requester'), slug('Count'), slug('€')]).toEqual(['status_2', 'requester_2', 'count_value', ''])
    expect(slugFor('Record', ['record_value'])).toBe('record_value_2')
  })

  it('give an option its value', () => {
    const [option] = withOption([{ ...newOption(), key: 'o' }], 'o', { label: 'En cours ' })
    expect(option?.value).toBe('En cours')
    expect(withOption([{ ...newOption(), key: 'o', stored: true, value: 'open' }], 'o', { label: 'Offen' })[0]?.value).toBe('open')
  })
})

it('moves items to a place, and no further than the ends', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(moved(['a', 'b', 'c'], 2, -4)).toEqual(['c', 'a', 'b'])
  expect(moved(['a'], 3, 0)).toEqual(['a'])
})

it('takes a form for the same when it says the same', () => {
  const form = formOf(ticket)
  expect(sameForm(form, { ...form, singular: 'Ticket ' })).toBe(true)
  expect(sameForm(form, { ...form, fields: moved(form.fields, 0, 1) })).toBe(false)
})
