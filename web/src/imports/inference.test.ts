import { expect, test } from 'vitest'
import { guessType } from './inference'

test.each([
  ['number', ['1', '-2.5', '3e2', '']],
  ['date', ['2026-11-30', '1999-01-01']],
  ['datetime', ['2026-11-30 10:00', '2026-11-30T10:00:00Z', '2026-11-30']],
  ['boolean', ['yes', 'NO', 'oui']],
  ['text', ['007', '008']],
  ['text', ['12345678901234567890']],
  ['text', ['2026-13-01']],
  ['text', ['', '']],
  ['textarea', ['x'.repeat(1025)]],
  ['dropdown', ['open', 'paid', 'open', 'paid']],
  ['text', ['a', 'b', 'c', 'd']],
])('%s fits %j', (type, values) => {
  expect(guessType(values).type).toBe(type)
})

test('money is never guessed: a number stays a number', () => {
  expect(guessType(['12.50', '7.00']).type).toBe('number')
})

test('a column of e-mails stays one with a single wrong value', () => {
  expect(guessType(['a@x.com', 'b@x.com', 'c@x.com', 'd@x.com', 'nobody']).email).toBe(true)
  expect(guessType(['a@x.com', 'nobody', 'none']).email).toBe(false)
})

test('numbers and days as other countries write them are numbers and days', () => {
  expect(guessType(['31/12/2026', '1.2.2026']).type).toBe('date')
  expect(guessType(['31/12/2026 9:30', '01/02/2026']).type).toBe('datetime')
  expect(guessType(['1 234,50', '7,5', '12']).type).toBe('number')
  expect(guessType(['3,241.38', '7.5', '12']).type).toBe('number')
  expect(guessType(['1,500', '12.75']).type).toBe('number')
})

test('digits in groups are no numbers unless a comma shows it: many are names', () => {
  expect(guessType(['732 829 320', '443 061 841']).type).toBe('text')
  expect(guessType(['06 12 34 56 78', '01 02 03 04 05']).type).toBe('text')
  expect(guessType(['01,5', '2,5']).type).toBe('text')
})

test('options are the distinct values in the order of the alphabet', () => {
  expect(guessType(['b', 'a', 'b', 'a']).options).toEqual(['a', 'b'])
})
