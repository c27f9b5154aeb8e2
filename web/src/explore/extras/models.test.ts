import { describe, expect, it } from 'vitest'
import type { Report } from '../../report/types'
import * as comparison from './comparison'
import { expressionColumns, havingColumns } from './columns'
import { emptyCondition, isComplete, related, suggestedName } from './filtered'
import { addedAs, checkOf, formulaFields, usesOf } from './formulas'
import * as having from './having'
import { whyNot } from './kinds'
import { freeName, isCalculationName } from './naming'
import * as options from './options'
import { templatesFor } from './templates'
import { catalog, plain } from './testing'
import { indexOf } from '../../report/fields'

const report: Report = { object: 'ticket', dimensions: [{ field: 'ticket.opened_at', granularity: 'month' }], measures: ['ticket.count', 'ticket.amount.sum'] }

describe('columns of a report', () => {
  it('include what a comparison and a pivot add', () => {
    const names = expressionColumns({ ...report, compare: 'previous', pivot: ['ticket.status'] }, catalog, plain).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['ticket.count@previous', 'ticket.count@delta', 'ticket.opened_at:month', 'ticket.count|open', 'ticket.count@delta|solved']))
    const named = expressionColumns({ ...report, compare: [{ field: 'ticket.opened_at', shift: [1, 'year'], name: 'last_year' }] }, catalog, plain).map(({ name }) => name)
    expect(named).toEqual(expect.arrayContaining(['ticket.count@last_year', 'ticket.count@last_year:delta']))
  })
  it('under a pivot are only those that conditions on results can name', () => {
    const pivot: Report = { ...report, measures: ['ticket.count'], pivot: ['ticket.status'], calculations: [{ name: 'half', expression: 'ticket.count / 2' }, { name: 'quarter', expression: 'half / 2' }, { name: 'opened', expression: '[ticket.count|open] + 0' }] }
    const names = havingColumns(pivot, catalog, plain).map(({ name }) => name)
    expect(names).toEqual(['ticket.count', 'half', 'quarter'].flatMap((name) => ['open', 'solved', 'null'].map((value) => `${name}|${value}`)).concat('opened'))
    expect(havingColumns({ ...report, pivot: ['contact.country'] }, catalog, plain)).toEqual([])
  })
  it('are only earlier calculations for a calculation, all of them for conditions', () => {
    const more: Report = { ...report, calculations: [{ name: 'a', expression: '1' }, { name: 'b', expression: '2' }] }
    const names = (found: { name: string; kind: string }[]) => found.filter(({ kind }) => kind === 'calculation').map(({ name }) => name)
    expect(names(expressionColumns(more, catalog, plain, 1))).toEqual(['a'])
    expect(names(havingColumns(more, catalog, plain))).toEqual(['a', 'b'])
  })
})

describe('templates', () => {
  it('use the measures of the report, under free names', () => {
    const made = templatesFor(expressionColumns({ ...report, compare: 'previous' }, catalog, plain), plain, new Set(['Share of total']))
    expect(made.map(({ name, expression }) => [name, expression])).toEqual([
      ['Share of total 2', 'ticket.count / total(ticket.count)'],
      ['Change to previous row', 'ticket.count - previous(ticket.count)'],
      ['Running total', 'running_total(ticket.count)'],
      ['Ratio of two measures', 'ticket.count / ticket.amount.sum'],
    ])
    expect(made.every(({ name }) => isCalculationName(name))).toBe(true)
  })
  it('need a figure', () => {
    expect(templatesFor(expressionColumns({ object: 'ticket', dimensions: ['ticket.status'], measures: ['ticket.opened_at.max'] }, catalog, plain), plain, new Set())).toEqual([])
  })
  it('get names that the service takes, in French too', () => {
    expect(freeName('Part du total (%) : été', new Set())).toBe('Part du total % été')
    expect(isCalculationName('2 parts')).toBe(false)
  })
})

describe('formulas', () => {
  it('offer one object once one is named, and no field of several values', () => {
    const names = (used: string[]) => formulaFields(report, catalog, 0, used).map(({ name }) => name)
    expect(names([])).toEqual(expect.arrayContaining(['ticket.csat', 'contact.country']))
    expect(names([])).not.toContain('ticket.tags')
    expect(names(['contact.country'])).toEqual(['contact.country', 'contact.created_at'])
  })
  it('are checked by a list of their own, over a relationship where there are several', () => {
    expect(checkOf({ object: 'booking', dimensions: ['booking.status'] }, catalog, 0, { name: 'f', expression: 'lower(contact.country)' })).toEqual({
      object: 'booking', list: ['f'], formulas: [{ name: 'f', expression: 'lower(contact.country)' }], relationship: 'invitee',
    })
  })
  it('are used as their type allows', () => {
    expect(usesOf(report, 'number')[0]).toBe('avg')
    expect(usesOf(report, 'text')).not.toContain('sum')
    expect(usesOf({ object: 'ticket', list: ['ticket._id'] }, 'number')).toEqual(['column', 'none'])
    expect(addedAs(report, catalog, 'f', 'avg', 'number').measures).toContain('f.avg')
    expect(addedAs(report, catalog, 'f', 'rows', 'date').dimensions).toContainEqual({ field: 'f', granularity: 'month' })
    const contact: Report = { object: 'booking', measures: ['booking.count'], formulas: [{ name: 'f', expression: 'lower(contact.country)' }] }
    expect(addedAs(contact, catalog, 'f', 'rows', 'text').relationship).toBe('invitee')
  })
})

describe('comparison', () => {
  const fields = comparison.comparableFields(report, catalog)
  it('offers dates of the base, first those in use', () => {
    expect(comparison.comparableFields({ ...report, dimensions: ['ticket.due_on'] }, catalog).map(({ name }) => name)).toEqual(['ticket.due_on', 'ticket.opened_at'])
  })
  it('is the same after it was opened and saved', () => {
    for (const compare of ['previous', { field: 'ticket.due_on', shift: [2, 'week'] }, [{ field: 'ticket.due_on', shift: [1, 'year'], name: 'a' }, { field: 'ticket.due_on', shift: [1, 'month'], name: 'b' }]] as const) {
      expect(comparison.comparisonOf(comparison.draftOf(compare as Report['compare'], fields))).toEqual(compare)
    }
  })
  it('names periods once there are several', () => {
    const one = comparison.draftOf({ field: 'ticket.opened_at', shift: [1, 'month'] }, fields)
    const two = comparison.named({ ...one, periods: [...one.periods, comparison.nextPeriod(one)] })
    expect(comparison.comparisonOf(two)).toEqual([
      { field: 'ticket.opened_at', shift: [1, 'month'], name: 'last_month' },
      { field: 'ticket.opened_at', shift: [1, 'year'], name: 'last_year' },
    ])
  })
  it('refuses amounts beyond 1,000 and names that are taken', () => {
    const draft = comparison.draftOf(null, fields)
    const period = (amount: string, name: string) => ({ amount, unit: 'day', name })
    expect(comparison.periodError({ ...draft, periods: [period('1001', '')] }, 0)).toBe('amount')
    expect(comparison.periodError({ ...draft, periods: [period('1', 'a'), period('2', 'a')] }, 1)).toBe('taken')
    expect(comparison.periodError({ ...draft, periods: [period('1', 'a'), period('2', 'B')] }, 1)).toBe('name')
  })
  it('knows what does not depend on the date', () => {
    expect(comparison.hasEffect(report, 'ticket.opened_at')).toBe(true)
    expect(comparison.hasEffect({ object: 'ticket', measures: ['ticket.count'] }, 'ticket.opened_at')).toBe(false)
    expect(comparison.hasEffect({ object: 'ticket', measures: ['ticket.opened_at.max'] }, 'ticket.opened_at')).toBe(true)
  })
})

describe('conditions on results', () => {
  const columns = havingColumns({ ...report, measures: ['ticket.count', 'ticket.amount.sum', 'ticket.opened_at.max'] }, catalog, plain)
  const filter = { and: [
    { field: 'ticket.count', op: 'between', values: [1, 2.5] },
    { field: 'ticket.amount.sum', op: 'gte', values: ['1000.10'] },
    { field: 'ticket.opened_at.max', op: 'after', values: ['2026-01-01'] },
    { field: 'ticket.count', op: 'is_not_empty' },
    { or: [{ field: 'ticket.count', op: 'gt', values: [1] }, { field: 'ticket.count', op: 'lt', values: [0] }] },
  ] }
  it('are the same after they were opened and saved, in both languages', () => {
    for (const locale of ['en', 'fr']) {
      const draft = having.draftOf(filter, columns, locale)
      expect([draft.rows.length, draft.others.length]).toEqual([4, 1])
      expect(having.havingOf(draft, columns, locale)).toEqual(filter)
    }
  })
  it('say nothing until their values are there', () => {
    const row = having.newRow([], columns[0] ?? expect.fail())
    expect(having.conditionOf(row, 'integer', 'en')).toBeNull()
    expect(having.conditionOf({ ...row, values: ['1,5'] }, 'integer', 'fr')).toEqual({ field: 'ticket.count', op: 'gte', values: [1.5] })
  })
  it('begin anew for a column of another kind', () => {
    const row = { ...having.newRow([], columns[0] ?? expect.fail()), values: ['5'] }
    expect(having.withColumn(row, columns[0], columns[1] ?? expect.fail()).values).toEqual(['5'])
    expect(having.withColumn(row, columns[0], columns[2] ?? expect.fail())).toMatchObject({ column: 'ticket.opened_at.max', op: 'on', values: [''] })
  })
})

describe('options', () => {
  it('leave out what is usual', () => {
    expect(options.optioned(report, options.draftOf(report), catalog)).toEqual(report)
    const full: Report = { ...report, dimensions: ['ticket.status', 'ticket.csat'], contacts: 'with', timezone: 'Europe/Paris', week_start: 'sunday', snapshot: 'previous', subtotals: true }
    expect(options.optioned(full, options.draftOf(full), catalog)).toEqual(full)
  })
  it('name the relationship of contacts with records where there are several', () => {
    const contacts: Report = { object: 'contact', measures: ['contact.count'] }
    const draft = { ...options.draftOf(contacts), records: 'without:booking' }
    expect(options.optioned(contacts, draft, catalog).records).toEqual({ object: 'booking', match: 'without', relationship: 'invitee' })
    expect(options.optioned(contacts, { ...draft, records: 'with:ticket' }, catalog).records).toEqual({ object: 'ticket', match: 'with' })
  })
  it('know when the report uses the contact', () => {
    expect(options.usesContact(report)).toBe(false)
    expect(options.usesContact({ ...report, measures: [{ measure: 'ticket.count', name: 'x', filters: { field: 'contact.country', op: 'eq', values: ['FR'] } }] })).toBe(true)
    expect(options.usesContact({ object: 'contact', measures: ['contact.count'] })).toBe(false)
  })
})

describe('filtered measures', () => {
  const { fields } = indexOf(catalog)
  const status = fields.get('ticket.status') ?? expect.fail()
  it('begin with a condition that is not complete', () => {
    expect(isComplete(emptyCondition(status), 'dropdown')).toBe(false)
    expect(isComplete({ field: 'ticket.status', op: 'eq', values: ['open'] }, 'dropdown')).toBe(true)
  })
  it('are named after what they filter by', () => {
    expect(suggestedName('Tickets', [{ kind: 'condition', condition: { field: 'ticket.status', op: 'in', values: ['solved'] } }], fields)).toBe('solved_tickets')
    expect(suggestedName('Tickets', [], fields)).toBe('tickets')
  })
  it('name the relationship that their filter needs', () => {
    const booking: Report = { object: 'booking', measures: ['booking.count'] }
    expect(related(booking, catalog, 'booking.count', { field: 'contact.country', op: 'eq', values: ['FR'] }).relationship).toBe('invitee')
    expect(related(booking, catalog, 'booking.count', { field: 'booking.status', op: 'eq', values: ['x'] })).toBe(booking)
  })
})

it('says why a part cannot be added', () => {
  const list: Report = { object: 'ticket', list: ['ticket._id'] }
  expect(whyNot('calculation', list)).toBe('extras.why.list')
  expect(whyNot('formula', list)).toBeNull()
  expect(whyNot('compare', { object: 'ticket', dimensions: ['ticket.status'] })).toBe('extras.why.measures')
  expect(whyNot('calculation', { object: 'ticket' })).toBe('extras.why.columns')
  expect(whyNot('formula', { object: 'ticket', formulas: Array.from({ length: 20 }, (_, at) => ({ name: `f${at}`, expression: 'a' })) })).toBe('extras.why.formulas')
})
