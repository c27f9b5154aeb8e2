import type { ProblemItem } from '../../api/call'
import { characterIn, spanAt } from './expression'
import type { Mistake } from './ExpressionEditor'

/** What is wrong with an expression, from the problems of a report that has it at `pointer`. */
export function mistakeAt(problems: readonly ProblemItem[], pointer: string, text: string): Mistake | null {
  const found = problems.find((problem) => problem.pointer === pointer)
  if (found === undefined) return null
  const character = characterIn(found.message)
  return { message: found.message, span: character === null ? null : spanAt(text, character), suggestion: found.suggestion ?? null }
}

/** The first problem at a place or below it, in words. */
export const messageAt = (problems: readonly ProblemItem[], pointer: string): string | null =>
  problems.find((problem) => problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`))?.message ?? null
