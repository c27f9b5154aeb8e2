import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/call'
import { listImports, type PastImportBody, type RowErrorBody } from '../api/schema'
import { useTenant } from '../session/SessionProvider'

/** What this browser knows of an import that the service does not keep: the file's name, and what was refused. */
export type Kept = { name: string; errors: RowErrorBody[] }

const KEPT_MOST = 50
const ERRORS_MOST = 200
const RUNNING_MS = 2_000
const NONE: readonly string[] = []
const key = (tenant: string) => `crosslook.imports.${tenant}`

/** All that is kept, by import. */
export function keptImports(tenant: string): Record<string, Kept> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(key(tenant)) ?? '{}')
    return typeof read === 'object' && read !== null ? (read as Record<string, Kept>) : {}
  } catch {
    return {}
  }
}

/** Keeps the name of a file, and the first rows that were refused; the newest imports only. */
export function keepImport(tenant: string, id: string, kept: Kept): void {
  const { [id]: _, ...others } = keptImports(tenant)
  const entries = [...Object.entries(others), [id, { name: kept.name, errors: kept.errors.slice(0, ERRORS_MOST) }]].slice(-KEPT_MOST)
  try {
    localStorage.setItem(key(tenant), JSON.stringify(Object.fromEntries(entries)))
  } catch {
    // The browser's store is full: the list then shows the format in place of the name.
  }
}

export const importsKey = (tenant: string) => ['imports', tenant] as const
const isUnderWay = (past: PastImportBody) => past.state === 'running' || past.state === 'undoing'

/** Past imports, the newest first; read often while one is under way. */
export function useImports(size = 50) {
  const { tenant, may } = useTenant()
  return useQuery({
    queryKey: [...importsKey(tenant), size],
    queryFn: ({ signal }) => call(listImports({ path: { tenant }, query: { page_size: size }, signal })),
    enabled: may('records:write'),
    refetchInterval: (query) => (query.state.data?.items.some(isUnderWay) ? RUNNING_MS : false),
  })
}

/** The imports of which a refusal said that they are too old to be undone, until the page is loaded anew: only the
 * service knows which snapshots are kept, and it says so when it is asked to undo. */
export function useTooOld() {
  const { tenant } = useTenant()
  const client = useQueryClient()
  const queryKey = ['importsTooOld', tenant] as const
  const { data = NONE } = useQuery<readonly string[]>({ queryKey, queryFn: skipToken, gcTime: Infinity })
  return { tooOld: data, mark: (id: string) => client.setQueryData<readonly string[]>(queryKey, (known = []) => [...known, id]) }
}

/** Whether an import can be undone: it has ended, and has not been undone. A failed one may have published rows. */
export const canUndo = (past: PastImportBody): boolean => past.state === 'done' || (past.state === 'failed' && past.accepted > 0)
