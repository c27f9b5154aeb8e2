import { useQuery, type QueryClient } from '@tanstack/react-query'
import { call } from '../api/call'
import { readCatalog, type CatalogBody } from '../api/query'
import type { Language } from '../i18n'
import { useTenant } from '../session/SessionProvider'
import { useLanguage } from '../i18n/LanguageProvider'

export type Catalog = CatalogBody

const FRESH_MS = 10_000

const catalogKey = (tenant: string, language: Language) => ['catalog', tenant, language]
const readNow = (tenant: string) => ({ signal }: { signal: AbortSignal }) => call(readCatalog({ path: { tenant }, signal }))

/** Asks for a tenant's catalog before the view that needs it is loaded. */
export function expectCatalog(client: QueryClient, tenant: string, language: Language): void {
  void client.prefetchQuery({ queryKey: catalogKey(tenant, language), queryFn: readNow(tenant), staleTime: FRESH_MS })
}

/** What can be reported on now, what is pending, and how fresh it is. Read again every minute. */
export function useCatalog() {
  const { tenant } = useTenant()
  const { language } = useLanguage()
  return useQuery({
    queryKey: catalogKey(tenant, language),
    queryFn: readNow(tenant),
    refetchInterval: 60_000,
    staleTime: FRESH_MS,
  })
}
