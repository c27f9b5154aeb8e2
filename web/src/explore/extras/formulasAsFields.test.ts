import { describe, expect, it } from 'vitest'
import { catalog } from '../../result/fixtures'
import { formulasAsFields } from './formulasAsFields'

const typesOf = (...expressions: string[]) =>
  formulasAsFields({ object: 'ticket', measures: ['ticket.count'], formulas: expressions.map((expression, at) => ({ name: `f${at}`, expression })) }, catalog).map(({ type }) => type)

describe('formulasAsFields', () => {
  it.each([
    ['ticket.amount / 2', 'number'],
    ['days_between(ticket.opened_at, ticket.solved_at)', 'number'],
    ['concat(ticket.status, "!")', 'textarea'],
    ['if(ticket.amount > 10, "large", "small")', 'textarea'],
    ['if(ticket.amount > 10, null, "small")', 'textarea'],
    ['if(ticket.reopened, ticket.amount, round(ticket.amount, 2)) + 1', 'number'],
    ['coalesce(lower(ticket.status), "none")', 'textarea'],
    ['(ticket.amount + 1) * (2)', 'number'],
    ['ticket.amount > 10 and ticket.reopened', 'boolean'],
    ['(ticket.amount > 10)', 'boolean'],
    ['true', 'boolean'],
    ['', 'number'],
    ['if(', 'number'],
  ])('reads the type of %s', (expression, type) => {
    expect(typesOf(expression)).toEqual([type])
  })

  it('follows earlier formulas, and no later one', () => {
    expect(typesOf('concat(ticket.status, "")', 'f0', 'f3', 'f2')).toEqual(['textarea', 'textarea', 'number', 'number'])
  })
})
