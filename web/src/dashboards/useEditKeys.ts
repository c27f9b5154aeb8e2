import { useEffect, useRef } from 'react'

type Keys = { undo: () => void; redo: () => void; save: () => void }

/** Ctrl or ⌘ with Z, Shift+Z and S while a dashboard is edited. In a text field, undo is the field's own. */
export function useEditKeys(editing: boolean, keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!editing) return
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const key = event.key.toLowerCase()
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea')
      if (key === 's' && !event.shiftKey) {
        event.preventDefault()
        latest.current.save()
      } else if (key === 'z' && !typing) {
        event.preventDefault()
        if (event.shiftKey) latest.current.redo()
        else latest.current.undo()
      }
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [editing])
}
