import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import { getMessage, type RecordEventAnswer } from '../api/snapshot'
import { useTenant } from '../session/SessionProvider'
import { DELETED } from './outcomes'

/** The contact that a deleted one was merged into. The lookup does not say it; the event itself does, which only an
 * operator may read, and only as long as its topic keeps it. Null where that is not known. */
export function useMergeTarget(event: RecordEventAnswer, object: string): string | null {
  const { operator } = useTenant()
  const { partition, offset } = event.position
  const decides = event.outcome === 'winner' || event.outcome === 'waiting'
  const message = useQuery({
    queryKey: ['recordMessage', partition, offset],
    queryFn: ({ signal }) => call(getMessage({ path: { partition, offset }, signal })),
    enabled: object === 'contact' && event.type === DELETED && decides && operator,
    staleTime: Infinity,
    retry: false,
  })
  return message.data === undefined ? null : mergeTarget(message.data.payload)
}

/** What an event says, whole or only its data, as binary mode sends it. */
export function mergeTarget(payload: string): string | null {
  try {
    const read = JSON.parse(payload) as { data?: { merged_into?: unknown }; merged_into?: unknown } | null
    const named = read?.data?.merged_into ?? read?.merged_into
    return typeof named === 'string' && named !== '' ? named : null
  } catch {
    return null
  }
}
