import { expect, it } from 'vitest'
import { EMPTY_DRAFT, same, step, type Draft, type History } from './history'

const draft = (name: string): Draft => ({ ...EMPTY_DRAFT, report: { object: 'ticket' }, name })
const changed = ({ present, origin }: History) => !same(present, origin)

it('knows a question that was only opened from one that was changed', () => {
  const empty: History = { past: [], present: EMPTY_DRAFT, future: [], origin: EMPTY_DRAFT }
  const suggested = step(empty, { type: 'start', draft: draft('Suggested') })
  expect([changed(suggested), suggested.past]).toEqual([false, [EMPTY_DRAFT]])
  const edited = step(suggested, { type: 'change', draft: draft('Mine') })
  expect([changed(edited), changed(step(edited, { type: 'undo' }))]).toEqual([true, false])
  expect(changed(step(edited, { type: 'load', draft: draft('A link') }))).toBe(false)
})
