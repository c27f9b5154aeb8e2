// An event that is refused: seen in Ops, understood, mended and replayed, until a report counts it.
import { createHmac } from 'node:crypto'
import { equal, eventually, ok, run } from './harness.mjs'

const STAMP = Date.now().toString(36)
const SECRET = 'hush-returns'

/** An object that signed messages of a vendor fill. A message without a weight waits in quarantine: nothing replays it by
 * itself, as it would for an option that is added later. */
async function connected(person, tenant) {
  await person.call('POST', `schema/v1/tenants/${tenant}/schemas`, {
    object: 'parcel', labels: { singular: 'Parcel', plural: 'Parcels' },
    fields: [{ slug: 'status', label: 'Status', type: 'text' }, { slug: 'weight', label: 'Weight', type: 'number', required: true }],
    relationships: [{ slug: 'buyer', label: 'Buyer', target: 'contact', many: false }],
  })
  return person.call('PUT', `schema/v1/tenants/${tenant}/integrations/carrier`, {
    kind: 'generic', signing_secret: SECRET,
    options: {
      object: 'parcel', signature: { header: 'X-Signature', encoding: 'hex' }, record: '/id', time: '/at',
      fields: { status: '/status', weight: '/weight' }, relationships: { buyer: { email: '/buyer' } },
    },
  })
}

/** A vendor's signed message, to the address that the page shows. */
async function deliver(origin, path, message) {
  const body = JSON.stringify(message)
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  const response = await fetch(origin + path, { method: 'POST', body, headers: { 'Content-Type': 'application/json', 'X-Signature': signature } })
  equal(response.status, 202, 'the answer to a vendor')
}

const story = (language) => async ({ arrives }) => {
  const tenant = `refused-${language}-${STAMP}`
  const person = await arrives({ language })
  const { page, t } = person
  const { webhook_path: path } = await connected(person, tenant)
  const at = new Date(Date.now() - 60_000).toISOString()
  await deliver(person.origin, path, { id: 'p-1', at, status: 'Sent', weight: 2, buyer: 'ann@example.com' })
  await deliver(person.origin, path, { id: 'p-2', at, status: 'Lost', buyer: 'bob@example.com' })
  await eventually(async () => (await person.call('GET', `snapshot/v1/quarantine/counts?tenant=${tenant}`)).items.length === 1, 'one message is refused')

  await person.open('/ops')
  const panel = page.getByRole('region', { name: t('ops.quarantine'), exact: true }).first()
  await panel.getByLabel(t('ops.tenant'), { exact: true }).selectOption(tenant)
  const name = t('ops.quarantine.row', { reason: t('ops.code.required_missing'), source: 'Carrier' })
  const row = panel.getByRole('row').filter({ has: page.getByRole('checkbox', { name, exact: true }) })
  await row.getByText(`${tenant}`).waitFor()
  await row.getByRole('button', { name: t('ops.quarantine.showRow', { row: name }) }).click()
  const message = panel.getByLabel(t('ops.items.message'), { exact: true })
  await message.waitFor()
  ok(!/Lost|example\.com/.test(await message.innerText()), 'the values of the message are masked')
  ok(!/example\.com/.test(await panel.innerText()), 'no address is shown')
  await person.accessible('a refused event, masked')
  await panel.getByRole('button', { name: t('ops.items.showValues') }).click()
  ok(/"bob@example\.com"/.test(await message.innerText()), 'values are shown on demand')
  ok((await message.locator('mark').count()) > 0, 'the place of the problem is marked')

  // Nothing is mended yet: a replay says so and does nothing.
  const replay = async () => {
    await panel.getByRole('checkbox', { name, exact: true }).check()
    await panel.getByRole('button', { name: t('ops.replay') }).first().click()
    return page.getByRole('dialog', { name: t('ops.replay.title', { count: 1 }) })
  }
  const early = await replay()
  await early.getByText(t('ops.replay.none')).waitFor()
  equal(await early.getByRole('button', { name: t('ops.replay.action', { count: 0 }) }).getAttribute('aria-disabled'), 'true', 'nothing can be replayed')
  await early.getByRole('button', { name: t('common.cancel') }).click()
  await early.waitFor({ state: 'detached' })

  await person.open(`/t/${tenant}/data/objects/parcel`)
  const editor = page.getByRole('complementary', { name: t('manage.edit.label', { name: 'Parcel' }) })
  await editor.getByRole('list', { name: t('manage.fields.list') }).getByRole('button', { name: 'Weight', expanded: false }).click()
  await editor.getByRole('checkbox', { name: t('manage.fields.required') }).uncheck()
  await editor.getByRole('button', { name: t('common.save'), exact: true }).click()
  await eventually(async () => (await person.call('GET', `schema/v1/tenants/${tenant}/schemas/parcel`)).version === 2, 'the change is saved')

  await person.open('/ops')
  await panel.getByLabel(t('ops.tenant'), { exact: true }).selectOption(tenant)
  const dialog = await replay()
  await dialog.getByText(t('ops.replay.admitted', { count: 1 })).waitFor()
  await dialog.getByRole('button', { name: t('ops.replay.action', { count: 1 }) }).click()
  await dialog.getByText(t('ops.replay.done', { count: 1 })).waitFor()
  await dialog.getByRole('button', { name: t('common.close') }).last().click()
  await panel.getByText(t('ops.quarantine.none')).waitFor()

  await person.refresh()
  await person.open(`/t/${tenant}/reports`)
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  await fields.getByRole('button', { name: 'Parcels', expanded: false }).click()
  await fields.getByRole('button', { name: 'Status', exact: true }).click()
  await fields.getByRole('button', { name: 'Parcels', exact: true, pressed: false }).click()
  const rows = page.locator('main table tbody tr')
  const cells = async () => (await rows.allInnerTexts()).map((text) => text.split(/\s+/).filter(Boolean).join(' ')).sort()
  await eventually(async () => JSON.stringify(await cells()) === '["Lost 1","Sent 1"]', 'the report counts both parcels')
}

await run({
  'quarantine to replay, English': story('en'),
  'quarantine to replay, French': story('fr'),
})
