import { useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { insert, type Choice, type Edited } from './completion'

/** The text of an expression, where its caret stands, and how to put something there. */
export type Expression = {
  text: string
  caret: number
  area: RefObject<HTMLTextAreaElement | null>
  /** The text and caret as the reader changed them. */
  typed: (edited: Edited) => void
  /** A text of the page in its place; the caret goes there, and the focus. */
  replace: (edited: Edited) => void
  put: (choice: Choice) => void
}

export function useExpression(initial: string): Expression {
  const area = useRef<HTMLTextAreaElement>(null)
  const [edited, setEdited] = useState<Edited>({ text: initial, caret: initial.length })
  const [placed, setPlaced] = useState<Edited | null>(null)
  useLayoutEffect(() => {
    if (placed === null) return
    area.current?.focus()
    area.current?.setSelectionRange(placed.caret, placed.caret)
  }, [placed])
  const replace = (next: Edited) => {
    setEdited(next)
    setPlaced({ ...next })
  }
  return {
    ...edited,
    area,
    typed: setEdited,
    replace,
    put: (choice) => {
      const from = area.current?.selectionStart ?? edited.text.length
      const to = area.current?.selectionEnd ?? from
      replace(insert(edited.text, from, to, choice))
    },
  }
}
