import { useQueries, useQuery } from '@tanstack/react-query'
import { call, callWithResponse } from '../api/call'
import {
  changeDashboard, createDashboard, deleteDashboard, getDashboard, getLook, listDashboards, listLooks,
  type ChangeDashboardData, type CreateDashboardData, type DashboardSummary, type LookBody, type LookSummary,
} from '../api/query'
import { useTenant } from '../session/SessionProvider'
import { boardBody, readBoard, type Board, type TypeOf } from './board'

/** A saved dashboard with the version that a change must name. */
export type Saved = { id: string; board: Board; tag: string; updatedAt: string }

const PAGE = 500

/** Every item of a list that comes in pages. */
export async function allPages<Item>(page: (token: string | null) => Promise<{ items: Item[]; next_page_token: string | null }>): Promise<Item[]> {
  const items: Item[] = []
  let token: string | null = null
  do {
    const answer: { items: Item[]; next_page_token: string | null } = await page(token)
    items.push(...answer.items)
    token = answer.next_page_token
  } while (token !== null)
  return items
}

/** All dashboards by name. */
export function useDashboards() {
  const { tenant } = useTenant()
  return useQuery({
    queryKey: ['dashboards', tenant],
    queryFn: ({ signal }): Promise<DashboardSummary[]> =>
      allPages((token) => call(listDashboards({ path: { tenant }, query: { page_size: PAGE, page_token: token }, signal }))),
  })
}

/** All Looks by name. */
export function useLooks() {
  const { tenant } = useTenant()
  return useQuery({
    queryKey: ['looks', tenant],
    queryFn: ({ signal }): Promise<LookSummary[]> =>
      allPages((token) => call(listLooks({ path: { tenant }, query: { page_size: PAGE, page_token: token }, signal }))),
  })
}

const lookQuery = (tenant: string, id: string) => ({
  queryKey: ['look', tenant, id],
  queryFn: ({ signal }: { signal: AbortSignal }) => call(getLook({ path: { tenant, look: id }, signal })),
  staleTime: 60_000,
})

/** One Look. */
export function useLook(id: string | null) {
  const { tenant } = useTenant()
  return useQuery({ ...lookQuery(tenant, id ?? ''), enabled: id !== null })
}

/** The Looks that are there already, by their ids. */
export function useLookBodies(ids: readonly string[]): Map<string, LookBody> {
  const { tenant } = useTenant()
  const answers = useQueries({ queries: [...new Set(ids)].map((id) => lookQuery(tenant, id)) })
  return new Map(answers.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data]])))
}

/** A dashboard as it is saved now. */
export async function readDashboard(tenant: string, id: string, signal?: AbortSignal): Promise<Saved> {
  const { data, response } = await callWithResponse(getDashboard({ path: { tenant, dashboard: id }, signal }))
  return { id, board: readBoard(data), tag: response.headers.get('ETag') ?? `"${data.version}"`, updatedAt: data.updated_at }
}

/** Saves a new dashboard. */
export async function addDashboard(tenant: string, board: Board, typeOf?: TypeOf): Promise<Saved> {
  const body = boardBody(board, typeOf) as CreateDashboardData['body']
  const { data, response } = await callWithResponse(createDashboard({ path: { tenant }, body }))
  return { id: data.id, board: readBoard(data), tag: response.headers.get('ETag') ?? `"${data.version}"`, updatedAt: data.updated_at }
}

/** Replaces a dashboard if it still has the version of `tag`; a CallError of status 412 says that it was changed meanwhile. */
export async function replaceDashboard(tenant: string, id: string, board: Board, tag: string, typeOf?: TypeOf): Promise<Saved> {
  const body = boardBody(board, typeOf) as ChangeDashboardData['body']
  const { data, response } = await callWithResponse(changeDashboard({ path: { tenant, dashboard: id }, body, headers: { 'if-match': tag } }))
  return { id, board: readBoard(data), tag: response.headers.get('ETag') ?? `"${data.version}"`, updatedAt: data.updated_at }
}

/** Deletes a dashboard in the version that is saved now. */
export async function removeDashboard(tenant: string, id: string): Promise<void> {
  const { tag } = await readDashboard(tenant, id)
  await call(deleteDashboard({ path: { tenant, dashboard: id }, headers: { 'if-match': tag } }))
}

/** Changes a dashboard as it is saved now; asks once more if somebody else saved it in between. */
export async function editDashboard(tenant: string, id: string, change: (board: Board) => Board): Promise<Saved> {
  const attempt = async () => {
    const { board, tag } = await readDashboard(tenant, id)
    return replaceDashboard(tenant, id, change(board), tag)
  }
  try {
    return await attempt()
  } catch (error) {
    if ((error as { status?: number }).status !== 412) throw error
    return attempt()
  }
}
