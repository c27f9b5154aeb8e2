// Takes the README's pictures of the page on the demonstration's data: make screenshots.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, Person } from './harness.mjs'

const target = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'pictures')
const SIZE = { width: 1440, height: 900 }

const question = {
  v: 1,
  n: 'Tickets and contacts by channel',
  c: { type: 'bar', stacked: true },
  q: {
    object: 'ticket',
    dimensions: [{ field: 'ticket.opened_at', granularity: 'week' }],
    pivot: ['ticket.channel'],
    measures: ['ticket.count', 'contact.count'],
    totals: true,
    filters: { and: [{ field: 'ticket.opened_at', op: 'in_previous', values: [3, 'month'] }, { field: 'ticket.status', op: 'in', values: ['open', 'solved'] }] },
  },
}

/** A dashboard of the demonstration's tickets, made once. */
async function dashboard(person) {
  const base = 'query/v1/tenants/acme/dashboards'
  const found = await person.call('GET', base)
  const known = found.items.find((item) => item.name === 'Support overview')
  if (known !== undefined) return known.id
  const opened = { field: 'ticket.opened_at', granularity: 'week' }
  const recent = { and: [{ field: 'ticket.opened_at', op: 'in_previous', values: [6, 'month'] }] }
  const tiles = [
    [{ object: 'ticket', measures: ['ticket.count'] }, { type: 'single', title: 'Tickets' }, 0, 0, 3, 3],
    [{ object: 'ticket', measures: ['ticket.csat.avg'] }, { type: 'single', title: 'CSAT, average' }, 3, 0, 3, 3],
    [{ object: 'ticket', measures: ['ticket.amount.sum'] }, { type: 'single', title: 'Amount, sum' }, 6, 0, 3, 3],
    [{ object: 'ticket', measures: ['contact.count'] }, { type: 'single', title: 'Contacts with a ticket' }, 9, 0, 3, 3],
    [{ object: 'ticket', dimensions: [opened], measures: ['ticket.count'] }, { type: 'area', title: 'Tickets opened per week' }, 0, 3, 8, 7],
    [{ object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count'] }, { type: 'funnel', title: 'Tickets by status' }, 8, 3, 4, 7],
    [{ object: 'ticket', dimensions: ['ticket.channel'], measures: ['ticket.count'] }, { type: 'bar', horizontal: true, title: 'Tickets by channel' }, 0, 10, 4, 7],
    [{ object: 'ticket', dimensions: ['contact.country'], measures: ['ticket.count', 'contact.count', 'ticket.csat.avg'], totals: true, limit: 8 }, { type: 'table', title: 'Tickets by country' }, 4, 10, 8, 7],
  ]
  const made = await person.call('POST', base, {
    name: 'Support overview',
    filters: recent,
    tiles: tiles.map(([request, chart, x, y, w, h]) => ({ request, chart, position: { x, y, w, h } })),
  })
  return made.id
}

const browser = await launch()
mkdirSync(target, { recursive: true })
const person = await Person.arrives(browser, SIZE)
const encoded = Buffer.from(JSON.stringify(question)).toString('base64url')
const pictures = {
  'custom-reports': [`/t/acme/reports?r=${encoded}`, 'main figure svg'],
  dashboard: [`/t/acme/dashboards/${await dashboard(person)}`, 'main figure svg'],
  'manage-data': ['/t/acme/data/objects/ticket', 'main table tbody tr'],
}
for (const [name, [path, drawn]] of Object.entries(pictures)) {
  await person.open(path)
  await person.page.locator(drawn).first().waitFor()
  await person.page.waitForLoadState('networkidle')
  await person.page.evaluate(() => document.fonts.ready)
  await person.page.screenshot({ path: join(target, `${name}.png`) })
  console.log(`docs/pictures/${name}.png`)
}
await person.leaves()
await browser.close()
