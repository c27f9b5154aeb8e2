import { createContext, useContext } from 'react'
import { afterPointer } from '../../shared/afterPointer'
import { inputId } from '../checks'
import type { ObjectForm } from '../form'

/** What the parts of the editor share. `locked`: the reader may look, not change. */
export type Editing = {
  form: ObjectForm
  change: (edit: (form: ObjectForm) => ObjectForm) => void
  /** What is wrong at an input, once the reader has been there or has tried to save. */
  error: (path: string) => string | null
  /** How many visible problems a part has. */
  problems: (key: string) => number
  touch: (path: string) => void
  isOpen: (key: string) => boolean
  setOpen: (key: string, open: boolean) => void
  /** API names of the tenant's other objects. */
  objects: readonly string[]
  locked: boolean
  /** What the headings of the parts are: below the page's own, or below the panel's. */
  heading: 'h2' | 'h3'
}

export const EditingContext = createContext<Editing | null>(null)

export function useEditing(): Editing {
  const value = useContext(EditingContext)
  if (value === null) throw new Error('useEditing outside of an editor')
  return value
}

/** What ties an input to its place in the form. */
export function tied({ error, touch, locked }: Editing, path: string) {
  return { id: inputId(path), error: error(path), onBlur: () => afterPointer(() => touch(path)), readOnly: locked }
}
