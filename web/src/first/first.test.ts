import { expect, test } from 'vitest'
import type { SchemaBody } from '../api/schema'
import { portions, SAMPLE_OBJECT, sampleContacts, sampleCsv, sampleDefinition, sampleOrders, sampleRemovals } from './samples'
import { reportableOf, suggestReports, type Reportable } from './suggestions'
import { sendCommand, testEvent } from './testEvent'

const field = (name: string, type: string, measures: string[] = []) => ({ name, label: name.split('.')[1] ?? name, type, measures })
const ticket: Reportable = {
  object: 'ticket', label: 'Tickets', joinable: ['contact'], relationships: [{ slug: 'requester' }],
  dimensions: [field('ticket.subject', 'text'), field('ticket.opened_at', 'datetime'), field('ticket.status', 'dropdown'), field('ticket.csat', 'number', ['ticket.csat.avg'])],
}

test('three reports: over time, by choice with contacts, and the number by country', () => {
  expect(suggestReports(ticket)).toEqual([
    { title: { id: 'first.suggest.perMonth', values: { objects: 'Tickets', date: 'opened_at' } }, report: { object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: 'month' }], measures: ['ticket.count'] }, chart: { type: 'line' } },
    { title: { id: 'first.suggest.byFieldWithContacts', values: { objects: 'Tickets', field: 'status' } }, report: { object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count', 'contact.count'] }, chart: { type: 'bar' } },
    { title: { id: 'first.suggest.averageByCountry', values: { objects: 'Tickets', field: 'csat' } }, report: { object: 'ticket', dimensions: ['contact.country'], measures: ['ticket.csat.avg'] }, chart: { type: 'bar', horizontal: true } },
  ])
})

test('money comes before numbers and is added up', () => {
  const priced = { ...ticket, dimensions: [...ticket.dimensions, field('ticket.fee', 'currency', ['ticket.fee.sum'])] }
  expect(suggestReports(priced)[2]?.report.measures).toEqual(['ticket.fee.sum'])
})

test('with several relationships a report that uses the contact names one', () => {
  const two = { ...ticket, relationships: [{ slug: 'requester' }, { slug: 'assignee' }] }
  expect(suggestReports(two).map((suggestion) => suggestion.report.relationship)).toEqual([undefined, 'requester', 'requester'])
})

test('without a contact nothing is joined, and there are three all the same', () => {
  const alone = { ...ticket, joinable: [], relationships: [] }
  const reports = suggestReports(alone).map((suggestion) => suggestion.report)
  expect(reports).toHaveLength(3)
  expect(JSON.stringify(reports)).not.toContain('contact.')
})

test('an object with text only still has something to show, and no report twice', () => {
  const poor = { ...ticket, dimensions: [field('ticket.subject', 'text')] }
  const reports = suggestReports(poor).map((suggestion) => JSON.stringify(suggestion.report))
  expect(reports).toHaveLength(3)
  expect(new Set(reports).size).toBe(3)
})

test('contacts: created, by country, in total', () => {
  const contact = { object: 'contact', label: 'Contacts', joinable: [], relationships: [], dimensions: [field('contact.country', 'text')] }
  expect(suggestReports(contact).map((suggestion) => suggestion.chart.type)).toEqual(['line', 'bar', 'single'])
})

test('a definition suggests what its object will suggest once it is in reports', () => {
  const schema: SchemaBody = {
    object: 'ticket', labels: { singular: 'Ticket', plural: 'Tickets' }, version: 1, status: 'active', created_at: '', updated_at: '', in_reports: { state: 'pending' },
    fields: [{ slug: 'subject', label: 'subject', type: 'text' }, { slug: 'opened_at', label: 'opened_at', type: 'datetime' }, { slug: 'status', label: 'status', type: 'dropdown' }, { slug: 'csat', label: 'csat', type: 'number' }],
    relationships: [{ slug: 'requester', target: 'contact' }, { slug: 'site', target: 'place' }],
  }
  expect(suggestReports(reportableOf(schema))).toEqual(suggestReports(ticket))
})

const now = new Date('2026-12-01T12:00:00Z')
type Data = { object: string; record: string; fields: Record<string, string | number | boolean>; relationships: { buyer: { email: string }[] } }
const dataOf = (event: { data: unknown }) => event.data as Data

test('the sample data are the same each time, with ids that a repeat repeats', () => {
  expect(sampleOrders('acme', now)).toEqual(sampleOrders('acme', now))
  const ids = [...sampleContacts('acme', now), ...sampleOrders('acme', now)].map((event) => event.id)
  expect(new Set(ids).size).toBe(1800)
  const later = sampleOrders('acme', new Date('2027-01-05T00:00:00Z')).map((event) => event.id)
  expect(later).toEqual(sampleOrders('acme', now).map((event) => event.id))
  expect(sampleOrders('acme', now, 2)[0]?.id).not.toBe(sampleOrders('acme', now)[0]?.id)
})

test('every order has a buyer among the contacts, values of its definition, and lies in the past', () => {
  const emails = new Set(sampleContacts('acme', now).map((event) => dataOf(event).fields.email))
  const words = { singular: 's', plural: 'p', description: '', buyer: 'b', options: {}, fields: { number: 'n', placed_at: 'p', amount: 'a', items: 'i', status: 's', channel: 'c', gift: 'g' } }
  const definition = sampleDefinition(words)
  const statuses = definition.fields?.find((one) => one.slug === 'status')?.options?.map((option) => option.value)
  for (const event of sampleOrders('acme', now)) {
    const { object, fields, relationships } = dataOf(event)
    expect(object).toBe(SAMPLE_OBJECT)
    expect(emails).toContain(relationships.buyer[0]?.email)
    expect(statuses).toContain(fields.status)
    expect(Object.keys(fields).sort()).toEqual(definition.fields?.map((one) => one.slug).sort())
    expect(Date.parse(String(fields.placed_at))).toBeLessThanOrEqual(now.getTime())
    expect(fields.amount).toMatch(/^\d+\.\d\d$/)
  }
})

test('removal names exactly the contacts that were added', () => {
  expect(sampleRemovals('acme', now).map((event) => dataOf(event).record)).toEqual(sampleContacts('acme', now).map((event) => dataOf(event).record))
})

test('the sample CSV has an id and an e-mail in each row', () => {
  const [head, ...rows] = sampleCsv(now).replace('\ufeff', '').trimEnd().split('\r\n')
  expect(head?.split(',')).toEqual(['_id', 'number', 'placed_at', 'amount', 'items', 'status', 'channel', 'gift', 'buyer.email'])
  expect(rows).toHaveLength(200)
  expect(rows.every((row) => row.split(',').length === 9 && row.endsWith('@example.com'))).toBe(true)
})

test('portions lose nothing', () => {
  expect(portions([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(portions([])).toEqual([])
})

test('a test event has a value that fits each field', () => {
  const schema: SchemaBody = {
    object: 'visit', version: 1, status: 'active', created_at: '', updated_at: '', in_reports: { state: 'pending' },
    fields: [{ slug: 'kind', type: 'dropdown', options: [{ value: 'a' }] }, { slug: 'none', type: 'dropdown', options: [] }, { slug: 'fee', type: 'currency' }, { slug: 'day', type: 'date' }],
    relationships: [{ slug: 'visitor', target: 'contact' }, { slug: 'shop', target: 'shop' }],
  }
  expect(testEvent('acme', schema, now, 'e1')).toMatchObject({
    id: 'e1', data: { tenant: 'acme', object: 'visit', fields: { kind: 'a', fee: '12.50', day: '2026-12-01' }, relationships: { visitor: [{ email: 'ada@example.com' }] } },
  })
})

test('the call for a terminal addresses the service, as programs do, and names no one page', () => {
  const command = sendCommand('a&b', testEvent('a&b', null, new Date('2026-11-30T12:00:00Z'), 'e-1'))
  expect(command).toContain('"$SCHEMA_SERVICE/v1/tenants/a%26b/events"')
  expect(JSON.parse(command.slice(command.indexOf("-d '") + 4, -1))).toHaveLength(1)
})
