import { expect, it } from 'vitest'
import { readResult } from './columns'
import { answer, catalog, column } from './fixtures'
import { effectiveSort } from './sorting'

it('under a pivot is the first column of the answer, whatever order its columns are shown in', () => {
  const columns = [column('ticket.status', 'Status', 'dimension', 'text'), ...['chat', 'email'].map((value) => column(`ticket.count|${value}`, `Tickets: ${value}`, 'measure', 'integer', [value]))]
  const report = { object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count'], pivot: ['ticket.channel'] }
  const model = readResult(answer(columns, [['open', 1, 2]]), report, catalog)
  expect(model.figures.map(({ name }) => name)).toEqual(['ticket.count|email', 'ticket.count|chat'])
  expect(effectiveSort(report, model)).toEqual([{ field: 'ticket.count|chat', direction: 'desc' }])
})
