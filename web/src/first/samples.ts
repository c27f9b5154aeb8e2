import type { Definition } from '../api/schema'

/** The sample data set: an object "Sample orders" and the contacts that bought, the same in every browser. Dates are
 * relative to today. Event ids depend on nothing but the number and the generation, so a repeat changes nothing. */

export const SAMPLE_OBJECT = 'sample_order'
const SOURCE = '/samples'
const CONTACTS = 300
const ORDERS = 1500
const DAYS = 540
const DAY_MS = 86_400_000

export type SampleEvent = { [member: string]: unknown; id: string; data: Record<string, unknown> }

const FIRST_NAMES = ['Ana', 'Luis', 'Emma', 'Noah', 'Chloé', 'Hugo', 'Mia', 'Liam', 'Zoë', 'Omar', 'Ines', 'Jonas', 'Priya', 'Kenji', 'Sofia', 'Mateo', 'Lea', 'Finn', 'Aisha', 'Paul']
const LAST_NAMES = ['Martin', 'Garcia', 'Smith', 'Dubois', 'Müller', 'Rossi', 'Silva', 'Tanaka', 'Novak', 'Larsen', 'Moreau', 'Keller', 'Brown', 'Costa', 'Petit']
/** With how often each occurs. */
const COUNTRIES: [string, number][] = [['US', 34], ['FR', 22], ['BR', 14], ['DE', 12], ['GB', 9], ['MX', 6], ['JP', 3]]
const STATUSES: [string, number][] = [['paid', 72], ['open', 12], ['refunded', 9], ['cancelled', 7]]
const CHANNELS: [string, number][] = [['web', 55], ['store', 25], ['phone', 12], ['partner', 8]]

type Words = { singular: string; plural: string; description: string; fields: Record<'number' | 'placed_at' | 'amount' | 'items' | 'status' | 'channel' | 'gift', string>; buyer: string; options: Record<string, string> }

/** The definition of the sample object in the reader's words. */
export function sampleDefinition(words: Words): Definition {
  const options = (values: [string, number][]) => values.map(([value]) => ({ value, label: words.options[value] ?? value }))
  return {
    object: SAMPLE_OBJECT,
    labels: { singular: words.singular, plural: words.plural },
    description: words.description,
    fields: [
      { slug: 'number', label: words.fields.number, type: 'text' },
      { slug: 'placed_at', label: words.fields.placed_at, type: 'datetime' },
      { slug: 'amount', label: words.fields.amount, type: 'currency', currency: 'USD' },
      { slug: 'items', label: words.fields.items, type: 'number', scale: 0 },
      { slug: 'status', label: words.fields.status, type: 'dropdown', options: options(STATUSES) },
      { slug: 'channel', label: words.fields.channel, type: 'dropdown', options: options(CHANNELS) },
      { slug: 'gift', label: words.fields.gift, type: 'boolean' },
    ],
    relationships: [{ slug: 'buyer', label: words.buyer, target: 'contact', many: false }],
  }
}

/** Random numbers from 0 to 1 that are the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function weighted(random: () => number, values: [string, number][]): string {
  let left = random() * values.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [value, weight] of values) {
    left -= weight
    if (left < 0) return value
  }
  return values[0]![0]
}

const pick = (random: () => number, values: string[]) => values[Math.floor(random() * values.length)]!
const padded = (number: number) => String(number).padStart(4, '0')
const contactId = (number: number) => `sample-contact-${padded(number)}`
const instant = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

function event(tenant: string, kind: string, id: string, now: Date, data: Record<string, unknown>): SampleEvent {
  return { specversion: '1.0', id, source: SOURCE, type: `crosslook.record.${kind}.v1`, time: now.toISOString(), data: { tenant, ...data } }
}

const emailOf = (number: number, first: string, last: string) => {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return `${plain(first)}.${plain(last)}.${number}@example.com`
}

function people(now: Date) {
  const random = randomFrom(7)
  return Array.from({ length: CONTACTS }, (_, index) => {
    const [first, last] = [pick(random, FIRST_NAMES), pick(random, LAST_NAMES)]
    const created = now.getTime() - Math.floor(random() ** 1.4 * (DAYS + 200)) * DAY_MS
    return { id: contactId(index + 1), email: emailOf(index + 1, first, last), first, last, country: weighted(random, COUNTRIES), created }
  })
}

/** The contacts, as events. A higher `generation` makes them new events: after the samples were removed. */
export function sampleContacts(tenant: string, now: Date, generation = 1): SampleEvent[] {
  return people(now).map((person) => event(tenant, 'upserted', `${person.id}-${generation}`, now, {
    object: 'contact', record: person.id,
    fields: { email: person.email, first_name: person.first, last_name: person.last, country: person.country, created_at: instant(person.created) },
  }))
}

/** The orders, as events: more of them lately, and more before Christmas. */
export function sampleOrders(tenant: string, now: Date, generation = 1): SampleEvent[] {
  const buyers = people(now)
  const random = randomFrom(42)
  return Array.from({ length: ORDERS }, (_, index) => {
    const id = `sample-order-${padded(index + 1)}`
    const buyer = buyers[Math.floor(random() ** 1.6 * CONTACTS)]!
    const placed = now.getTime() - Math.floor(random() ** 1.5 * DAYS * DAY_MS)
    const items = 1 + Math.floor(random() ** 2 * 6)
    const amount = (items * (12 + random() * 68)).toFixed(2)
    return event(tenant, 'upserted', `${id}-${generation}`, now, {
      object: SAMPLE_OBJECT, record: id,
      fields: { number: `S-${padded(index + 1)}`, placed_at: instant(placed), amount, items, status: weighted(random, STATUSES), channel: weighted(random, CHANNELS), gift: random() < 0.18 },
      relationships: { buyer: [{ email: buyer.email }] },
    })
  })
}

/** Events that delete the sample contacts again; the orders go with their object. */
export function sampleRemovals(tenant: string, now: Date, generation = 1): SampleEvent[] {
  return Array.from({ length: CONTACTS }, (_, index) =>
    event(tenant, 'deleted', `${contactId(index + 1)}-${generation}-removed`, now, { object: 'contact', record: contactId(index + 1) }))
}

/** A CSV file to try an import with: orders that name their buyers by e-mail. */
export function sampleCsv(now: Date): string {
  const rows = sampleOrders('', now).slice(0, 200).map((order) => {
    const data = order.data as { record: string; fields: Record<string, unknown>; relationships: { buyer: { email: string }[] } }
    const { number, placed_at: placed, amount, items, status, channel, gift } = data.fields
    return [data.record, number, placed, amount, items, status, channel, gift, data.relationships.buyer[0]!.email].join(',')
  })
  return `\ufeff${['_id,number,placed_at,amount,items,status,channel,gift,buyer.email', ...rows].join('\r\n')}\r\n`
}

/** Events in portions that one call takes. */
export function portions<Item>(items: readonly Item[], size = 300): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
}
