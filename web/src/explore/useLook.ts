import { useQuery } from '@tanstack/react-query'
import { callWithResponse } from '../api/call'
import { getLook, type LookBody } from '../api/query'
import { readChart, readReport } from '../report/validate'
import { useTenant } from '../session/SessionProvider'
import type { Draft } from './history'

export type OpenLook = { look: LookBody; etag: string; draft: Draft }

/** A saved Look as a draft. */
export function useLook(id: string | undefined) {
  const { tenant } = useTenant()
  return useQuery({
    queryKey: ['looks', tenant, id],
    enabled: id !== undefined,
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<OpenLook> => {
      const { data, response } = await callWithResponse(getLook({ path: { tenant, look: id ?? '' }, signal }))
      return openLook(data, response.headers.get('ETag') ?? `"${data.version}"`)
    },
  })
}

/** A Look as it came, ready to be edited. */
export function openLook(look: LookBody, etag: string): OpenLook {
  return {
    look,
    etag,
    draft: { report: readReport(look.request), chart: readChart(look.chart), byHand: true, name: look.name },
  }
}
