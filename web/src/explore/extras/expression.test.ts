import { describe, expect, it } from 'vitest'
import { characterIn, namesIn, renameIn, spanAt, tokensOf, written } from './expression'

const kinds = (text: string) => tokensOf(text).map((token) => `${token.kind}:${token.text}`)

describe('tokensOf', () => {
  it('reads names, numbers, texts and signs as the service does', () => {
    expect(kinds('ticket.count@previous / 1.5 >= "a""b"')).toEqual(['word:ticket.count@previous', 'sign:/', 'number:1.5', 'sign:>=', 'text:"a""b"'])
    expect(kinds('ticket.count|open - ticket.opened_at:month')).toEqual(['word:ticket.count|open', 'sign:-', 'word:ticket.opened_at:month'])
    expect(kinds('[Share of ]] x] × 2')).toEqual(['bracket:[Share of ]] x]', 'sign:×', 'number:2'])
    expect(kinds('ticket.count|2026-11-01')).toEqual(['word:ticket.count|2026-11-01'])
  })
  it('takes what is not closed to the end as one, and any other character alone', () => {
    expect(kinds('a + [b c')).toEqual(['word:a', 'sign:+', 'unknown:[b c'])
    expect(kinds('a 😀 b')).toEqual(['word:a', 'unknown:😀', 'word:b'])
    expect(kinds('a.')).toEqual(['word:a', 'unknown:.'])
  })
})

describe('names', () => {
  it('are written in brackets where they are no plain word', () => {
    expect([written('ticket.count'), written('Share of total'), written('a]b'), written('not')]).toEqual(['ticket.count', '[Share of total]', '[a]]b]', '[not]'])
  })
  it('are found without functions, keywords and texts', () => {
    expect(namesIn(`if(ticket.count > 1 and not [My col], total(x), "y")`)).toEqual(['ticket.count', 'My col', 'x'])
  })
  it('are replaced where they stand and nowhere else', () => {
    const rename = (name: string) => (name === 'a' ? 'New name' : name)
    expect(renameIn('a + [a] * total(a)  - "a" + ab', rename)).toBe('[New name] + [New name] * total([New name])  - "a" + ab')
    expect(renameIn('a(1)', rename)).toBe('a(1)')
  })
})

describe('spanAt', () => {
  it('is the token that begins at the character', () => {
    expect(spanAt('ticket.count / totl(x)', 16)).toEqual({ from: 15, to: 19 })
  })
  it('counts as the service: characters beyond the first plane are one', () => {
    expect(spanAt('"😀" + bad', 7)).toEqual({ from: 7, to: 10 })
  })
  it('is the end where something is missing', () => {
    expect(spanAt('ticket.count / ', 16)).toEqual({ from: 15, to: 15 })
    expect(spanAt('a', 99)).toEqual({ from: 1, to: 1 })
  })
})

it('finds the character in both languages', () => {
  expect(characterIn('At character 16: there is no function totl; …')).toBe(16)
  expect(characterIn('Au caractère 3\u202f: il manque un opérateur devant x.')).toBe(3)
  expect(characterIn('The expression is always empty; name a column or a value.')).toBeNull()
})
