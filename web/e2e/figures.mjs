// The page's figures, printed as JSON: what a first chart costs, how soon a click is answered, what stays in memory.
import { Person, eventually, launch } from './harness.mjs'

const OBJECTS = 200
const FIELDS = 100
const CHANGES = [20, 200, 300, 600]
const REPEATS = 15
const WIDE = 'page-figures'

const encoded = (question) => Buffer.from(JSON.stringify({ v: 1, ...question })).toString('base64url')
const report = (q, c = { type: 'table' }) => `/t/acme/reports?r=${encoded({ q, c })}`
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** Notes in the page the frame after the one in which a chart is there: asked from outside, a busy page answers later. */
function noteFirstChart() {
  const look = () => {
    const chart = document.querySelector('main figure canvas, main figure svg')
    if (chart === null || chart.getBoundingClientRect().height === 0) requestAnimationFrame(look)
    else requestAnimationFrame(() => { window.firstChartAt = performance.now() })
  }
  requestAnimationFrame(look)
}

/** Bytes over the wire and milliseconds until the first chart is drawn, in a window without a cache. */
async function firstChart(browser) {
  const person = await Person.arrives(browser)
  const { page, context } = person
  const address = page.url()
  const fresh = await context.newPage()
  const client = await context.newCDPSession(fresh)
  await client.send('Network.enable')
  await client.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  client.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength })
  const question = report({ object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: 'month' }], pivot: ['ticket.channel'], measures: ['ticket.count'] }, { type: 'bar', stacked: true })
  await fresh.addInitScript(noteFirstChart)
  await fresh.goto(new URL(question, address).href)
  await fresh.waitForFunction(() => window.firstChartAt !== undefined)
  await fresh.waitForLoadState('networkidle')
  const [ms, transferred] = [await fresh.evaluate(() => window.firstChartAt), bytes]
  // What the services took of it: the questions are asked again, one after the other, as the page asks them.
  const answers = await fresh.evaluate(async () => {
    const start = performance.now()
    const headers = { 'X-Crosslook-Session': '*', Accept: 'application/json', 'Content-Type': 'application/json' }
    await (await fetch('/api/sessions')).json()
    await (await fetch('/api/query/v1/tenants/acme/catalog', { headers, cache: 'no-store' })).json()
    const body = JSON.stringify({ object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: 'month' }], pivot: ['ticket.channel'], measures: ['ticket.count'], limit: 499 })
    await (await fetch('/api/query/v1/tenants/acme/query', { method: 'POST', headers, body })).json()
    return performance.now() - start
  })
  await person.leaves()
  return { bytes: transferred, ms, answers }
}

/** Milliseconds from each of some clicks to the frame after it. */
async function clicks(page, locators) {
  const found = []
  for (const locator of locators) {
    const element = await locator.elementHandle()
    found.push(await page.evaluate((clicked) => new Promise((resolve) => {
      const start = performance.now()
      clicked.click()
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start), 0))
    }), element))
    await page.waitForTimeout(150)
  }
  return found
}

/** Clicks on a page without anything: what the machine does meanwhile. */
async function bareClicks(browser) {
  const page = await browser.newPage()
  await page.setContent('<button>nothing</button>')
  const found = await clicks(page, Array.from({ length: REPEATS }, () => page.getByRole('button')))
  await page.close()
  return found
}

/** Clicks on fields while 5,000 rows are shown. */
async function manyRows(browser) {
  const person = await Person.arrives(browser)
  const { page, t } = person
  await person.open(report({ object: 'ticket', list: ['ticket._id', 'ticket.status', 'ticket.channel', 'ticket.opened_at'], limit: 5000 }))
  await page.locator('main table tbody tr').nth(5).waitFor()
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  const field = fields.getByRole('button', { name: 'Priority', exact: true })
  const found = await clicks(page, Array.from({ length: REPEATS }, () => field))
  await person.leaves()
  return found
}

/** A tenant with as many objects and fields as the picker must carry. */
async function wide(person) {
  const base = `schema/v1/tenants/${WIDE}`
  const known = await person.call('GET', `query/v1/tenants/${WIDE}/catalog`).catch(() => ({ explores: [] }))
  if (known.explores.length > OBJECTS / 2) return
  for (let index = 0; index < OBJECTS - 1; index += 1) {
    const fields = Array.from({ length: FIELDS }, (_, at) => ({ slug: `f${at}`, label: `Field ${at} of ${index}`, type: ['text', 'number', 'datetime', 'boolean'][at % 4] }))
    await person.call('POST', `${base}/schemas`, {
      object: `o${index}`, labels: { singular: `Object ${index}`, plural: `Objects ${index}` }, fields,
      relationships: [{ slug: 'owner', label: 'Owner', target: 'contact', many: false }],
    })
  }
  await person.refresh()
}

/** Opening an object and adding fields in a picker of 200 objects with 100 fields each. */
async function widePicker(browser) {
  const person = await Person.arrives(browser)
  const { page, t } = person
  await wide(person)
  await person.open(`/t/${WIDE}/reports`)
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  await fields.getByRole('button', { name: 'Objects 7', exact: true }).waitFor()
  const object = fields.getByRole('button', { name: 'Objects 7', exact: true }).first()
  const opening = await clicks(page, Array.from({ length: REPEATS }, () => object))
  await object.click({ trial: true })
  if ((await object.getAttribute('aria-expanded')) !== 'true') await object.click()
  const field = fields.getByRole('button', { name: 'Field 3 of 7', exact: true })
  const adding = await clicks(page, Array.from({ length: REPEATS }, () => field))
  await person.leaves()
  return { opening, adding }
}

/** Bytes of the page's heap after each number of changes of a report. */
async function memory(browser) {
  const person = await Person.arrives(browser)
  const { page, context, t } = person
  await person.open(report({ object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count'] }, { type: 'bar' }))
  await page.locator('main table tbody tr').first().waitFor()
  const client = await context.newCDPSession(page)
  const heap = async () => {
    await client.send('HeapProfiler.collectGarbage')
    return (await client.send('Runtime.getHeapUsage')).usedSize
  }
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  const names = ['Priority', 'Channel', 'Opened', 'CSAT, average', 'Amount, sum']
  const found = {}
  for (let change = 0; change <= CHANGES.at(-1); change += 1) {
    if (CHANGES.includes(change)) found[change] = await heap()
    await fields.getByRole('button', { name: names[change % names.length], exact: true }).click()
    await eventually(async () => (await page.locator('main [aria-busy=true]').count()) === 0, 'the report is there')
  }
  await person.leaves()
  return found
}

const browser = await launch()
const first = [await firstChart(browser), await firstChart(browser), await firstChart(browser)]
const bare = await bareClicks(browser)
const rows = await manyRows(browser)
const picker = await widePicker(browser)
const heap = await memory(browser)
await browser.close()
console.log(JSON.stringify({
  first_chart_bytes: Math.max(...first.map(({ bytes }) => bytes)),
  first_chart_ms: median(first.map(({ ms }) => ms)),
  answers_ms: median(first.map(({ answers }) => answers)),
  bare_click_ms: median(bare),
  click_5000_rows_ms: median(rows),
  click_open_object_ms: median(picker.opening),
  click_add_field_ms: median(picker.adding),
  heap_bytes: heap,
}))
