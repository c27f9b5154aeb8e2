import type { ChartOptions, Report } from '../report/types'

/** The question that is being built: what is asked, how it is drawn, and what it is called. */
export type Draft = { report: Report | null; chart: ChartOptions; byHand: boolean; name: string }

/** The question with the steps before and after it. `origin`: as it was opened, before its reader changed anything. */
export type History = { past: Draft[]; present: Draft; future: Draft[]; origin: Draft }

export type Step =
  | { type: 'change'; draft: Draft }
  | { type: 'start'; draft: Draft }
  | { type: 'replace'; draft: Draft }
  | { type: 'load'; draft: Draft }
  | { type: 'undo' }
  | { type: 'redo' }

export const MOST_STEPS = 200

export const EMPTY_DRAFT: Draft = { report: null, chart: { type: 'table' }, byHand: false, name: '' }

/** The history after a step. `replace` changes the present without a step of its own (typing in a name);
 * `start` is a change to a question that is opened as it is; `load` begins a new history. */
export function step(history: History, action: Step): History {
  switch (action.type) {
    case 'change':
      if (same(history.present, action.draft)) return history
      return { ...history, past: [...history.past, history.present].slice(-MOST_STEPS), present: action.draft, future: [] }
    case 'start':
      return { ...step(history, { type: 'change', draft: action.draft }), origin: action.draft }
    case 'replace':
      return { ...history, present: action.draft }
    case 'load':
      return { past: [], present: action.draft, future: [], origin: action.draft }
    case 'undo': {
      const before = history.past.at(-1)
      if (before === undefined) return history
      return { ...history, past: history.past.slice(0, -1), present: before, future: [history.present, ...history.future] }
    }
    case 'redo': {
      const [after, ...later] = history.future
      if (after === undefined) return history
      return { ...history, past: [...history.past, history.present], present: after, future: later }
    }
  }
}

/** Whether two drafts ask and draw the same. */
export const same = (a: Draft, b: Draft): boolean => JSON.stringify(a) === JSON.stringify(b)
