import { describe, expect, it } from 'vitest'
import { reduceHistory, type History, type HistoryAction } from './history'

const after = (...actions: HistoryAction<string>[]) => actions.reduce<History<string>>(reduceHistory, { past: [], present: 'a', future: [] })
const set = (value: string): HistoryAction<string> => ({ kind: 'set', value })

describe('reduceHistory', () => {
  it('undoes and redoes', () => {
    expect(after(set('b'), set('c'), { kind: 'undo' })).toEqual({ past: ['a'], present: 'b', future: ['c'] })
    expect(after(set('b'), { kind: 'undo' }, { kind: 'redo' }).present).toBe('b')
    expect(after(set('b'), { kind: 'undo' }, { kind: 'undo' }, { kind: 'undo' }).present).toBe('a')
  })
  it('forgets what was undone after a change', () => {
    expect(after(set('b'), { kind: 'undo' }, set('c'), { kind: 'redo' })).toEqual({ past: ['a'], present: 'c', future: [] })
  })
  it('keeps no step for what stays the same, and begins anew', () => {
    expect(after(set('a')).past).toEqual([])
    expect(after(set('b'), { kind: 'reset', value: 'z' })).toEqual({ past: [], present: 'z', future: [] })
  })
  it('keeps at most a hundred steps', () => {
    expect(after(...Array.from({ length: 150 }, (_, at) => set(String(at)))).past).toHaveLength(100)
  })
})
