import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, callWithResponse } from '../../api/call'
import { changeDashboard, changeLook, createDashboard, createLook, getDashboard } from '../../api/query'
import type { ChartOptions, Report } from '../../report/types'
import { useTenant } from '../../session/SessionProvider'
import { openLook, type OpenLook } from '../useLook'

export type Saving = { name: string; description: string; report: Report; chart: ChartOptions; over: OpenLook | null; dashboard: Target | null }
export type Target = { id: string } | { name: string }

const DEFAULT_SIZE = { w: 6, h: 7 }

/** Saves a report as a new Look or over the one it began with, and puts it on a dashboard if that is asked. */
export function useSave() {
  const { tenant } = useTenant()
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (saving: Saving) => {
      const saved = await saveLook(tenant, saving)
      const dashboard = saving.dashboard === null ? null : await addTo(tenant, saving.dashboard, saved.look.id)
      return { saved, dashboard }
    },
    onSuccess: ({ saved, dashboard }) => {
      client.setQueryData(['looks', tenant, saved.look.id], saved)
      void client.invalidateQueries({ queryKey: ['looks', tenant], predicate: (query) => query.queryKey[2] !== saved.look.id })
      if (dashboard !== null) void client.invalidateQueries({ queryKey: ['dashboards', tenant] })
    },
  })
}

async function saveLook(tenant: string, { name, description, report, chart, over }: Saving): Promise<OpenLook> {
  const body = { name, description, request: report, chart } as never
  if (over === null) {
    const { data, response } = await callWithResponse(createLook({ path: { tenant }, body, headers: { 'Idempotency-Key': crypto.randomUUID() } }))
    return openLook(data, response.headers.get('ETag') ?? `"${data.version}"`)
  }
  const { data, response } = await callWithResponse(changeLook({ path: { tenant, look: over.look.id }, body, headers: { 'If-Match': over.etag } }))
  return openLook(data, response.headers.get('ETag') ?? `"${data.version}"`)
}

/** Adds a tile below all others. */
async function addTo(tenant: string, target: Target, look: string): Promise<{ id: string; name: string }> {
  if ('name' in target) {
    const body = { name: target.name, description: '', tiles: [{ look, position: { x: 0, y: 0, ...DEFAULT_SIZE } }] } as never
    return call(createDashboard({ path: { tenant }, body, headers: { 'Idempotency-Key': crypto.randomUUID() } }))
  }
  const { data, response } = await callWithResponse(getDashboard({ path: { tenant, dashboard: target.id } }))
  const bottom = Math.max(0, ...data.tiles.map((tile) => (tile.position?.y ?? 0) + (tile.position?.h ?? 0)))
  const body = {
    name: data.name,
    description: data.description,
    filters: data.filters ?? undefined,
    tiles: [...data.tiles.map(sentTile), { look, position: { x: 0, y: bottom, ...DEFAULT_SIZE } }],
  } as never
  return call(changeDashboard({ path: { tenant, dashboard: target.id }, body, headers: { 'If-Match': response.headers.get('ETag') ?? '' } }))
}

/** A tile without the members that are not set: the service tells them apart. */
const sentTile = (tile: object) => Object.fromEntries(Object.entries(tile).filter(([, value]) => value !== null))
