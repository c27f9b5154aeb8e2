import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import { readCatalog, type CatalogBody } from '../api/query'
import { useTenant } from '../session/SessionProvider'
import { useLanguage } from '../i18n/LanguageProvider'

export type Catalog = CatalogBody

/** What can be reported on now, what is pending, and how fresh it is. Read again every minute. */
export function useCatalog() {
  const { tenant } = useTenant()
  const { language } = useLanguage()
  return useQuery({
    queryKey: ['catalog', tenant, language],
    queryFn: ({ signal }) => call(readCatalog({ path: { tenant }, signal })),
    refetchInterval: 60_000,
    staleTime: 10_000,
  })
}
