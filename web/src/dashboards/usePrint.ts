import { useIsFetching } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

const QUIET_MS = 400

/** Prints once every tile is loaded, also those that were never in view. */
export function usePrint(): { printing: boolean; print: () => void } {
  const [printing, setPrinting] = useState(false)
  const running = useIsFetching({ queryKey: ['tile'] })
  useEffect(() => {
    if (!printing || running > 0) return
    // Charts are drawn after their data have come.
    const timer = window.setTimeout(() => {
      window.print()
      setPrinting(false)
    }, QUIET_MS)
    return () => window.clearTimeout(timer)
  }, [printing, running])
  return { printing, print: () => setPrinting(true) }
}
