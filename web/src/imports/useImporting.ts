import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { call } from '../api/call'
import { listImports, type PastImportBody } from '../api/schema'
import { importsKey, keepImport } from './pastImports'
import { upload, type ImportCall } from './upload'

const POLL_MS = 1_500
/** Clocks of browser and service may differ by so much. */
const SKEW_MS = 60_000

/** A dry run and the import of one file, with how far they are. */
export function useImporting(tenant: string) {
  const client = useQueryClient()
  const [share, setShare] = useState(0)
  const controller = useRef<AbortController | null>(null)
  const startedAt = useRef(0)
  const run = (sent: ImportCall) => {
    setShare(0)
    startedAt.current = Date.now()
    controller.current = new AbortController()
    return upload(sent, setShare, controller.current.signal)
  }
  const check = useMutation({ mutationFn: (sent: Omit<ImportCall, 'dryRun'>) => run({ ...sent, dryRun: true }) })
  const bring = useMutation({
    mutationFn: (sent: Omit<ImportCall, 'dryRun'>) => run({ ...sent, dryRun: false }),
    onSuccess: (result, sent) => {
      if (result.import !== null) keepImport(tenant, result.import, { name: sent.file.name, errors: result.errors })
      void client.invalidateQueries({ queryKey: importsKey(tenant) })
      void client.invalidateQueries({ queryKey: ['catalog', tenant] })
    },
    onError: () => void client.invalidateQueries({ queryKey: importsKey(tenant) }),
  })
  const object = bring.variables?.object
  const running = useQuery({
    queryKey: [...importsKey(tenant), 'running', object],
    enabled: bring.isPending,
    queryFn: ({ signal }) => call(listImports({ path: { tenant }, query: { page_size: 5 }, signal })),
    refetchInterval: POLL_MS,
    select: (page): PastImportBody | null => page.items.find((past) => past.state === 'running' && past.object === object && Date.parse(past.started_at) > startedAt.current - SKEW_MS) ?? null,
  })
  return {
    check, bring, share,
    running: bring.isPending ? (running.data ?? null) : null,
    stop: () => controller.current?.abort(),
    reset: () => {
      check.reset()
      bring.reset()
    },
  }
}

export type Importing = ReturnType<typeof useImporting>
