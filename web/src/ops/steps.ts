import type { StepTime } from '../api/snapshot'

/** The parts of a run that the chart tells apart. */
export const PARTS = ['wait', 'build', 'verify', 'publish', 'other'] as const
export type Part = (typeof PARTS)[number]

/** The steps of a run in their order, each with its part. */
const ORDER = [
  ['webhooks', 'wait'], ['freeze', 'wait'], ['wait', 'wait'], ['cut', 'wait'], ['decide', 'build'], ['build', 'build'],
  ['verify', 'verify'], ['publish', 'publish'],
] as const satisfies readonly (readonly [step: string, part: Part])[]

/** A step that this page has words for. */
export type Step = (typeof ORDER)[number][0]

const parts = new Map<string, Part>(ORDER)

/** Whether this page has words for a step. */
export const isStep = (name: string): name is Step => parts.has(name)

/** The seconds of each part, in the order of the parts; parts without steps are left out. */
export function inParts(steps: readonly StepTime[]): { part: Part; seconds: number }[] {
  const sums = new Map<Part, number>()
  for (const { name, seconds } of steps) {
    const part = parts.get(name) ?? 'other'
    sums.set(part, (sums.get(part) ?? 0) + seconds)
  }
  return PARTS.filter((part) => sums.has(part)).map((part) => ({ part, seconds: sums.get(part) ?? 0 }))
}

/** The step in which a failed run ended: the one after the last that was done. Null where that cannot be told. */
export function failedStep(steps: readonly StepTime[]): string | null {
  const last = steps.at(-1)
  const at = last === undefined ? -1 : ORDER.findIndex(([name]) => name === last.name)
  if (last !== undefined && at < 0) return null
  return ORDER[at + 1]?.[0] ?? null
}

/** The part that a step belongs to. */
export const partOf = (step: string): Part => parts.get(step) ?? 'other'

/** The seconds of all steps together. */
export const seconds = (steps: readonly StepTime[]): number => steps.reduce((sum, step) => sum + step.seconds, 0)
