// Zendesk on the page: connect → signed webhooks → refresh → report → the tickets behind a figure → where one comes from.
import { createHmac } from 'node:crypto'
import { equal, eventually, run } from './harness.mjs'

const STAMP = Date.now().toString(36)
const SECRET = `made for the test ${STAMP}`
const AGENT = '8447388090494'
const HOUR_AGO = Date.now() - 3_600_000

/** The first and the second ticket are Ann's; the requester of the third is not known to Zendesk by e-mail. */
const TICKETS = [
  { id: '5158', requester_id: '88', status: 'OPEN', subject: 'Printer on fire' },
  { id: '5159', requester_id: '88', status: 'PENDING', subject: 'Paper is out' },
  { id: '5160', requester_id: '99', status: 'OPEN', subject: 'Where is my order?' },
]

/** An instant as Zendesk writes it: in nanoseconds. */
const at = (minute) => new Date(HOUR_AGO + minute * 60_000).toISOString().replace('Z', '000000Z')

const message = (kind, id, time, detail) => ({
  account_id: 22129848, id: `${kind}-${id}-${STAMP}`, subject: `zen:${kind.split('.')[0]}:${id}`, time, type: `zen:event-type:${kind}`,
  zendesk_event_version: '2022-11-06', event: { meta: { sequence: { id: '01J1N2T3C4', position: 1 } } }, detail,
})

const created = (ticket, minute) => message('ticket.created', ticket.id, at(minute), {
  actor_id: AGENT, assignee_id: AGENT, brand_id: '8447346621310', created_at: at(minute), custom_status: '8447320465790', description: ticket.subject,
  external_id: null, form_id: '8646151517822', group_id: '8447320466430', is_public: true, organization_id: '8447346622462', priority: 'LOW',
  submitter_id: AGENT, tags: ['printer'], type: 'TASK', updated_at: at(minute), via: { channel: 'web_service' }, ...ticket,
})

const ann = () => message('user.created', '88', at(0), {
  created_at: at(0), default_group_id: '0', email: 'ann@example.com', external_id: '', id: '88', organization_id: '0', role: 'end-user', updated_at: at(0),
})

/** Posts a message as Zendesk does; the status that is answered. */
async function deliver(address, document, secret) {
  const body = JSON.stringify(document)
  const signed = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const signature = createHmac('sha256', secret).update(signed + body).digest('base64')
  const headers = { 'Content-Type': 'application/json', 'X-Zendesk-Webhook-Signature': signature, 'X-Zendesk-Webhook-Signature-Timestamp': signed }
  return (await fetch(address, { method: 'POST', body, headers })).status
}

const story = (language) => async ({ arrives }) => {
  const tenant = `zendesk-${language}-${STAMP}`
  const person = await arrives({ language })
  const { page, t } = person
  const [first, ...others] = TICKETS

  await person.open(`/t/${tenant}/reports`)
  await page.getByRole('link', { name: t('first.source.zendesk.action') }).click()
  await page.getByRole('heading', { level: 1, name: t('integrations.connectName', { name: 'Zendesk' }) }).waitFor()
  await page.getByRole('button', { name: `${t('common.copy')}: ${t('integrations.address')}` }).click()
  await page.getByText(t('common.copied')).waitFor()
  const address = await page.evaluate(() => navigator.clipboard.readText())
  equal(await page.getByLabel(t('integrations.address')).and(page.locator('input')).inputValue(), address, 'the copied address')
  equal(await deliver(address, created(first, 1), SECRET), 401, 'the answer before the connection')

  await page.getByLabel(t('integrations.secret'), { exact: true }).fill(SECRET)
  await page.getByRole('button', { name: t('integrations.connectName', { name: 'Zendesk' }) }).click()
  await page.getByText(t('integrations.connectedAs', { name: 'zendesk' })).waitFor()
  await page.getByText(t('integrations.first.waiting')).waitFor()
  equal(await deliver(address, created(first, 1), `${SECRET}, mistyped`), 401, 'the answer to a wrong signature')
  await page.getByText(t('integrations.first.bad', { count: 1 })).waitFor()
  equal(await deliver(address, created(first, 1), SECRET), 202, 'the answer to the first message')
  await page.getByText(t('integrations.first.next')).waitFor()

  for (const [index, ticket] of others.entries()) equal(await deliver(address, created(ticket, 2 + index), SECRET), 202, `the answer to ${ticket.id}`)
  equal(await deliver(address, ann(), SECRET), 202, 'the answer to the user')
  await person.call('POST', `schema/v1/tenants/${tenant}/events`, [{
    specversion: '1.0', id: `ann-${STAMP}`, source: '/tests/page', type: 'crosslook.record.upserted.v1', time: new Date().toISOString(),
    data: { tenant, object: 'contact', record: 'ann', fields: { email: 'ann@example.com', country: 'FR' } },
  }])
  await person.refresh()

  await page.getByRole('navigation', { name: t('shell.main') }).getByRole('link', { name: t('shell.reports') }).click()
  await page.getByRole('button', { name: t('first.suggest.byFieldWithContacts', { objects: 'Zendesk tickets', field: 'Status' }) }).click()
  const rows = page.getByRole('main').getByRole('table').locator('tbody tr')
  const cells = async () => (await rows.allInnerTexts()).map((row) => row.split(/\s+/).filter(Boolean)).sort()
  await eventually(async () => JSON.stringify(await cells()) === JSON.stringify([['Open', '1', '1'], ['Pending', '1', '1']]), 'tickets and contacts are counted by status')

  await page.getByRole('button', { name: t('result.table.drillCount', { count: 1, shown: '1', where: 'Open, Zendesk tickets' }) }).click()
  const drilled = page.getByRole('dialog')
  await drilled.getByText(t('result.drill.matching', { count: 1 })).waitFor()
  await drilled.getByRole('link', { name: first.id, exact: true }).click()

  await page.getByRole('heading', { level: 1, name: t('records.title') }).waitFor()
  const where = page.getByRole('region', { name: t('records.where', { name: 'Zendesk ticket', id: first.id }) })
  await where.getByText(t('records.state.inReports'), { exact: true }).waitFor()
  await page.getByText(t('records.outcome.winner'), { exact: true }).waitFor()
}

await run({
  'Zendesk to its ticket, English': story('en'),
  'Zendesk to its ticket, French': story('fr'),
})
