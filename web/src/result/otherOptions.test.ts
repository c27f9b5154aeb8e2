import { expect, it } from 'vitest'
import { Formats } from '../shared/formats'
import { Colours } from './colours'
import { readResult } from './columns'
import { answer, catalog, column } from './fixtures'
import { labelsFitBeside, pieOption } from './otherOptions'

const result = answer([column('ticket.channel', 'Channel', 'dimension', 'text'), column('ticket.count', 'Tickets', 'measure', 'integer')], [['email', 7], ['web', 3]])
const model = readResult(result, { object: 'ticket', dimensions: ['ticket.channel'], measures: ['ticket.count'] }, catalog)
const draw = (width: number) =>
  pieOption({ result, model, chart: { type: 'pie' }, formats: new Formats('en', 'Yes', 'No'), palette: {} as never, colours: new Colours(), description: '', width, height: 200 })

it('names slices beside a wide pie, and above a narrow one', () => {
  const shows = (width: number) => (draw(width) as unknown as { option: { series: { label: { show: boolean } }[] } }).option.series[0]?.label.show
  expect([shows(800), shows(240)]).toEqual([true, false])
  expect(draw(800)?.legend).toBeUndefined()
  expect(draw(240)?.legend).toMatchObject({ items: [{ label: 'Email  7' }, { label: 'Web form  3' }], height: 24 })
})

it('finds that a long name does not fit', () => {
  expect([labelsFitBeside(['New'], 400, 200), labelsFitBeside(['Waiting for the customer'], 400, 200)]).toEqual([true, false])
})
