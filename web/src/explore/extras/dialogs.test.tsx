import { fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Report } from '../../report/types'
import { draw } from '../../testing/render'
import { ExtrasChips } from './ExtrasChips'
import { ExtrasDialogs } from './ExtrasDialogs'
import { ExtrasMenu } from './ExtrasMenu'
import type { ExtrasPlace } from './kinds'
import { catalog } from './testing'

const report: Report = { object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.count', 'ticket.amount.sum'] }

/** Answers every dry run: with problems, or with columns. */
function answering(problems: { pointer: string; code: string; message: string; suggestion?: string }[], columns: { name: string; type: string }[] = []) {
  const sent: Report[] = []
  vi.stubGlobal('fetch', vi.fn(async (input: Request) => {
    sent.push((await input.clone().json()) as Report)
    const refused = problems.length > 0
    const body = refused
      ? { type: 'about:blank', title: 'Bad expression', status: 422, detail: '', code: 'bad_expression', request_id: 'r', errors: problems, errors_omitted: 0 }
      : { columns: columns.map((column) => ({ ...column, label: column.name, kind: 'calculation' })), sql: '', parameters: {}, statements: [], snapshot: catalog.snapshot, warnings: [], request: {}, estimated_rows: {} }
    return new Response(JSON.stringify(body), { status: refused ? 422 : 200, headers: { 'Content-Type': refused ? 'application/problem+json' : 'application/json' } })
  }))
  return sent
}

function open(place: ExtrasPlace, on: Report = report) {
  const onReport = vi.fn<(report: Report) => void>()
  const onClose = vi.fn<() => void>()
  draw(<ExtrasDialogs open={place} report={on} catalog={catalog} onReport={onReport} onClose={onClose} />)
  return { onReport, onClose, saved: () => onReport.mock.calls.at(-1)?.[0] }
}

const save = () => fireEvent.click(screen.getByRole('button', { name: 'Save' }))
const type = (label: RegExp | string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })

beforeEach(() => localStorage.clear())

describe('CalculationDialog', () => {
  it('saves a template as it stands, and checks it as part of the report', async () => {
    const sent = answering([], [{ name: 'Share of total', type: 'number' }])
    const { saved } = open({ kind: 'calculation', index: null })
    fireEvent.click(await screen.findByRole('button', { name: 'Share of total' }))
    expect(await screen.findByText('Valid. Gives a number.')).toBeTruthy()
    save()
    const calculations = [{ name: 'Share of total', expression: 'ticket.count / total(ticket.count)' }]
    await waitFor(() => expect(saved()).toEqual({ ...report, calculations }))
    expect(sent.at(-1)).toEqual({ ...report, calculations })
  })
  it('keeps a name that was typed when a template is chosen, and asks before Escape takes both', async () => {
    answering([], [])
    const { onClose } = open({ kind: 'calculation', index: null })
    fireEvent.input(await screen.findByLabelText('Name'), { target: { value: 'My share' } })
    fireEvent.click(screen.getByRole('button', { name: 'Share of total' }))
    expect((screen.getByLabelText('Name') as HTMLInputElement).value).toBe('My share')
    fireEvent.keyDown(screen.getByLabelText('Name'), { key: 'Escape' })
    expect((await screen.findByRole('alert')).textContent).toContain('Discard what you typed?')
    expect(onClose).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: 'Keep editing' }))
    expect(screen.queryByRole('alert')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(onClose).toHaveBeenCalledOnce()
  })
  it('closes with Escape while nothing was typed', async () => {
    answering([], [])
    const { onClose } = open({ kind: 'calculation', index: null })
    fireEvent.keyDown(await screen.findByLabelText('Name'), { key: 'Escape' })
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  })
  it('underlines the mistake, offers what was meant, and does not save', async () => {
    answering([{ pointer: '/calculations/0/expression', code: 'bad_expression', message: 'At character 16: there is no function totl.', suggestion: 'total' }])
    const { onReport } = open({ kind: 'calculation', index: null })
    const area = (await screen.findByLabelText('Expression')) as HTMLTextAreaElement
    fireEvent.change(area, { target: { value: 'ticket.count / totl(ticket.count)' } })
    expect((await screen.findAllByText('At character 16: there is no function totl.')).length).toBe(1)
    expect(area.getAttribute('aria-invalid')).toBe('true')
    expect(document.querySelector('.xmarks .wrong')?.textContent).toBe('totl')
    save()
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Correct 1 problem to save.'))
    expect(onReport).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: 'Use total' }))
    expect(area.value).toBe('ticket.count / total(ticket.count)')
  })
  it('completes by keyboard; Escape closes the list and not the dialog', async () => {
    answering([], [])
    const { onClose } = open({ kind: 'calculation', index: null })
    const area = (await screen.findByLabelText('Expression')) as HTMLTextAreaElement
    fireEvent.change(area, { target: { value: 'ticket.' } })
    expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['Ticketsticket.count', 'Amount, sumticket.amount.sum', 'Statusticket.status'])
    fireEvent.keyDown(area, { key: 'ArrowDown' })
    expect(document.getElementById(area.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-selected')).toBe('true')
    fireEvent.keyDown(area, { key: 'Tab' })
    expect(area.value).toBe('ticket.amount.sum')
    fireEvent.change(area, { target: { value: 'ticket.amount.sum / tot' } })
    fireEvent.keyDown(area, { key: 'Escape' })
    expect(screen.queryByRole('listbox')).toBeNull()
    expect(onClose).not.toHaveBeenCalled()
  })
  it('refuses a name that is taken', async () => {
    answering([], [])
    const { onReport } = open({ kind: 'calculation', index: null }, { ...report, calculations: [{ name: 'Share', expression: '1' }] })
    await screen.findByLabelText('Expression')
    type('Name', 'Share')
    type('Expression', 'ticket.count * 2')
    save()
    expect((await screen.findAllByText('Share is already used in this report. Choose another name.')).length).toBeGreaterThan(0)
    expect(onReport).not.toHaveBeenCalled()
  })
})

describe('FormulaDialog', () => {
  it('saves a formula in use, under a name made of what was typed', async () => {
    const sent = answering([], [{ name: 'heures', type: 'number' }])
    const { saved } = open({ kind: 'formula', index: null })
    await screen.findByLabelText('Expression')
    type('Name', 'Été')
    type('Expression', 'ticket.csat * 2')
    expect(await screen.findByText('Valid. Gives a number.')).toBeTruthy()
    save()
    await waitFor(() => expect(saved()).toEqual({ ...report, measures: [...(report.measures ?? []), 'ete.avg'], formulas: [{ name: 'ete', expression: 'ticket.csat * 2' }] }))
    expect(sent.at(-1)).toMatchObject({ object: 'ticket', list: ['ete'] })
  })
})

describe('GroupDialog', () => {
  it('puts ranges in the place of the field', async () => {
    answering([], [])
    const { saved } = open({ kind: 'group', index: null, field: 'ticket.csat' }, { ...report, dimensions: ['ticket.csat', 'ticket.status'] })
    fireEvent.change(await screen.findByLabelText('How'), { target: { value: 'bins' } })
    type('Edges', '2; 4.5')
    expect(screen.getByText('2 to 4.5')).toBeTruthy()
    type('Name', 'band')
    save()
    expect(saved()?.dimensions).toEqual([{ field: 'ticket.csat', name: 'band', bins: [2, 4.5] }, 'ticket.status'])
  })
  it('keeps the groups of a dimension when only their name changes', async () => {
    answering([], [])
    const groups = [{ name: 'Done', values: ['solved'] }]
    const { saved } = open({ kind: 'group', index: 0 }, { ...report, dimensions: [{ field: 'ticket.status', name: 'phase', groups, others: 'Rest' }], sort: [{ field: 'phase', direction: 'asc' }] })
    await screen.findByLabelText('Name')
    type('Name', 'stage')
    save()
    expect(saved()).toMatchObject({ dimensions: [{ field: 'ticket.status', name: 'stage', groups, others: 'Rest' }], sort: [{ field: 'stage' }] })
  })
})

describe('FilteredMeasureDialog', () => {
  const filters = { and: [{ field: 'ticket.status', op: 'in', values: ['solved'] }] }
  it('asks for a filter', async () => {
    answering([], [])
    const { onReport } = open({ kind: 'measure', index: null })
    await screen.findByLabelText('Measure')
    save()
    expect((await screen.findAllByText('Add at least one filter.')).length).toBe(2)
    expect(onReport).not.toHaveBeenCalled()
  })
  it('saves a change in place', async () => {
    answering([], [])
    const { saved } = open({ kind: 'measure', index: 1 }, { ...report, measures: ['ticket.count', { measure: 'ticket.count', name: 'solved', filters }] })
    fireEvent.change(await screen.findByLabelText('Measure'), { target: { value: 'ticket.amount.sum' } })
    save()
    expect(saved()?.measures).toEqual(['ticket.count', { measure: 'ticket.amount.sum', name: 'solved', filters }])
  })
})

it('HavingDialog saves numbers as the language writes them, and removes all', async () => {
  const { saved } = open({ kind: 'having', index: null })
  await screen.findByLabelText('Column')
  save()
  expect(saved()).toBeUndefined()
  type('Column', 'ticket.amount.sum')
  type('Value', '1,000.10')
  save()
  expect(saved()).toEqual({ ...report, having: { and: [{ field: 'ticket.amount.sum', op: 'gte', values: ['1000.10'] }] } })
})

it('CompareDialog saves a preset and takes a comparison away', async () => {
  const { saved } = open({ kind: 'compare', index: 0 }, { ...report, compare: 'previous' })
  fireEvent.click(await screen.findByLabelText(/An earlier period/))
  fireEvent.click(screen.getByRole('button', { name: 'Same period last year' }))
  expect(screen.getByText(/Nothing in this report depends on Opened yet/)).toBeTruthy()
  save()
  expect(saved()).toEqual({ ...report, compare: { field: 'ticket.opened_at', shift: [1, 'year'] } })
  fireEvent.click(screen.getByRole('button', { name: 'Remove the comparison' }))
  expect(saved()).toEqual(report)
})

it('ReportOptionsDialog saves only what differs', async () => {
  const { saved } = open({ kind: 'options', index: null })
  fireEvent.change(await screen.findByLabelText('Week starts on'), { target: { value: 'sunday' } })
  type('Contacts', 'with')
  save()
  expect(saved()).toEqual({ ...report, contacts: 'with', week_start: 'sunday' })
})

describe('chips and menu', () => {
  it('name each part, and remove it with what needs it', async () => {
    const full: Report = { ...report, calculations: [{ name: 'Share', expression: 'ticket.count / 2' }], compare: 'previous', timezone: 'Europe/Paris', sort: [{ field: 'Share', direction: 'asc' }] }
    const [onReport, onEdit] = [vi.fn(), vi.fn()]
    draw(<ExtrasChips report={full} catalog={catalog} onReport={onReport} onEdit={onEdit} />)
    fireEvent.click(await screen.findByRole('button', { name: /Change: Report options.*Europe\/Paris/ }))
    expect(onEdit).toHaveBeenCalledWith('options', 3)
    fireEvent.click(screen.getByRole('button', { name: 'Remove Share = ticket.count / 2' }))
    expect(onReport).toHaveBeenCalledWith({ ...report, compare: 'previous', timezone: 'Europe/Paris' })
  })
  it('say why a part cannot be added, and do not open it', async () => {
    const onOpen = vi.fn()
    draw(<ExtrasMenu report={{ object: 'ticket', list: ['ticket._id'] }} catalog={catalog} onOpen={onOpen} />)
    fireEvent.click(await screen.findByRole('button', { name: 'More' }))
    const item = await screen.findByRole('menuitem', { name: /Calculation/ })
    expect(item.getAttribute('aria-disabled')).toBe('true')
    expect(item.textContent).toContain('Only for summaries, not for lists')
    fireEvent.click(item)
    expect(onOpen).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('menuitem', { name: /Formula/ }))
    expect(onOpen).toHaveBeenCalledWith('formula')
  })
})
