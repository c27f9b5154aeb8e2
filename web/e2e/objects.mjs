// An object from its first name to its first value in a report, and from its deletion until it has left.
import { equal, eventually, ok, run } from './harness.mjs'

const STAMP = Date.now().toString(36)
const LINKED = [{ slug: 'contact', label: 'Contact', target: 'contact', many: false }]
const WORDS = {
  en: { singular: 'Repair', plural: 'Repairs', object: 'repair', status: 'Status', slug: 'status', opened: 'Taken in', openedSlug: 'taken_in' },
  fr: { singular: 'Échange', plural: 'Échanges', object: 'echange', status: 'État', slug: 'etat', opened: 'Reçu le', openedSlug: 'recu_le' },
}

/** A tenant with one object in reports, so that the builder has something to show beside what waits. */
async function tenantWithVisits(person, tenant) {
  await person.call('POST', `schema/v1/tenants/${tenant}/schemas`, {
    object: 'visit', labels: { singular: 'Visit', plural: 'Visits' },
    fields: [{ slug: 'kind', label: 'Kind', type: 'text' }], relationships: LINKED,
  })
  await person.refresh()
}

/** Whether a text, made for an instant, is shown with a time of day in its place. */
const says = (shown, t, id) => {
  const [before, after] = t(id, { instant: '@', from: '@' }).split('@')
  const flat = (text) => text.replaceAll(/\s+/g, ' ')
  const at = flat(shown).indexOf(flat(before))
  return at !== -1 && /\d{1,2}:\d{2}/.test(flat(shown).slice(at + before.length)) && flat(shown).includes(flat(after))
}

const define = (language) => async ({ arrives }) => {
  const tenant = `objects-${language}-${STAMP}`
  const words = WORDS[language]
  const person = await arrives({ language })
  const { page, t } = person
  await tenantWithVisits(person, tenant)

  await person.open(`/t/${tenant}/data`)
  await page.getByRole('link', { name: t('manage.new') }).click()
  const editor = page.getByRole('complementary', { name: t('manage.edit.new') })
  await editor.getByLabel(t('manage.name.singular')).fill(words.singular)
  equal(await editor.getByLabel(t('manage.name.plural')).inputValue(), words.plural, 'the suggested plural')
  const apiName = editor.getByLabel(t('manage.name.slug'), { exact: true }).first()
  equal(await apiName.inputValue(), words.object, 'the suggested API name')

  const fields = editor.getByRole('list', { name: t('manage.fields.list') })
  await editor.getByRole('button', { name: t('manage.fields.add') }).click()
  const status = fields.getByRole('listitem').filter({ has: page.getByLabel(t('manage.fields.label'), { exact: true }) }).first()
  await status.getByLabel(t('manage.fields.label'), { exact: true }).fill(words.status)
  equal(await status.getByLabel(t('manage.name.slug'), { exact: true }).inputValue(), words.slug, 'the suggested API name of a field')
  await status.getByLabel(t('manage.fields.type')).selectOption({ label: t('common.type.dropdown') })
  await status.getByRole('button', { name: t('manage.options.paste') }).click()
  const paste = page.getByRole('dialog', { name: t('manage.paste.title', { name: words.status }) })
  await paste.getByLabel(t('manage.paste.label')).fill('open\tOpen\nin_work\tIn work\ndone\tDone\nopen\tOpen again')
  await paste.getByText(t('manage.paste.repeated', { count: 1, names: 'open' })).waitFor()
  await paste.getByRole('button', { name: t('manage.paste.action', { count: 3 }) }).click()
  await paste.waitFor({ state: 'detached' })
  equal(await status.getByLabel(t('manage.options.value', { place: 2 })).inputValue(), 'in_work', 'the second option')
  await status.getByRole('button', { expanded: true }).first().click()

  await editor.getByRole('button', { name: t('manage.fields.add') }).click()
  const opened = fields.getByRole('listitem').filter({ has: page.getByLabel(t('manage.fields.label'), { exact: true }) })
  await opened.getByLabel(t('manage.fields.type')).selectOption({ label: t('common.type.datetime') })
  ok(await editor.getByRole('list', { name: t('manage.relationships.list') }).getByText(t('manage.relationships.contactLabel'), { exact: true }).first().isVisible(), 'a relationship to the contact is suggested')

  // Two mistakes: a field without a label, and an API name that is none.
  await apiName.fill('No name!')
  await editor.getByRole('button', { name: t('manage.edit.create') }).click()
  const summary = editor.getByRole('alert')
  await summary.getByText(t('common.correct', { count: 2 })).waitFor()
  const label = opened.getByLabel(t('manage.fields.label'), { exact: true })
  await editor.getByText(t('manage.error.badSlug', { slug: 'No name!' })).waitFor()
  await editor.getByText(t('manage.error.labelMissing')).waitFor()
  equal(await label.getAttribute('aria-invalid'), 'true', 'the label is marked')
  await person.accessible('an object with mistakes')
  await summary.getByRole('link', { name: t('manage.error.at', { part: t('manage.fields.unnamed'), attribute: t('manage.attr.label') }) }).click()
  ok(await label.evaluate((node) => node === document.activeElement), 'the summary leads to the input')
  await label.fill(words.opened)
  await apiName.fill(words.object)
  await editor.getByRole('button', { name: t('manage.edit.create') }).click()

  await page.waitForURL(`**/data/objects/${words.object}`)
  const saved = await person.call('GET', `schema/v1/tenants/${tenant}/schemas/${words.object}`)
  equal(saved.fields.map(({ slug, type, options }) => [slug, type, (options ?? []).map((option) => option.label)]), [
    [words.slug, 'dropdown', ['Open', 'In work', 'Done']],
    [words.openedSlug, 'datetime', []],
  ], 'the saved fields')
  equal(saved.relationships.map(({ target, many }) => [target, many]), [['contact', false]], 'the saved relationships')
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: words.singular, exact: true }) })
  await row.getByText(t('manage.state.pending')).waitFor()
  await eventually(async () => says(await row.innerText(), t, 'manage.state.from'), 'the list says from when on reports show it')

  await person.open(`/t/${tenant}/reports`)
  const picker = page.getByRole('navigation', { name: t('explore.fields') })
  const waiting = picker.getByRole('button', { name: words.plural })
  equal(await waiting.getAttribute('aria-disabled'), 'true', 'what waits cannot be used')
  ok(says(await picker.innerText(), t, 'explore.pending'), 'the builder says when it appears')

  await person.refresh()
  await person.open(`/t/${tenant}/reports`)
  await picker.getByRole('button', { name: words.plural, expanded: false }).click()
  await picker.getByRole('button', { name: words.status, exact: true }).click()
  await page.waitForURL(/\?r=/)
  await person.open(`/t/${tenant}/data`)
  await eventually(async () => !(await row.innerText()).includes(t('manage.state.pending')), 'it waits no more')
}

const remove = (language) => async ({ arrives }) => {
  const tenant = `deleted-${language}-${STAMP}`
  const person = await arrives({ language })
  const { page, t } = person
  await tenantWithVisits(person, tenant)
  await person.call('POST', `query/v1/tenants/${tenant}/looks`, {
    name: 'Visits by kind', request: { object: 'visit', dimensions: ['visit.kind'], measures: ['visit.count'] }, chart: { type: 'table' },
  })

  await person.open(`/t/${tenant}/data`)
  await page.getByRole('link', { name: 'Visit', exact: true }).click()
  await page.getByRole('button', { name: t('manage.edit.more', { name: 'Visit' }) }).click()
  await page.getByRole('menuitem', { name: t('manage.edit.delete') }).click()
  const dialog = page.getByRole('dialog', { name: t('manage.delete.title', { name: 'Visit' }) })
  await dialog.getByText(t('manage.impact.some', { count: 1 })).waitFor()
  await dialog.getByRole('link', { name: 'Visits by kind' }).waitFor()
  await person.accessible('the dialog before an object is deleted')
  const button = dialog.getByRole('button', { name: t('manage.delete.action') })
  const typed = dialog.getByLabel(t('manage.delete.typed', { name: 'Visit' }))
  await typed.fill('Visi')
  equal(await button.getAttribute('aria-disabled'), 'true', 'a part of the name does not confirm')
  await typed.fill('Visit')
  await button.click()
  await dialog.waitFor({ state: 'detached' })

  const row = page.getByRole('row').filter({ hasText: /visit/i })
  await row.getByText(t('manage.state.leaving')).waitFor()
  await person.open(`/t/${tenant}/reports`)
  const picker = page.getByRole('navigation', { name: t('explore.fields') })
  await picker.getByText(t('explore.leaving')).waitFor()

  await person.refresh()
  await person.open(`/t/${tenant}/data`)
  await page.getByRole('link', { name: /^Contact/ }).waitFor()
  equal(await row.count(), 0, 'lines of the deleted object')
  const catalog = await person.call('GET', `query/v1/tenants/${tenant}/catalog`)
  equal(catalog.explores.map(({ object }) => object), ['contact'], 'objects in reports')
}

await run({
  'define an object, English': define('en'),
  'define an object, French': define('fr'),
  'delete an object, English': remove('en'),
  'delete an object, French': remove('fr'),
})
