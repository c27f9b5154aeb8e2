import { useEffect, useRef, useState } from 'react'

/** Files dropped anywhere on the page; `over` while one is dragged above it. Where it is not `enabled` a file is turned
 * away: left alone, the browser would open it in place of the page. */
export function useFileDrop(onFile: (file: File) => void, enabled: boolean): boolean {
  const [over, setOver] = useState(false)
  const take = useRef({ onFile, enabled })
  useEffect(() => {
    take.current = { onFile, enabled }
  })
  useEffect(() => {
    let depth = 0
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const move = (step: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      if (!take.current.enabled && event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none'
      depth += step
      setOver(depth > 0)
    }
    const [enter, leave, stay] = [move(1), move(-1), move(0)]
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      const file = event.dataTransfer?.files[0]
      if (file !== undefined && take.current.enabled) take.current.onFile(file)
    }
    const listeners = [['dragenter', enter], ['dragleave', leave], ['dragover', stay], ['drop', drop]] as const
    for (const [name, listener] of listeners) window.addEventListener(name, listener)
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener)
    }
  }, [])
  return over && enabled
}
