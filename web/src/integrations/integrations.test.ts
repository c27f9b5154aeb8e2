import { expect, test } from 'vitest'
import { CallError } from '../api/call'
import type { AvailableIntegrationBody, ConnectionBody, SchemaBody } from '../api/schema'
import { begun, readPages, withPage } from './backfill'
import { cardsOf, conditionOf, freeName } from './cards'
import { readNames, writeNames } from './nameLines'
import { draftOf, emptyRow, isForm, optionsOf, tidy, widgetOf, type OptionSchema } from './options'
import { allShown, errorsBelow } from './saving'
import { backfillCommand, calendlySubscription, isLoopback, newKey } from './webhook'

const vendor = (integration: string, object: string | null): AvailableIntegrationBody => ({ integration, label: integration, object, options: {}, webhook: { signed_by: '', answers: '' } })
const available = [vendor('calendly', 'calendly_booking'), vendor('generic', null), vendor('zendesk', 'zendesk_ticket')]
const health = { last_event_at: null, last_refused_at: null, events_24h: 0, refused_24h: 0, bad_signatures_24h: 0, stale_signatures_24h: 0, warning: null }
const connection = (name: string, kind: string, object: string): ConnectionBody => ({
  name, kind, label: kind, state: 'connected', object, webhook_path: '', options: {}, connected_at: '', replaced_until: null, health,
})
const bundled = (object: string, integration: string): SchemaBody => ({ object, integration, version: 1, status: 'active', created_at: '', updated_at: '', in_reports: { state: 'available' } })

test('connections come first, Zendesk before others; the one for any webhook is last and always there', () => {
  const cards = cardsOf(available, [connection('shop', 'generic', 'order'), connection('zendesk', 'zendesk', 'zendesk_ticket')], [])
  expect(cards.map((card) => (card.kind === 'connected' ? card.connection.name : card.integration.integration))).toEqual(['zendesk', 'shop', 'calendly', 'generic'])
})

test('a vendor that was disconnected says which object it left; one that another connection fills is not left', () => {
  const objects = [bundled('calendly_booking', 'calendly'), bundled('zendesk_ticket', 'zendesk')]
  const keptOf = (connections: ConnectionBody[]) => cardsOf(available, connections, objects).map((card) => (card.kind === 'available' ? card.kept?.object : undefined))
  expect(keptOf([])).toEqual(['zendesk_ticket', 'calendly_booking', undefined])
  expect(keptOf([connection('z', 'other', 'zendesk_ticket')])).toEqual([undefined, undefined, 'calendly_booking', undefined])
})

test('a connection needs a look before it counts as well', () => {
  expect(conditionOf({ state: 'connected', health })).toBe('waiting')
  expect(conditionOf({ state: 'connected', health: { ...health, last_event_at: 'x' } })).toBe('ok')
  expect(conditionOf({ state: 'connected', health: { ...health, last_event_at: 'x', bad_signatures_24h: 1 } })).toBe('warning')
  expect(conditionOf({ state: 'object_missing', health: { ...health, bad_signatures_24h: 1 } })).toBe('broken')
})

test('a second account gets a name of its own', () => {
  expect(freeName('zendesk', [])).toBe('zendesk')
  expect(freeName('zendesk', [{ name: 'zendesk' }, { name: 'zendesk_2' }])).toBe('zendesk_3')
})

test.each([['localhost', true], ['127.0.0.1', true], ['[::1]', true], ['a.localhost', true], ['crosslook.example.com', false], ['10.0.0.1', false]])('%s is only this computer: %s', (host, only) => {
  expect(isLoopback(host)).toBe(only)
})

test('commands name the connection where it is not called after the vendor', () => {
  expect(backfillCommand('zendesk', 'acme', 'zendesk')).not.toContain('--name')
  expect(backfillCommand('zendesk', 'acme', 'helpdesk_eu')).toContain('--tenant acme --name helpdesk_eu --url')
  expect(calendlySubscription('https://x.example/v1/webhooks/a/calendly')).toContain('"url": "https://x.example/v1/webhooks/a/calendly"')
  expect(newKey()).toMatch(/^[0-9a-f]{64}$/)
})

const schema: OptionSchema = {
  type: 'object',
  properties: {
    on: { type: 'boolean' },
    list: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' }, type: { type: 'string', enum: ['text', 'date'] } } } },
    names: { type: 'object', properties: { group: { type: 'object', additionalProperties: { type: 'string' } } } },
  },
}

test('simple options have fields, others are JSON', () => {
  expect(Object.values(schema.properties ?? {}).map(widgetOf)).toEqual(['switch', 'rows', 'group'])
  expect(isForm(schema)).toBe(true)
  expect(isForm({ properties: { record: { type: ['string', 'object'] } } })).toBe(false)
  expect(emptyRow(schema.properties?.list?.items ?? {})).toEqual({ id: '', type: 'text' })
})

test('what says nothing is not sent; false is said', () => {
  expect(tidy({ on: false, list: [], names: { group: {} }, text: '' })).toEqual({ on: false })
})

test('JSON that is no object is no options', () => {
  const free = { properties: { record: { type: ['string', 'object'] } } }
  expect(optionsOf(free, { options: {}, text: '[1]' })).toBeNull()
  expect(optionsOf(free, { options: {}, text: '{' })).toBeNull()
  expect(optionsOf(free, draftOf({ record: '/id' }))).toEqual({ record: '/id' })
})

test('names are read a line each, with several signs between', () => {
  expect(readNames('1 = Ann\n\n22,Support\t\n3\tSales')).toEqual({ names: { 1: 'Ann', 22: 'Support', 3: 'Sales' }, wrong: null })
  expect(readNames('1 = Ann\nBob').wrong).toBe(2)
  expect(readNames(writeNames({ 1: 'Ann = x' })).names).toEqual({ 1: 'Ann = x' })
})

test('errors of a refusal find their fields', () => {
  const error = new CallError(422, { errors: [{ pointer: '/options/list/0/id', code: 'x', message: 'Digits.' }, { pointer: '/optionsx', code: 'x', message: 'No.' }] }, null)
  expect(errorsBelow(error, '/options')).toEqual({ '/list/0/id': 'Digits.' })
  expect(allShown(error, ['/options'])).toBe(false)
  expect(allShown(error, ['/options', '/optionsx'])).toBe(true)
})

test('pages of an export are read in the order of their numbers, wrong ones are named', async () => {
  const pages = await readPages([new File(['{"tickets":[]}'], 'page10.json'), new File(['{}'], 'page2.json'), new File(['[]'], 'page3.json'), new File(['x'], 'page4.json')])
  expect(pages.map((page) => [page.name, page.problem])).toEqual([['page2.json', null], ['page3.json', 'not_json'], ['page4.json', 'not_json'], ['page10.json', null]])
})

test('counts of pages add up', () => {
  const first = withPage(begun(2), { accepted: 3, refused: 1, errors: [{ message: 'Bad.', pointer: '', index: 4 }] }, 'p1')
  expect(withPage(first, { accepted: 2, refused: 0, errors: [] }, 'p2')).toEqual({ pages: 2, done: 2, accepted: 5, refused: 1, reasons: ['p1 · 5: Bad.'], failed: null })
})
