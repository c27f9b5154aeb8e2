import type { DragEvent } from 'react'

/** What is dragged: from the picker or within the shelf. Every drag has a click and a keyboard path as well. */
export type Dragged = { kind: 'field' | 'measure'; name: string }

const TYPE = 'application/x-crosslook'

/** Marks what a drag carries. */
export function dragged(event: DragEvent, what: Dragged): void {
  event.dataTransfer.setData(`${TYPE}-${what.kind}`, what.name)
  event.dataTransfer.effectAllowed = 'move'
}

/** Whether a drag over a place carries this kind; names are only readable when it is dropped. */
export const carries = (event: DragEvent, kind: Dragged['kind']): boolean => event.dataTransfer.types.includes(`${TYPE}-${kind}`)

/** What was dropped, or null for something from elsewhere. */
export function dropped(event: DragEvent): Dragged | null {
  for (const kind of ['field', 'measure'] as const) {
    const name = event.dataTransfer.getData(`${TYPE}-${kind}`)
    if (name !== '') return { kind, name }
  }
  return null
}
