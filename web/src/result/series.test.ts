import { expect, it } from 'vitest'
import { Formats } from '../shared/formats'
import { cartesianOption, hasLabels, tick } from './cartesian'
import { Colours } from './colours'
import { readResult } from './columns'
import { answer, catalog, column } from './fixtures'
import { drawingOf, drawnMeasures, measuresToDraw, oneUnit } from './series'

const en = new Formats('en', 'Yes', 'No')
const count = column('ticket.count', 'Tickets', 'measure', 'integer')
const contacts = column('contact.count', 'Contacts', 'measure', 'integer')
const status = column('ticket.status', 'Status', 'dimension', 'text')
const channel = column('ticket.channel', 'Channel', 'dimension', 'text')
const both = { type: 'bar' as const, series: ['ticket.count', 'contact.count'] }

it('names only what is drawn where colours are values of a second dimension', () => {
  const result = answer([status, channel, count, contacts], [['open', 'email', 2, 1], ['open', 'web', 3, 1]])
  const model = readResult(result, { object: 'ticket', dimensions: ['ticket.status', 'ticket.channel'], measures: ['ticket.count', 'contact.count'] }, catalog)
  const drawing = drawingOf(result, model, both, new Colours(), en)
  expect(drawing?.series.map((line) => line.label)).toEqual(['Email', 'Web form'])
  expect(drawing?.measures.map((measure) => measure.head)).toEqual(['Tickets'])
  expect(drawnMeasures(model, both)).toEqual(['ticket.count'])
})

it('draws all counts on one axis, and says so only where units differ', () => {
  const result = answer([status, count, contacts], [['open', 2, 1]])
  const model = readResult(result, { object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count', 'contact.count'] }, catalog)
  expect(drawnMeasures(model, { type: 'bar' })).toEqual(['ticket.count', 'contact.count'])
  expect(oneUnit(measuresToDraw(model))).toBe(true)
})

it('gives an axis as many decimals as its step needs', () => {
  expect([1100, 1120, 1140, 950].map((value) => tick(value, en))).toEqual(['1.1K', '1.12K', '1.14K', '950'])
  expect(tick(1_250_500, en)).toBe('1.2505M')
})

it('stands a percent axis at quarters without decimals', () => {
  const result = answer([status, channel, count], [['open', 'email', 2], ['open', 'web', 3]])
  const model = readResult(result, { object: 'ticket', dimensions: ['ticket.status', 'ticket.channel'], measures: ['ticket.count'] }, catalog)
  const chart = { type: 'bar' as const, stacked: 'percent' as const }
  const drawing = drawingOf(result, model, chart, new Colours(), en)
  if (drawing === null) throw new Error('nothing drawn')
  const option = cartesianOption({ drawing, chart, model, formats: en, palette: {} as never, description: '', right: 0, width: 600 }) as unknown as { yAxis: { interval: number; axisLabel: { formatter: (value: number) => string } } }
  expect(option.yAxis.interval).toBe(0.25)
  expect([0, 0.25, 1].map(option.yAxis.axisLabel.formatter)).toEqual(['0%', '25%', '100%'])
})

it('has figures in bars of one series only, until they are wished', () => {
  expect([hasLabels({ type: 'bar' }, true), hasLabels({ type: 'bar' }, false), hasLabels({ type: 'area' }, true)]).toEqual([true, false, false])
})
