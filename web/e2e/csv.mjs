// A first CSV file on the page: empty tenant → new object from the file → dry run → import → refresh → joined report → undo.
import { equal, eventually, ok, run } from './harness.mjs'

const STAMP = Date.now().toString(36)

/** A file as a spreadsheet in Europe writes it; in French also its numbers and days. Line 5 has a day that no month has; the
 * last row names no buyer. */
const FILE = { name: 'orders.csv', mimeType: 'text/csv' }
const ROWS = {
  en: ['12.5;Zürich;2026-10-05', '7;Zürich;2026-10-20', '1030;Köln;2026-11-02', '4;Köln;2026-02-30', '5;Köln;2026-11-03'],
  fr: ['12,5;Zürich;05/10/2026', '7;Zürich;20/10/2026', '1 030,00;Köln;02/11/2026', '4;Köln;30/02/2026', '5;Köln;03/11/2026'],
}
const BUYERS = ['ann@example.com', 'ann@example.com', 'bob@example.com', 'bob@example.com', '']
const file = (language) => ({
  ...FILE,
  buffer: Buffer.from(['Order no;buyer e-mail;Größe;City;Placed', ...ROWS[language].map((row, index) => `B-${index + 1};${BUYERS[index]};${row}`), ''].join('\r\n')),
})

const contact = (tenant, name, country) => ({
  specversion: '1.0', id: `${name}-${STAMP}`, source: '/tests/page', type: 'crosslook.record.upserted.v1', time: '2026-10-01T10:00:00Z',
  data: { tenant, object: 'contact', record: name, fields: { email: `${name}@example.com`, country } },
})

const story = (language) => async ({ arrives }) => {
  const tenant = `csv-${language}-${STAMP}`
  const person = await arrives({ language })
  const { page, t } = person
  const menu = page.getByRole('navigation', { name: t('shell.main') })
  const becomes = (column) => page.getByLabel(t('imports.new.becomesOf', { column }), { exact: true })
  const fills = (column) => page.getByLabel(t('imports.map.fillsOf', { column }), { exact: true })
  const chosen = (select) => select.evaluate((element) => element.selectedOptions[0].textContent)
  const texts = async (rows) => (await rows.allInnerTexts()).map((row) => row.split(/\s+/).filter(Boolean))

  await person.open(`/t/${tenant}/reports`)
  await page.getByRole('heading', { level: 1, name: t('first.title') }).waitFor()
  await page.getByRole('link', { name: t('first.source.own.import') }).click()
  await page.getByRole('heading', { level: 1, name: t('imports.import') }).waitFor()
  await page.getByLabel(t('imports.file.choose')).and(page.locator('input')).setInputFiles(file(language))
  await page.getByText(t('imports.file.summary', { name: FILE.name, format: t('imports.format.csv'), columns: 5, size: t('imports.file.kilobytes', { size: 1 }) })).waitFor()

  await page.getByLabel(t('imports.object.label'), { exact: true }).selectOption({ label: t('imports.object.new') })
  equal([await chosen(becomes('Order no')), await chosen(becomes('buyer e-mail')), await chosen(becomes('Größe')), await chosen(becomes('City')), await chosen(becomes('Placed'))],
    [t('imports.new.role.record'), t('imports.new.role.contact'), t('common.type.number'), t('common.type.dropdown'), t('common.type.date')], 'what the columns become')
  equal([await page.getByLabel(t('imports.new.singular'), { exact: true }).inputValue(), await page.getByLabel(t('imports.new.plural'), { exact: true }).inputValue()], ['Order', 'Orders'], 'the names that the file suggests')
  await page.getByRole('button', { name: t('imports.new.create', { name: 'Order' }) }).click()

  await fills('Order no').waitFor()
  equal([await chosen(fills('Order no')), await chosen(fills('buyer e-mail')), await chosen(fills('Größe'))], [t('imports.map.record'), t('imports.map.link.email', { label: 'Buyer' }), 'Größe'], 'what the columns fill')
  if (language === 'fr') {
    equal([await chosen(page.getByLabel(t('imports.forms.decimal'), { exact: true })), await chosen(page.getByLabel(t('imports.forms.dates'), { exact: true }))],
      [t('imports.forms.decimal.comma'), t('imports.forms.dates.dmy')], 'how the file writes its values')
  } else {
    equal(await page.getByText(t('imports.forms.title')).count(), 0, 'questions about a plain file')
  }
  await page.getByRole('button', { name: t('imports.check.check') }).click()
  const importIt = page.getByRole('button', { name: t('imports.check.import', { count: 4 }) })
  await importIt.waitFor()
  const refused = page.getByRole('table', { name: t('imports.errors.caption') }).locator('tbody tr')
  equal((await texts(refused)).map((row) => row.slice(0, 2)), [['5', 'Placed']], 'the row that the check refuses')
  await importIt.click()
  await page.getByRole('heading', { name: t('imports.result.title', { count: 4 }) }).waitFor()
  await page.getByText(t('imports.result.refused', { count: 1 })).waitFor()

  await person.call('POST', `schema/v1/tenants/${tenant}/events`, [contact(tenant, 'ann', 'FR'), contact(tenant, 'bob', 'DE')])
  await person.refresh()
  await menu.getByRole('link', { name: t('shell.reports') }).click()
  await page.getByRole('button', { name: t('first.suggest.byFieldWithContacts', { objects: 'Orders', field: 'City' }) }).click()
  const rows = page.getByRole('main').getByRole('table').locator('tbody tr')
  // The join leaves out the order without a buyer, and the refused row is nowhere.
  await eventually(async () => JSON.stringify((await texts(rows)).sort()) === JSON.stringify([['Köln', '1', '1'], ['Zürich', '2', '1']]), 'orders and contacts are counted by city')
  const join = page.getByRole('button', { name: t('result.join.badge', { kept: 3, dropped: 1, records: 'Orders' }) })
  ok(await join.count() === 1, 'the join says that one order has no contact')

  await menu.getByRole('link', { name: t('shell.data') }).click()
  await page.getByRole('navigation', { name: t('manage.nav.label') }).getByRole('link', { name: t('manage.nav.imports') }).click()
  await page.getByRole('button', { name: t('imports.undoOf', { name: FILE.name }) }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: t('imports.undo.action') }).click()
  await dialog.getByText(t('imports.undo.deleted', { count: 4 })).waitFor()
  await dialog.getByRole('button', { name: t('common.close') }).last().click()
  await page.getByRole('row', { name: new RegExp(FILE.name) }).getByText(t('imports.state.undone', { count: 4 })).waitFor()
}

await run({
  'CSV to report, English': story('en'),
  'CSV to report, French': story('fr'),
})
