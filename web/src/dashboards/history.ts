import { useCallback, useReducer } from 'react'

/** A value with what it was before and what was undone. */
export type History<T> = { past: T[]; present: T; future: T[] }
export type HistoryAction<T> = { kind: 'set'; value: T } | { kind: 'undo' } | { kind: 'redo' } | { kind: 'reset'; value: T }

const MOST = 100

/** The next state: a change forgets what was undone. */
export function reduceHistory<T>(state: History<T>, action: HistoryAction<T>): History<T> {
  const { past, present, future } = state
  switch (action.kind) {
    case 'set':
      return action.value === present ? state : { past: [...past, present].slice(-MOST), present: action.value, future: [] }
    case 'undo': {
      const before = past.at(-1)
      return before === undefined ? state : { past: past.slice(0, -1), present: before, future: [present, ...future] }
    }
    case 'redo': {
      const [after, ...later] = future
      return after === undefined ? state : { past: [...past, present], present: after, future: later }
    }
    default:
      return { past: [], present: action.value, future: [] }
  }
}

/** A value whose changes can be undone. `changed`: a change that it begins with. */
export function useHistory<T>(first: T, changed: T | null = null) {
  const [state, send] = useReducer(reduceHistory<T>, changed === null ? { past: [], present: first, future: [] } : { past: [first], present: changed, future: [] })
  const set = useCallback((value: T) => send({ kind: 'set', value }), [])
  const undo = useCallback(() => send({ kind: 'undo' }), [])
  const redo = useCallback(() => send({ kind: 'redo' }), [])
  const reset = useCallback((value: T) => send({ kind: 'reset', value }), [])
  return { value: state.present, canUndo: state.past.length > 0, canRedo: state.future.length > 0, set, undo, redo, reset }
}
