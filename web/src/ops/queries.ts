import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import { readCatalog, type SnapshotBlock } from '../api/query'
import { listTenants, type TenantBody } from '../api/schema'
import { getIngest, getRun, listSnapshots, type RunAnswer } from '../api/snapshot'

const PAGES_MOST = 20
const ALL = '*'

/** Retained snapshots and failed runs, the newest first. */
export function useSnapshots(every: number | false) {
  return useQuery({
    queryKey: ['snapshots', ALL],
    queryFn: ({ signal }) => call(listSnapshots({ query: { page_size: 50 }, signal })),
    refetchInterval: every,
  })
}

/** The state of ingest and its partitions. */
export function useIngest(every: number | false) {
  return useQuery({ queryKey: ['ingest', ALL], queryFn: ({ signal }) => call(getIngest({ signal })), refetchInterval: every })
}

/** A run that has ended does not change any more, so it is asked for once. */
export function useEndedRun(run: string) {
  return useQuery({ queryKey: ['runs', ALL, run], queryFn: ({ signal }) => call(getRun({ path: { run }, signal })), staleTime: Infinity })
}

/** All tenants, by name. */
export function useTenants(every: number | false) {
  return useQuery({ queryKey: ['tenants', ALL, 'every'], queryFn: ({ signal }) => everyTenant(signal), refetchInterval: every })
}

async function everyTenant(signal: AbortSignal): Promise<TenantBody[]> {
  const found: TenantBody[] = []
  let token: string | null = null
  for (let page = 0; page < PAGES_MOST; page += 1) {
    const answer: Awaited<ReturnType<typeof pageOfTenants>> = await pageOfTenants(token, signal)
    found.push(...answer.items)
    token = answer.next_page_token
    if (token === null) break
  }
  return found.sort((a, b) => a.tenant.localeCompare(b.tenant))
}

const pageOfTenants = (token: string | null, signal: AbortSignal) =>
  call(listTenants({ query: { page_size: 500, ...(token === null ? {} : { page_token: token }) }, signal }))

/** How fresh a tenant's reports are, and when the next refresh is due: the schedule is the same for all tenants. */
export function useFreshness(tenant: string | null, every: number | false) {
  return useQuery({
    queryKey: ['freshness', tenant],
    enabled: tenant !== null,
    queryFn: async ({ signal }): Promise<SnapshotBlock | null> => {
      const catalog = await call(readCatalog({ path: { tenant: tenant ?? '' }, signal }))
      return catalog.snapshot ?? null
    },
    refetchInterval: every === false ? false : every * 2,
  })
}

/** Whether a run has ended. */
export const hasEnded = (run: RunAnswer): boolean => run.state === 'published' || run.state === 'failed'
