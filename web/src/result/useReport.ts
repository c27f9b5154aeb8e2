import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { call } from '../api/call'
import { runQuery, type ResultBody, type RunQueryData } from '../api/query'
import { useLanguage } from '../i18n/LanguageProvider'
import type { Report } from '../report/types'
import { useTenant } from '../session/SessionProvider'

/** A report's result as it is read: the old one stays while the next is computed. */
export type ReportState = {
  data?: ResultBody
  error?: Error
  /** A request is under way. */
  fetching: boolean
  /** When it was sent, in milliseconds since 1970; null when none is under way. */
  startedAt: number | null
  /** The data answer an older question. */
  outdated: boolean
  /** The reader stopped the request. */
  cancelled: boolean
}

type Options = {
  enabled?: boolean
  /** The snapshot on which the page stands: its change asks again. */
  snapshot?: string | null
}

/** Runs a report and keeps its result. A superseded request is aborted. */
export function useReport(report: Report | null, { enabled = true, snapshot = null }: Options = {}): { state: ReportState; cancel: () => void; retry: () => void } {
  const { tenant } = useTenant()
  const { language } = useLanguage()
  const client = useQueryClient()
  const [cancelled, setCancelled] = useState<string | null>(null)
  const queryKey = ['result', tenant, report, snapshot, language]
  const identity = JSON.stringify(queryKey)
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => runReport(tenant, report as Report, signal),
    enabled: enabled && report !== null && cancelled !== identity,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    // Of hundreds of changes the last minute's answers are enough to undo.
    gcTime: 60_000,
  })
  const startedAt = useStarted(query.isFetching, identity)
  const cancel = useCallback(() => {
    setCancelled(identity)
    void client.cancelQueries({ queryKey: JSON.parse(identity) as unknown[] })
  }, [client, identity])
  const { refetch } = query
  const retry = useCallback(() => {
    setCancelled(null)
    void refetch()
  }, [refetch])
  return {
    state: {
      ...(query.data === undefined || report === null ? {} : { data: query.data }),
      ...(query.error === null ? {} : { error: query.error }),
      fetching: query.isFetching,
      startedAt: query.isFetching ? startedAt : null,
      outdated: query.isPlaceholderData,
      cancelled: cancelled === identity,
    },
    cancel,
    retry,
  }
}

/** The result of a report, once. */
export async function runReport(tenant: string, report: Report, signal?: AbortSignal): Promise<ResultBody> {
  return (await call(runQuery({ path: { tenant }, body: report as unknown as RunQueryData['body'], signal }))) as ResultBody
}

/** When the request that is under way began. */
function useStarted(fetching: boolean, identity: string): number | null {
  const [started, setStarted] = useState<number | null>(null)
  useEffect(() => {
    setStarted(fetching ? Date.now() : null)
  }, [fetching, identity])
  return started
}
