// Every view in both languages and themes, wide and narrow: no violation that axe finds, no sideways scroll, and
// nothing that the console says.
import { run } from './harness.mjs'

const REQUEST = {
  object: 'ticket',
  dimensions: [{ field: 'ticket.opened_at', granularity: 'month' }],
  pivot: ['ticket.channel'],
  measures: ['ticket.count', 'contact.count'],
  totals: true,
}
const CHARTS = ['bar', 'line', 'area', 'table']

/** A Look of each kind and a dashboard of them, made once. */
async function prepared(person) {
  const base = 'query/v1/tenants/acme'
  const found = await person.call('GET', `${base}/dashboards`)
  const known = found.items.find((item) => item.name === 'All charts')
  if (known !== undefined) {
    const dashboard = await person.call('GET', `${base}/dashboards/${known.id}`)
    return { look: dashboard.tiles[0].look, dashboard: known.id }
  }
  const looks = []
  for (const type of CHARTS) {
    looks.push(await person.call('POST', `${base}/looks`, { name: `Tickets as ${type}`, request: REQUEST, chart: { type, stacked: type === 'bar' } }))
  }
  const single = { object: 'ticket', measures: ['ticket.count'] }
  const byStatus = { object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count'] }
  const dashboard = await person.call('POST', `${base}/dashboards`, {
    name: 'All charts',
    tiles: [
      ...looks.map(({ id }, index) => ({ look: id, position: { x: (index % 2) * 6, y: Math.floor(index / 2) * 7, w: 6, h: 7 } })),
      { request: single, chart: { type: 'single', title: 'Tickets' }, position: { x: 0, y: 14, w: 3, h: 4 } },
      { request: byStatus, chart: { type: 'pie', title: 'Tickets by status' }, position: { x: 3, y: 14, w: 5, h: 7 } },
      { request: byStatus, chart: { type: 'funnel', title: 'Funnel' }, position: { x: 8, y: 14, w: 4, h: 7 } },
    ],
  })
  return { look: looks[0].id, dashboard: dashboard.id }
}

const everyView = (language, theme, width) => async ({ arrives }) => {
  const person = await arrives({ language, theme, width })
  const { page } = person
  const { look, dashboard } = await prepared(person)
  const views = {
    'the choice of a tenant': '/',
    'an empty report': '/t/acme/reports',
    'a Look': `/t/acme/reports/${look}`,
    'first minutes': '/t/nobody-yet/reports',
    Looks: '/t/acme/looks',
    dashboards: '/t/acme/dashboards',
    'a dashboard': `/t/acme/dashboards/${dashboard}`,
    objects: '/t/acme/data',
    'an object': '/t/acme/data/objects/ticket',
    'a new object': '/t/acme/data/objects/new',
    'an import': '/t/acme/data/import',
    imports: '/t/acme/data/imports',
    integrations: '/t/acme/data/integrations',
    'the search for a record': '/t/acme/data/records',
    settings: '/t/acme/data/settings',
    Ops: '/ops',
    'an address that is nothing': '/t/acme/nothing',
  }
  for (const [name, path] of Object.entries(views)) {
    await person.open(path)
    await page.waitForLoadState('networkidle')
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' }).catch(() => undefined)
    await person.accessible(name)
    await person.fits(name)
  }
}

await run({
  'every view, English, light, wide': everyView('en', 'light', 1280),
  'every view, English, light, narrow': everyView('en', 'light', 320),
  'every view, English, dark, wide': everyView('en', 'dark', 1280),
  'every view, English, dark, narrow': everyView('en', 'dark', 320),
  'every view, French, light, wide': everyView('fr', 'light', 1280),
  'every view, French, light, narrow': everyView('fr', 'light', 320),
  'every view, French, dark, wide': everyView('fr', 'dark', 1280),
  'every view, French, dark, narrow': everyView('fr', 'dark', 320),
})
