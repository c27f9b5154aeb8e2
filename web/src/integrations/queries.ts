import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import { getConnection, listAvailable, listConnections } from '../api/schema'
import { useLanguage } from '../i18n/LanguageProvider'
import { useTenant } from '../session/SessionProvider'

const HEALTH_MS = 15_000

export const connectionsKey = (tenant: string) => ['integrations', tenant] as const

/** What can be connected, in the reader's language. */
export function useAvailable() {
  const { language } = useLanguage()
  return useQuery({ queryKey: ['available-integrations', language], queryFn: ({ signal }) => call(listAvailable({ signal })), staleTime: 600_000 })
}

/** What is connected, and how well messages arrive. */
export function useConnections() {
  const { tenant } = useTenant()
  return useQuery({ queryKey: connectionsKey(tenant), queryFn: ({ signal }) => call(listConnections({ path: { tenant }, signal })), refetchInterval: HEALTH_MS })
}

/** One connection; `every`: how often its health is read. */
export function useConnection(name: string, enabled = true, every = HEALTH_MS) {
  const { tenant } = useTenant()
  return useQuery({
    queryKey: [...connectionsKey(tenant), name],
    queryFn: ({ signal }) => call(getConnection({ path: { tenant, name }, signal })),
    enabled,
    refetchInterval: every,
  })
}
