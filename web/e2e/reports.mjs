// "Define an object → send events → pending → refresh → cross-joined report → Look → dashboard → reopen".
import { equal, eventually, ok, run } from './harness.mjs'

const STAMP = Date.now().toString(36)

/** Records of a visit, each linked to a contact by e-mail. */
function events(tenant, object) {
  const at = (day) => `2026-${day}T10:00:00Z`
  const contact = (id, country) => ({
    specversion: '1.0', id: `c-${id}-${STAMP}`, source: '/tests/page', type: 'crosslook.record.upserted.v1', time: at('11-01'), datacontenttype: 'application/json',
    data: { tenant, object: 'contact', record: `c-${id}`, fields: { email: `${id}@example.com`, country } },
  })
  const visit = (id, kind, day, of) => ({
    specversion: '1.0', id: `v-${id}-${STAMP}`, source: '/tests/page', type: 'crosslook.record.upserted.v1', time: at(day), datacontenttype: 'application/json',
    data: { tenant, object, record: id, fields: { kind, seen_at: at(day) }, relationships: of === null ? {} : { visitor: [{ email: `${of}@example.com` }] } },
  })
  return [
    contact('ann', 'FR'), contact('bob', 'DE'),
    visit('v1', 'tour', '10-05', 'ann'), visit('v2', 'tour', '10-20', 'ann'), visit('v3', 'talk', '11-02', 'bob'), visit('v4', 'talk', '11-03', null),
  ]
}

const story = (language) => async ({ arrives }) => {
  const tenant = `page-${language}-${STAMP}`
  const person = await arrives({ language })
  const { page, t } = person
  await person.call('POST', `schema/v1/tenants/${tenant}/schemas`, {
    object: 'visit', labels: { singular: 'Visit', plural: 'Visits' },
    fields: [
      { slug: 'kind', label: 'Kind', type: 'dropdown', options: [{ value: 'tour', label: 'Tour' }, { value: 'talk', label: 'Talk' }] },
      { slug: 'seen_at', label: 'Seen', type: 'datetime' },
    ],
    relationships: [{ slug: 'visitor', label: 'Visitor', target: 'contact', many: false }],
  })
  await person.call('POST', `schema/v1/tenants/${tenant}/events`, events(tenant, 'visit'))
  await person.open(`/t/${tenant}/reports`)
  await page.getByText('Visits', { exact: true }).first().waitFor()
  await person.refresh()

  await person.open(`/t/${tenant}/reports`)
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  await fields.getByRole('button', { name: 'Visits' }).click()
  await fields.getByRole('button', { name: 'Kind', exact: true }).click()
  await fields.getByRole('button', { name: 'Visits', exact: true, pressed: false }).click()
  const rows = page.locator('main table tbody tr')
  await eventually(async () => (await rows.count()) === 2, 'two rows are shown')
  await fields.getByRole('button', { name: 'Contacts', expanded: true }).waitFor()
  await fields.getByRole('button', { name: 'Contacts', exact: true, pressed: false }).click()
  // The join leaves out the visit without a contact: one of two talks.
  await eventually(async () => /1/.test(await page.locator('main .badge.join').innerText()), 'the join says what it leaves out')
  const cells = async () => (await rows.allInnerTexts()).map((row) => row.split(/\s+/).filter(Boolean))
  await eventually(async () => (await cells()).some((row) => row[0] === 'Tour' && row.includes('2') && row.includes('1')), 'tours are 2 of 1 contact')
  ok(page.url().includes('?r='), 'the address holds the question')

  await page.getByRole('textbox', { name: t('explore.title') }).fill('Visits by kind')
  await page.getByRole('button', { name: t('common.save'), exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(t('explore.save.dashboard')).selectOption({ label: t('explore.save.newDashboard') })
  await dialog.getByLabel(t('explore.save.dashboardName')).fill('Overview')
  await dialog.getByRole('button', { name: t('common.save') }).click()
  await page.waitForURL(/\/reports\/[^?]+$/)
  const saved = await person.call('GET', `query/v1/tenants/${tenant}/looks`)
  equal(saved.items.map((look) => look.name), ['Visits by kind'], 'the Looks')

  // Over itself, with another name in the dialog: nothing is left to save.
  await page.getByRole('textbox', { name: t('explore.title') }).fill('Visits and contacts')
  await page.getByText(t('explore.unsaved')).waitFor()
  await page.getByRole('button', { name: t('common.save'), exact: true }).first().click()
  await dialog.getByLabel(t('explore.save.name'), { exact: true }).fill('Visits by kind')
  await dialog.getByLabel(t('explore.save.description')).fill('How many of each kind')
  await dialog.getByRole('button', { name: t('common.save') }).click()
  await dialog.waitFor({ state: 'detached' })
  await eventually(async () => (await page.getByText(t('explore.unsaved')).count()) === 0, 'everything is saved')
  equal(await page.getByRole('textbox', { name: t('explore.title') }).inputValue(), 'Visits by kind', 'the name on the page')

  const { items } = await person.call('GET', `query/v1/tenants/${tenant}/dashboards`)
  await person.open(`/t/${tenant}/dashboards/${items[0].id}`)
  await page.getByRole('heading', { name: 'Visits by kind' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Visits by kind' }).waitFor()
  await page.goBack()
  await eventually(async () => (await rows.count()) === 2, 'back shows the Look again')
}

await run({
  'object to dashboard, English': story('en'),
  'object to dashboard, French': story('fr'),
})

