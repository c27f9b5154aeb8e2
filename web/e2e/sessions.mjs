// Sessions: two tenants side by side, one that ends in the middle of something, and what an address keeps.
import { equal, eventually, ok, run, signInLink } from './harness.mjs'

const STAMP = Date.now().toString(36)
const REFUSED = /status of 401/

/** A tenant with one object of its own; `refreshed`: which reports show. */
async function made(arrives, tenant, object, plural, refreshed = false) {
  const operator = await arrives({})
  await operator.call('POST', `schema/v1/tenants/${tenant}/schemas`, {
    object, labels: { singular: plural.replace(/s$/, ''), plural },
    fields: [{ slug: 'kind', label: 'Kind', type: 'text' }, { slug: 'place', label: 'Place', type: 'text' }],
    relationships: [{ slug: 'contact', label: 'Contact', target: 'contact', many: false }],
  })
  if (refreshed) await operator.refresh()
}

const sideBySide = (language) => async ({ arrives }) => {
  const [left, right] = [`left-${language}-${STAMP}`, `right-${language}-${STAMP}`]
  await made(arrives, left, 'tulip', 'Tulips')
  await made(arrives, right, 'rocket', 'Rockets')
  const person = await arrives({ language, session: left })
  const { page: first, t } = person

  // Without a session, the other tenant's address leads to sign-in and shows nothing of it.
  await first.goto(`${person.origin}/t/${right}/data`)
  await first.waitForURL(/\/sign-in\?return_to=/)
  ok(!(await first.locator('body').innerText()).includes('Rocket'), 'nothing of the other tenant is shown')

  const second = await person.window()
  await second.goto(signInLink(right))
  await second.waitForURL(`**/t/${right}/**`)
  const origin = person.origin
  for (const view of ['data', 'reports', 'data']) {
    await Promise.all([first.goto(`${origin}/t/${left}/${view}`), second.goto(`${origin}/t/${right}/${view}`)])
    await first.getByText(/^Tulips?$/).first().waitFor()
    await second.getByText(/^Rockets?$/).first().waitFor()
    ok(!/Rocket/.test(await first.content()), 'the first window shows only its own names')
    ok(!/Tulip/.test(await second.content()), 'the second window shows only its own names')
  }
  const refused = await person.context.request.fetch(`${origin}/api/schema/v1/tenants/${right}/schemas`, { headers: { 'X-Crosslook-Session': left } })
  ok([401, 403, 404].includes(refused.status()), 'a session does not open the other tenant')

  await first.getByRole('button', { name: t('shell.user') }).click()
  await first.getByRole('menuitem', { name: t('shell.signOut') }).click()
  await first.waitForURL(/\/sign-in$/)
  await first.goto(`${origin}/t/${left}/data`)
  await first.waitForURL(/\/sign-in\?return_to=/)
  await second.getByRole('link', { name: 'Rocket', exact: true }).click()
  await second.getByRole('list', { name: t('manage.fields.list') }).getByText('Kind', { exact: true }).waitFor()
}

/** Ends the session under the page, then signs in again in another window. */
async function signsInAgain(person, dialog) {
  const { t } = person
  await dialog.getByText(t('shell.ended.text')).waitFor()
  await person.accessible('the dialog of a session that has ended')
  await dialog.getByRole('button', { name: t('shell.ended.continue') }).click()
  await dialog.getByText(t('shell.ended.still')).waitFor()
  const other = await person.window()
  await other.goto(signInLink(person.session))
  await other.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await other.close()
  await dialog.getByRole('button', { name: t('shell.ended.continue') }).click()
  await dialog.waitFor({ state: 'detached' })
  person.expected(REFUSED)
}

const expires = (language) => async ({ arrives }) => {
  const tenant = `ended-${language}-${STAMP}`
  await made(arrives, tenant, 'tulip', 'Tulips', true)
  const person = await arrives({ language, session: tenant })
  const { page, t, context } = person
  const dialog = page.getByRole('dialog', { name: t('shell.ended'), exact: true })

  await person.open(`/t/${tenant}/data/objects/tulip`)
  const editor = page.getByRole('complementary', { name: t('manage.edit.label', { name: 'Tulip' }) })
  await editor.getByLabel(t('manage.name.plural')).fill('Many tulips')
  await editor.getByRole('button', { name: t('manage.fields.add') }).click()
  await editor.getByLabel(t('manage.fields.label'), { exact: true }).fill('Colour')
  await eventually(async () => (await editor.getByText(t('manage.changes.title', { count: 2 })).count()) === 1, 'the changes are looked at')
  await context.clearCookies()
  await editor.getByRole('button', { name: t('common.save'), exact: true }).click()
  await signsInAgain(person, dialog)
  equal(await editor.getByLabel(t('manage.name.plural')).inputValue(), 'Many tulips', 'the typed name')
  equal(await editor.getByLabel(t('manage.fields.label'), { exact: true }).inputValue(), 'Colour', 'the typed label')
  await editor.getByRole('button', { name: t('common.save'), exact: true }).click()
  await eventually(async () => (await person.call('GET', `schema/v1/tenants/${tenant}/schemas/tulip`)).labels.plural === 'Many tulips', 'the object is saved')

  await person.open(`/t/${tenant}/reports`)
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  await fields.getByRole('button', { name: /tulips$/i, expanded: false }).click()
  const answered = page.waitForResponse((response) => response.url().includes('/api/query/') && response.request().method() === 'POST')
  await fields.getByRole('button', { name: 'Kind', exact: true }).click()
  await page.getByRole('textbox', { name: t('explore.title') }).fill('Kinds and places')
  await answered
  await context.clearCookies()
  await fields.getByRole('button', { name: 'Place', exact: true }).click()
  await signsInAgain(person, dialog)
  equal(await page.getByRole('textbox', { name: t('explore.title') }).inputValue(), 'Kinds and places', 'the typed title')
  await page.getByRole('button', { name: t('common.save'), exact: true }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: t('common.save') }).click()
  await page.waitForURL(/\/reports\/[^?]+$/)
  const { items } = await person.call('GET', `query/v1/tenants/${tenant}/looks`)
  const look = await person.call('GET', `query/v1/tenants/${tenant}/looks/${items[0].id}`)
  equal([look.name, look.request.dimensions], ['Kinds and places', ['tulip.kind', 'tulip.place']], 'the saved Look')
}

const addresses = (language) => async ({ arrives }) => {
  const tenant = `back-${language}-${STAMP}`
  await made(arrives, tenant, 'tulip', 'Tulips', true)
  const person = await arrives({ language, session: tenant })
  const { page, t } = person
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  await fields.getByRole('button', { name: 'Tulips', expanded: false }).click()
  await fields.getByRole('button', { name: 'Kind', exact: true }).click()
  await fields.getByRole('button', { name: 'Tulips', exact: true, pressed: false }).click()
  await page.getByRole('textbox', { name: t('explore.title') }).fill('Kept')
  const chosen = async () => (await fields.getByRole('button', { pressed: true }).allInnerTexts()).map((text) => text.split('\n').at(-1))
  const kept = async (what) => {
    await eventually(async () => equal(await chosen(), ['Kind', 'Tulips'], 'the fields') ?? true, `${what} shows the question`)
    equal(await page.getByRole('textbox', { name: t('explore.title') }).inputValue(), 'Kept', `the title after ${what}`)
  }
  await kept('choosing')
  const question = page.url()
  page.on('dialog', (asked) => void asked.accept())
  await page.reload()
  await kept('a reload')
  await page.getByRole('link', { name: t('shell.data'), exact: true }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: t('common.unsaved.leave') }).click()
  await page.waitForURL(/\/data$/)
  await page.goBack()
  await kept('back')
  equal(page.url(), question, 'the address after back')
  await page.goForward()
  await page.getByRole('dialog').getByRole('button', { name: t('common.unsaved.leave') }).click()
  await page.waitForURL(/\/data$/)
  await page.goBack()
  await kept('forward and back')
}

const used = (language) => async ({ arrives }) => {
  const tenant = `link-${language}-${STAMP}`
  const link = signInLink(tenant)
  const owner = await arrives({ language, session: tenant, signIn: false })
  await owner.page.goto(link)
  await owner.page.waitForURL(`**/t/${tenant}/reports`)
  const other = await arrives({ language, session: tenant, signIn: false })
  await other.page.goto(link)
  await other.page.getByRole('alert').getByText(other.t('shell.signIn.used')).waitFor()
  await other.accessible('a sign-in link that was used')
  other.expected(/status of 4\d\d/)
  equal((await other.context.cookies()).length, 0, 'sessions of the other')
}

await run({
  'two tenants in two windows never see each other, English': sideBySide('en'),
  'two tenants in two windows never see each other, French': sideBySide('fr'),
  'an expired session loses nothing that was typed, English': expires('en'),
  'an expired session loses nothing that was typed, French': expires('fr'),
  'back, forward and reload keep the question, English': addresses('en'),
  'back, forward and reload keep the question, French': addresses('fr'),
  'a used sign-in link says so, English': used('en'),
  'a used sign-in link says so, French': used('fr'),
})
