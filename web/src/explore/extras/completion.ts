import { folded } from '../../report/fields'
import { tokensOf, written } from './expression'
import type { FunctionInfo } from './functions'

/** A column or field that an expression can name. */
export type Named = { name: string; label: string; type: string; kind: 'dimension' | 'measure' | 'calculation' }

/** Something that completes what is being written. */
export type Choice = { kind: 'name'; name: string; of: Named } | { kind: 'function'; name: string; of: FunctionInfo }

/** What can stand at the caret, and which part of the text it would replace. */
export type Completion = { from: number; to: number; choices: Choice[] }

const SHOWN = 12

/** What completes the word at the caret. Nothing inside a written text, behind a number, and for a word that is
 * complete. `asked`: also where no word has begun. */
export function completionAt(text: string, caret: number, names: readonly Named[], functions: readonly FunctionInfo[], asked = false): Completion | null {
  const tokens = tokensOf(text)
  const inside = tokens.find((token) => token.at < caret && (caret < token.at + token.text.length || (token.kind === 'unknown' && caret <= token.at + token.text.length)))
  if (inside !== undefined && (inside.kind === 'text' || /^["']/.test(inside.text))) return null
  if (inside?.text.startsWith('[')) {
    const typed = text.slice(inside.at + 1, caret)
    const to = inside.kind === 'bracket' ? inside.at + inside.text.length : caret
    return made(inside.at, to, ranked(typed, names, []), typed)
  }
  const before = /[\p{L}_][\p{L}\p{N}_.:@|]*$/u.exec(text.slice(0, caret))
  if (before === null || /\d$/.test(text.slice(0, before.index))) {
    return asked && !/[\d\p{L}]$/u.test(text.slice(0, caret)) ? made(caret, caret, ranked('', names, functions), '') : null
  }
  const rest = /^[\p{L}\p{N}_.:@|]*/u.exec(text.slice(caret))?.[0] ?? ''
  const typed = before[0]
  const whole = typed + rest
  if (!asked && names.some((named) => named.name === whole)) return null
  return made(before.index, caret + rest.length, ranked(typed, names, functions), typed)
}

function made(from: number, to: number, choices: Choice[], typed: string): Completion | null {
  return choices.length === 0 ? null : { from, to, choices: typed === '' ? choices : choices.slice(0, SHOWN) }
}

function ranked(typed: string, names: readonly Named[], functions: readonly FunctionInfo[]): Choice[] {
  const all: Choice[] = [
    ...names.map((of): Choice => ({ kind: 'name', name: of.name, of })),
    ...functions.map((of): Choice => ({ kind: 'function', name: of.name, of })),
  ]
  if (typed === '') return all
  return all
    .map((choice) => ({ choice, rank: rankOf(choice, folded(typed)) }))
    .filter(({ rank }) => rank !== null)
    .toSorted((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .map(({ choice }) => choice)
}

/** How well a choice fits what was typed: 0 is best, null does not fit. */
function rankOf(choice: Choice, typed: string): number | null {
  const name = folded(choice.name)
  if (name.startsWith(typed)) return 0
  if (choice.kind === 'function') return name.split('_').some((part) => part.startsWith(typed)) ? 3 : null
  const label = folded(choice.of.label)
  if (label.startsWith(typed)) return 1
  if ([...name.split(/[._]/), ...label.split(/\s+/)].some((part) => part.startsWith(typed))) return 2
  return name.includes(typed) || label.includes(typed) ? 4 : null
}

/** A text and where its caret stands. */
export type Edited = { text: string; caret: number }

/** The text with a choice in place of a part; of a function, the caret then stands between its parentheses. */
export function complete(text: string, { from, to }: { from: number; to: number }, choice: Choice): Edited {
  const [before, after] = [text.slice(0, from), text.slice(to)]
  if (choice.kind === 'name') {
    const name = written(choice.name)
    return { text: before + name + after, caret: from + name.length }
  }
  const called = after.startsWith('(') ? choice.name : `${choice.name}()`
  return { text: before + called + after, caret: from + choice.name.length + 1 }
}

/** The text with a choice put at the caret, apart from the words around it; a selection becomes a function's argument. */
export function insert(text: string, from: number, to: number, choice: Choice): Edited {
  const selected = text.slice(from, to)
  const before = text.slice(0, from)
  const gap = /[\p{L}\p{N}_\])"']$/u.test(before) ? ' ' : ''
  const behind = /^[\p{L}\p{N}_[("']/u.test(text.slice(to)) && choice.kind === 'name' ? ' ' : ''
  if (choice.kind === 'function' && selected !== '') {
    const call = `${gap}${choice.name}(${selected})`
    return { text: before + call + text.slice(to), caret: from + call.length }
  }
  const put = complete(before + gap, { from: from + gap.length, to: from + gap.length }, choice)
  return { text: put.text + behind + text.slice(to), caret: put.caret }
}
