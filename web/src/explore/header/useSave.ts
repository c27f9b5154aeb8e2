import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { callWithResponse } from '../../api/call'
import { changeLook, createLook } from '../../api/query'
import { EMPTY_BOARD } from '../../dashboards/board'
import { addDashboard, editDashboard } from '../../dashboards/calls'
import { withLook } from '../../looks/withLook'
import type { ChartOptions, Report } from '../../report/types'
import { useTenant } from '../../session/SessionProvider'
import { openLook, type OpenLook } from '../useLook'

export type Saving = { name: string; description: string; report: Report; chart: ChartOptions; over: OpenLook | null; dashboard: Target | null }
export type Target = { id: string } | { name: string }

/** Saves a report as a new Look or over the one it began with, and puts it on a dashboard if that is asked. When only the
 * dashboard failed, the next attempt changes the Look that was made instead of making a second one. */
export function useSave() {
  const { tenant } = useTenant()
  const client = useQueryClient()
  const made = useRef<OpenLook | null>(null)
  return useMutation({
    mutationFn: async (saving: Saving) => {
      const saved = await saveLook(tenant, { ...saving, over: made.current ?? saving.over })
      made.current = saved
      const look = { id: saved.look.id, chart_type: saving.chart.type }
      return { saved, dashboard: saving.dashboard === null ? null : await addTo(tenant, saving.dashboard, look) }
    },
    onSuccess: ({ saved, dashboard }) => {
      client.setQueryData(['looks', tenant, saved.look.id], saved)
      void client.invalidateQueries({ queryKey: ['looks', tenant], predicate: (query) => query.queryKey[2] !== saved.look.id })
      if (dashboard !== null) {
        void client.invalidateQueries({ queryKey: ['dashboards', tenant] })
        void client.invalidateQueries({ queryKey: ['dashboard', tenant, dashboard.id] })
      }
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

async function addTo(tenant: string, target: Target, look: Parameters<typeof withLook>[1]): Promise<{ id: string; name: string }> {
  const { id, board } =
    'name' in target
      ? await addDashboard(tenant, withLook({ ...EMPTY_BOARD, name: target.name }, look))
      : await editDashboard(tenant, target.id, (found) => withLook(found, look))
  return { id, name: board.name }
}
