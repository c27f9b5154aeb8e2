import { useIsFetching } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

const QUIET_MS = 400
/** Set while the page goes to paper: the dashboard then has the width of the paper, for its charts to measure. */
const ON_PAPER = 'onpaper'

/** Prints once every tile is loaded, also those that were never in view. `wanted`: all tiles are to be loaded. The
 * browser's own command waits for nothing; it shows what is there, and what it asked for is there the next time. */
export function usePrint(): { printing: boolean; wanted: boolean; print: () => void } {
  const [printing, setPrinting] = useState(false)
  const [wanted, setWanted] = useState(false)
  const running = useIsFetching({ queryKey: ['tile'] })
  useEffect(() => {
    const before = () => {
      document.documentElement.classList.add(ON_PAPER)
      flushSync(() => setWanted(true))
    }
    const after = () => document.documentElement.classList.remove(ON_PAPER)
    // Before the charts, which measure themselves on the same event.
    window.addEventListener('beforeprint', before, { capture: true })
    window.addEventListener('afterprint', after)
    return () => {
      window.removeEventListener('beforeprint', before, { capture: true })
      window.removeEventListener('afterprint', after)
      after()
    }
  }, [])
  useEffect(() => {
    if (!printing || running > 0) return
    // Charts are drawn after their data have come.
    const timer = window.setTimeout(() => {
      window.print()
      setPrinting(false)
    }, QUIET_MS)
    return () => window.clearTimeout(timer)
  }, [printing, running])
  return { printing, wanted: wanted || printing, print: () => setPrinting(true) }
}
