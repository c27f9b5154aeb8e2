import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { call } from '../api/call'
import { getRun, refreshNow, type RunAnswer } from '../api/snapshot'
import { hasEnded } from './queries'

const KEPT = 'crosslook.ops.run'
const FOLLOW_MS = 1000

/** `run`: the one that was asked for here and is followed until it has ended. `covers`: false where it was under way
 * already and does not read the newest events. */
export type Refresh = {
  run: RunAnswer | null
  active: boolean
  covers: boolean
  asking: boolean
  error: Error | null
  start: () => void
  dismiss: () => void
}

/** Starts a refresh and follows it; a reload of the page goes on following it. */
export function useRefreshRun(): Refresh {
  const client = useQueryClient()
  const [id, setId] = useState(() => sessionStorage.getItem(KEPT))
  const [covers, setCovers] = useState(true)
  // One key for one intent: a press that is repeated after a failure is still the same request.
  const key = useRef<string | null>(null)
  const followed = useQuery({
    queryKey: ['runs', '*', id, 'followed'],
    enabled: id !== null,
    queryFn: ({ signal }) => call(getRun({ path: { run: id ?? '' }, signal })),
    refetchInterval: (query) => (query.state.data !== undefined && hasEnded(query.state.data) ? false : FOLLOW_MS),
  })
  const ask = useMutation({
    mutationFn: () => {
      key.current ??= crypto.randomUUID()
      return call(refreshNow({ headers: { 'idempotency-key': key.current } }))
    },
    onSuccess: (answer) => {
      key.current = null
      client.setQueryData(['runs', '*', answer.run, 'followed'], answer)
      sessionStorage.setItem(KEPT, answer.run)
      setCovers(answer.covers_request)
      setId(answer.run)
    },
  })
  const run = id === null ? null : (followed.data ?? null)
  const ended = run !== null && hasEnded(run)
  useEffect(() => {
    if (!ended) return
    sessionStorage.removeItem(KEPT)
    void client.invalidateQueries({ queryKey: ['snapshots'] })
    void client.invalidateQueries({ queryKey: ['freshness'] })
  }, [ended, client])
  const dismiss = () => {
    sessionStorage.removeItem(KEPT)
    setId(null)
    ask.reset()
  }
  return { run, active: run !== null && !ended, covers, asking: ask.isPending, error: ask.error ?? (followed.isError && run === null ? followed.error : null), start: () => ask.mutate(), dismiss }
}
