import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { CallError } from '../api/call'
import { draw } from '../testing/render'
import { CheckStep } from './CheckStep'
import type { FileSample } from './sample'
import type { Importing } from './useImporting'

const sample: FileSample = { name: 'o.csv', size: 9, format: 'csv', delimiter: ',', whole: true, headers: ['_id'], rows: [['A']] }
const nothing = () => undefined
const ended = (check: Error | null, bring: Error | null) => ({ check: { error: check }, bring: { error: bring }, share: 1, running: null, stop: nothing, reset: nothing }) as unknown as Importing
const drawn = (importing: Importing) => draw(
  <CheckStep state="now" sample={sample} mode="upsert" importing={importing} parameter="" onCheck={nothing} onImport={nothing} onParameter={nothing} onFix={nothing} />,
)

test.each([
  ['a check', ended(new DOMException('', 'AbortError'), null), /Cancelled.*nothing was imported/],
  ['an import', ended(null, new DOMException('', 'AbortError')), /Cancelled.*stay imported/],
])('%s that the reader cancelled is no failure', async (_, importing, text) => {
  drawn(importing)
  expect(await screen.findByText(text)).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('what the service refused is a problem', async () => {
  drawn(ended(new CallError(0, {}, null), null))
  expect(await screen.findByRole('alert')).toBeTruthy()
  expect(screen.queryByText(/Cancelled/)).toBeNull()
})
