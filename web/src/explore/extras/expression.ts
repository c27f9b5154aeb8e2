/** A part of an expression as it was written, and where: `at` counts UTF-16 units from 0. */
export type Token = { kind: 'number' | 'word' | 'bracket' | 'text' | 'sign' | 'unknown'; text: string; at: number }

/** The words that are no names. */
export const KEYWORDS = ['and', 'or', 'not', 'true', 'false', 'null']
export const EXPRESSION_MAX = 1_000

const WORD = String.raw`[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*(?:[:@][\p{L}\p{N}_]+)*(?:\|(?:\d{4}-\d\d-\d\d|[\p{L}\p{N}_]+(?:\.\d+)?))*`
// As crosslook/contracts/expression_tokens.py reads expressions.
const TOKEN = new RegExp(
  String.raw`(?<number>\d+(?:\.\d+)?)|(?<word>${WORD})|(?<bracket>\[(?:[^\]]|\]\])*\])|(?<text>"(?:[^"]|"")*"|'(?:[^']|'')*')|(?<sign><=|>=|<>|!=|==|[-+*/()=<>,×÷−≤≥≠])`,
  'uy',
)
const ONE_WORD = new RegExp(`^${WORD}$`, 'u')
const KINDS = ['number', 'word', 'bracket', 'text', 'sign'] as const

/** The tokens of an expression. What belongs to none is `unknown`: a text or bracket that is not closed up to the end. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1
      continue
    }
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    const token: Token = found === null ? unknownAt(text, at) : { kind: KINDS.find((kind) => found.groups?.[kind] !== undefined) ?? 'unknown', text: found[0], at }
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function unknownAt(text: string, at: number): Token {
  const open = '["\''.includes(text[at] ?? '')
  return { kind: 'unknown', text: open ? text.slice(at) : String.fromCodePoint(text.codePointAt(at) ?? 0), at }
}

/** A column's or field's name as an expression writes it. */
export function written(name: string): string {
  return ONE_WORD.test(name) && !KEYWORDS.includes(name.toLowerCase()) ? name : `[${name.replaceAll(']', ']]')}]`
}

/** The name that a token writes, or null for a token that is no name. `next` is the token behind it. */
export function nameOf(token: Token, next: Token | undefined): string | null {
  if (token.kind === 'bracket') return token.text.slice(1, -1).replaceAll(']]', ']')
  if (token.kind !== 'word' || next?.text === '(' || KEYWORDS.includes(token.text.toLowerCase())) return null
  return token.text
}

/** The names of columns or fields in an expression. */
export function namesIn(expression: string): string[] {
  const tokens = tokensOf(expression)
  return tokens.flatMap((token, index) => nameOf(token, tokens[index + 1]) ?? [])
}

/** The expression with names replaced, its other characters as they were. */
export function renameIn(expression: string, rename: (name: string) => string): string {
  const tokens = tokensOf(expression)
  let made = ''
  let from = 0
  tokens.forEach((token, index) => {
    const name = nameOf(token, tokens[index + 1])
    if (name === null || rename(name) === name) return
    made += expression.slice(from, token.at) + written(rename(name))
    from = token.at + token.text.length
  })
  return made + expression.slice(from)
}

/** What a problem at a character is about: from where to where, in UTF-16 units. Both are the length of the expression
 * if something is missing at its end. */
export type Span = { from: number; to: number }

/** The part of an expression that begins at a character, counted from 1 in code points as the service counts. */
export function spanAt(expression: string, character: number): Span {
  const from = Math.min([...expression].slice(0, character - 1).join('').length, expression.length)
  const token = tokensOf(expression).find((found) => found.at <= from && from < found.at + found.text.length)
  return token === undefined ? { from, to: from } : { from: token.at, to: token.at + token.text.length }
}

/** The character that a sentence of the service names (“At character 16: …”), counted from 1; null where it names none. */
export function characterIn(message: string): number | null {
  const found = /^(?:At character|Au caractère) (\d+)/u.exec(message)
  return found === null ? null : Number(found[1])
}
