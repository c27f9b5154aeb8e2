import { useEffect, useRef } from 'react'

type Shortcuts = { run: () => void; save: () => void; undo: () => void; redo: () => void }

/** Shortcuts with a modifier only; undo and redo stay the browser's own inside of text that is being typed. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      const key = event.key.toLowerCase()
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable="true"]')
      const action =
        key === 'enter' ? latest.current.run
        : key === 's' && !event.shiftKey ? latest.current.save
        : key === 'z' && !typing ? (event.shiftKey ? latest.current.redo : latest.current.undo)
        : null
      if (action === null) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
