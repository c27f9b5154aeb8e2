import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import type { Report } from '../report/types'
import { draw } from '../testing/render'
import { readResult } from './columns'
import { answer, catalog, column } from './fixtures'
import { ResultTable } from './ResultTable'
import { nextSort } from './sorting'

const report: Report = { object: 'ticket', dimensions: ['ticket.status', 'ticket.channel'], measures: ['ticket.count'], totals: true, subtotals: true }
const columns = [column('ticket.status', 'Status', 'dimension', 'text'), column('ticket.channel', 'Channel', 'dimension', 'text'), column('ticket.count', 'Tickets', 'measure', 'integer')]
const result = answer(columns, [['open', 'email', 40], ['open', null, 2], ['solved', 'email', 1]], {
  totals: [null, null, 43],
  subtotals: [{ dimensions: ['ticket.status'], rows: [['open', null, 42], ['solved', null, 1]] }],
})
const shown = { result, report, caption: 'By status', model: readResult(result, report, catalog) }

describe('the table of a result', () => {
  it('has subtotals below their groups, totals last, and a word for what is empty', async () => {
    draw(<ResultTable {...shown} />)
    const rows = within(await screen.findByRole('table', { name: 'By status' })).getAllByRole('row').map((row) => row.textContent)
    expect(rows).toEqual(['StatusChannelTickets', 'OpenEmail40', 'Open∅no value2', 'OpenSubtotal42', 'SolvedEmail1', 'SolvedSubtotal1', 'Total43'])
  })

  it('says how rows are sorted, and asks for another order', async () => {
    const onSort = vi.fn()
    draw(<ResultTable {...shown} sort={[{ field: 'ticket.count', direction: 'asc' }]} onSort={onSort} />)
    expect((await screen.findByRole('columnheader', { name: 'Tickets' })).getAttribute('aria-sort')).toBe('ascending')
    await userEvent.click(screen.getByRole('button', { name: 'Tickets' }))
    expect(onSort).toHaveBeenCalledWith([{ field: 'ticket.count', direction: 'desc' }])
  })

  it('leads from figures, subtotals and totals to their records', async () => {
    const onDrill = vi.fn()
    draw(<ResultTable {...shown} onDrill={onDrill} />)
    await userEvent.click(await screen.findByRole('button', { name: 'Show the 40 records: Open, Email, Tickets' }))
    await userEvent.click(screen.getByRole('button', { name: 'Show the 42 records: Open, Tickets' }))
    await userEvent.click(screen.getByRole('button', { name: 'Show the 43 records: Total, Tickets' }))
    expect(onDrill.mock.calls.map(([row, found]) => [row, found.name])).toEqual([[['open', 'email'], 'ticket.count'], [['open'], 'ticket.count'], [null, 'ticket.count']])
  })

  it('takes one place in the tab order; arrows lead on', async () => {
    draw(<ResultTable {...shown} onDrill={vi.fn()} />)
    const first = await screen.findByRole('button', { name: /40 records/ })
    expect(screen.getAllByRole('button').filter((button) => button.tabIndex === 0)).toEqual([first])
    first.focus()
    await userEvent.keyboard('{ArrowDown}')
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Show the 2 records: Open, ∅, Tickets')
  })
})

describe('nextSort', () => {
  const asc = { field: 'a', direction: 'asc' as const }
  it('goes from none to ascending to descending to none', () => {
    expect(nextSort([], 'a', false)).toEqual([asc])
    expect(nextSort([asc], 'a', false)).toEqual([{ field: 'a', direction: 'desc' }])
    expect(nextSort([{ field: 'a', direction: 'desc' }], 'a', false)).toEqual([])
  })
  it('keeps the other keys with Shift', () => {
    expect(nextSort([asc], 'b', true)).toEqual([asc, { field: 'b', direction: 'asc' }])
    expect(nextSort([asc, { field: 'b', direction: 'desc' }], 'b', true)).toEqual([asc])
  })
})
