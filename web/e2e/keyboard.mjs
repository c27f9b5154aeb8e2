// All that a mouse does has a way by keyboard or menu, and both lead to the same.
import { equal, eventually, ok, run } from './harness.mjs'

const STAMP = Date.now().toString(36)
const BY_KIND = { object: 'tulip', dimensions: ['tulip.kind'], measures: ['tulip.count'] }

/** A tenant with tulips of two kinds and two places in reports. */
async function withTulips(person, tenant) {
  await person.call('POST', `schema/v1/tenants/${tenant}/schemas`, {
    object: 'tulip', labels: { singular: 'Tulip', plural: 'Tulips' },
    fields: [{ slug: 'kind', label: 'Kind', type: 'text' }, { slug: 'place', label: 'Place', type: 'text' }],
    relationships: [{ slug: 'contact', label: 'Contact', target: 'contact', many: false }],
  })
  await person.call('POST', `schema/v1/tenants/${tenant}/events`, [['t1', 'early', 'north'], ['t2', 'early', 'south'], ['t3', 'late', 'south']].map(([record, kind, place]) => ({
    specversion: '1.0', id: `${record}-${STAMP}`, source: '/tests/page', type: 'crosslook.record.upserted.v1', time: '2026-11-01T10:00:00Z', datacontenttype: 'application/json',
    data: { tenant, object: 'tulip', record, fields: { kind, place }, relationships: {} },
  })))
  await person.refresh()
}

const focused = (locator) => locator.evaluate((node) => node === document.activeElement).catch(() => false)

/** Presses a key until the element has the focus. */
async function reach(page, key, locator, most = 80) {
  await locator.waitFor()
  for (let pressed = 0; pressed < most; pressed += 1) {
    if (await focused(locator)) return
    await page.keyboard.press(key)
  }
  throw new Error(`${key} does not reach ${locator}`)
}

const keysOnly = (language) => async ({ arrives }) => {
  const tenant = `keys-${language}-${STAMP}`
  const person = await arrives({ language })
  const { page, t } = person
  await withTulips(person, tenant)
  await person.open(`/t/${tenant}/reports`)
  const { keyboard } = page
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  const kind = fields.getByRole('button', { name: 'Kind', exact: true })

  await reach(page, 'Tab', fields.getByRole('button', { name: 'Tulips', expanded: false }))
  await keyboard.press('Enter')
  await reach(page, 'ArrowDown', kind)
  await keyboard.press('Enter')
  await fields.getByRole('button', { name: 'Kind', exact: true, pressed: true }).waitFor()
  await keyboard.press('Control+z')
  await fields.getByRole('button', { name: 'Kind', exact: true, pressed: false }).waitFor()
  await keyboard.press('Control+Shift+z')
  await fields.getByRole('button', { name: 'Kind', exact: true, pressed: true }).waitFor()
  const rows = page.locator('main table tbody tr')

  // Without running by itself, the report is asked with Ctrl+Enter.
  await reach(page, 'Tab', page.getByRole('switch', { name: t('explore.auto') }))
  await keyboard.press('Space')
  await page.getByRole('switch', { name: t('explore.auto'), checked: false }).waitFor()
  await reach(page, 'Shift+Tab', fields.getByRole('button', { name: 'Tulips', exact: true }).and(page.locator('[aria-pressed]')))
  await keyboard.press('Enter')
  await fields.getByRole('button', { name: 'Tulips', exact: true, pressed: true }).waitFor()
  await keyboard.press('Control+Enter')
  await eventually(async () => (await rows.allInnerTexts()).some((row) => /early\s+2/.test(row)), 'the report is run')

  await keyboard.press('Control+s')
  const dialog = page.getByRole('dialog', { name: t('explore.save.title') })
  await eventually(() => focused(dialog.getByLabel(t('explore.save.name'))), 'the name has the focus')
  await keyboard.type('Tulips by kind')
  await keyboard.press('Enter')
  await page.waitForURL(/\/reports\/[^?]+$/)
  const { items } = await person.call('GET', `query/v1/tenants/${tenant}/looks`)
  equal(items.map((look) => look.name), ['Tulips by kind'], 'the Looks')

  await person.open(`/t/${tenant}/dashboards`)
  await keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: t('shell.palette.title') })
  const search = palette.getByRole('combobox')
  await eventually(() => focused(search), 'the search has the focus')
  await keyboard.type('by kind')
  await palette.getByRole('option', { name: 'Tulips by kind', selected: true }).waitFor()
  await person.accessible('the palette')
  await keyboard.press('Enter')
  await page.waitForURL(`**/reports/${items[0].id}`)
  await keyboard.press('Control+k')
  await search.waitFor()
  await keyboard.press('Escape')
  await palette.waitFor({ state: 'detached' })
}

const dragOrMenu = (language) => async ({ arrives }) => {
  const tenant = `drag-${language}-${STAMP}`
  const person = await arrives({ language })
  const { page, t } = person
  page.on('dialog', (asked) => void asked.accept())
  await withTulips(person, tenant)
  await person.open(`/t/${tenant}/reports`)
  const fields = page.getByRole('navigation', { name: t('explore.fields') })
  await fields.getByRole('button', { name: 'Tulips', expanded: false }).click()
  await fields.getByRole('button', { name: 'Kind', exact: true }).click()
  await page.waitForURL(/\?r=/)
  const start = page.url()
  const pivoted = async (act) => {
    await page.goto(start)
    await fields.getByRole('button', { name: 'Kind', exact: true, pressed: true }).waitFor()
    await act()
    await fields.getByRole('button', { name: 'Place', exact: true, pressed: true }).waitFor()
    await page.waitForURL((url) => url.href !== start)
    return page.url()
  }
  const place = fields.getByRole('button', { name: 'Place', exact: true })
  const dragged = await pivoted(() => place.dragTo(page.getByRole('group', { name: t('explore.pivot'), exact: true })))
  const chosen = await pivoted(async () => {
    await place.hover()
    await fields.getByRole('button', { name: t('explore.fieldMenu', { field: 'Place' }) }).click()
    await page.getByRole('menuitem', { name: t('explore.toPivot') }).click()
  })
  equal(chosen, dragged, 'the address by menu and by mouse')
  const { q } = JSON.parse(Buffer.from(new URL(dragged).searchParams.get('r'), 'base64url').toString())
  equal([q.dimensions, q.pivot], [['tulip.kind'], ['tulip.place']], 'the question')
}

const arrange = (language) => async ({ arrives }) => {
  const tenant = `tiles-${language}-${STAMP}`
  const person = await arrives({ language })
  const { page, t } = person
  await withTulips(person, tenant)
  const base = `query/v1/tenants/${tenant}/dashboards`
  const tiles = ['First', 'Second'].map((title, index) => ({ request: BY_KIND, chart: { type: 'table', title }, position: { x: 4 * index, y: 0, w: 4, h: 6 } }))
  const arranged = async (name, act) => {
    const { id } = await person.call('POST', base, { name, tiles })
    await person.open(`/t/${tenant}/dashboards/${id}`)
    await page.getByRole('button', { name: t('dashboards.edit'), exact: true }).click()
    await page.locator('.editgrid').getByRole('article', { name: 'Second' }).waitFor()
    await act(page.getByRole('article', { name: 'Second' }))
    await page.getByRole('button', { name: t('dashboards.save'), exact: true }).click()
    await page.getByRole('button', { name: t('dashboards.edit'), exact: true }).waitFor()
    const saved = await person.call('GET', `${base}/${id}`)
    return saved.tiles.map(({ chart, position }) => [chart.title, position])
  }
  const byMenu = await arranged('By menu', async (tile) => {
    await tile.getByRole('button', { name: t('dashboards.tile.menu', { title: 'Second' }) }).focus()
    await page.keyboard.press('Enter')
    const right = page.getByRole('menuitem', { name: t('dashboards.tile.right') })
    await reach(page, 'ArrowDown', right)
    await page.keyboard.press('Enter')
    await page.getByText(t('dashboards.tile.moved', { title: 'Second', column: 6, row: 1, width: 4, height: 6 })).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText(t('dashboards.tile.moved', { title: 'Second', column: 7, row: 1, width: 4, height: 6 })).waitFor()
    await page.keyboard.press('Escape')
    await right.waitFor({ state: 'detached' })
  })
  const byMouse = await arranged('By mouse', async (tile) => {
    const head = await tile.getByRole('heading', { name: 'Second' }).boundingBox()
    const { width } = await tile.boundingBox()
    const column = (width - 3 * 12) / 4 + 12
    const [x, y] = [head.x + 8, head.y + head.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + column, y, { steps: 8 })
    await page.mouse.move(x + 2 * column, y, { steps: 8 })
    await page.mouse.up()
    await page.getByText(t('dashboards.unsaved')).waitFor()
  })
  equal(byMouse, byMenu, 'places by mouse and by menu')
  ok(JSON.stringify(byMenu).includes('"x":6'), 'the tile stands two columns further right')
}

await run({
  'a report by keyboard only, English': keysOnly('en'),
  'a report by keyboard only, French': keysOnly('fr'),
  'a field by mouse or menu, English': dragOrMenu('en'),
  'a field by mouse or menu, French': dragOrMenu('fr'),
  'tiles by mouse or menu, English': arrange('en'),
  'tiles by mouse or menu, French': arrange('fr'),
})
