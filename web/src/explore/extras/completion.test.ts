import { describe, expect, it } from 'vitest'
import { complete, completionAt, insert, type Named } from './completion'
import { CALCULATION_FUNCTIONS } from './functions'

const names: Named[] = [
  { name: 'ticket.count', label: 'Tickets', type: 'integer', kind: 'measure' },
  { name: 'ticket.amount.sum', label: 'Montant, somme', type: 'currency', kind: 'measure' },
  { name: 'Share of total', label: 'Share of total', type: 'number', kind: 'calculation' },
  { name: 'ticket.status', label: 'Détail', type: 'dropdown', kind: 'dimension' },
]
const at = (text: string, asked = false, caret = text.length) => completionAt(text, caret, names, CALCULATION_FUNCTIONS, asked)
const found = (text: string) => at(text)?.choices.map(({ name }) => name) ?? null

describe('completionAt', () => {
  it('offers what begins with the word, names before parts of words', () => {
    expect(found('ticket.c')).toEqual(['ticket.count'])
    expect(found('tot')).toEqual(['total', 'Share of total', 'running_total'])
  })
  it('finds labels without case and accents', () => {
    expect(found('detail')).toEqual(['ticket.status'])
    expect(found('somm')).toEqual(['ticket.amount.sum'])
  })
  it('replaces the whole word around the caret', () => {
    expect(at('1 + ticket.cXX / 2', false, 12)).toMatchObject({ from: 4, to: 14 })
  })
  it('offers nothing in texts, in numbers and for a complete name', () => {
    expect(at('"tick')).toBeNull()
    expect(at('"tick"', false, 3)).toBeNull()
    expect(at('12')).toBeNull()
    expect(at('1e')).toBeNull()
    expect(at('ticket.count')).toBeNull()
    expect(at('xyzzy')).toBeNull()
  })
  it('offers only names inside brackets, closed or not', () => {
    expect(at('1 + [tot')).toMatchObject({ from: 4, to: 8, choices: [{ name: 'Share of total' }] })
    expect(at('[tot] + 1', false, 4)).toMatchObject({ from: 0, to: 5 })
  })
  it('offers everything when asked where a value can begin', () => {
    expect(at('')).toBeNull()
    expect(at('', true)?.choices).toHaveLength(names.length + CALCULATION_FUNCTIONS.length)
    expect(at('2', true)).toBeNull()
  })
})

describe('complete and insert', () => {
  const choice = (name: string) => at('', true)?.choices.find((found_) => found_.name === name) ?? expect.fail(name)
  it('puts the caret between the parentheses of a function, and does not repeat them', () => {
    expect(complete('tot', { from: 0, to: 3 }, choice('total'))).toEqual({ text: 'total()', caret: 6 })
    expect(complete('tot(x)', { from: 0, to: 3 }, choice('total'))).toEqual({ text: 'total(x)', caret: 6 })
  })
  it('writes names with spaces in brackets', () => {
    expect(complete('1 + Sha', { from: 4, to: 7 }, choice('Share of total'))).toEqual({ text: '1 + [Share of total]', caret: 20 })
  })
  it('keeps what is inserted apart from its neighbours', () => {
    expect(insert('1 +', 3, 3, choice('ticket.count'))).toEqual({ text: '1 +ticket.count', caret: 15 })
    expect(insert('ab', 1, 1, choice('ticket.count'))).toEqual({ text: 'a ticket.count b', caret: 14 })
  })
  it('makes the selection the argument of a function', () => {
    expect(insert('ticket.count / 2', 0, 12, choice('total'))).toEqual({ text: 'total(ticket.count) / 2', caret: 19 })
  })
})
