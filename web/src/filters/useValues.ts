import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDebouncedValue } from '@mantine/hooks'
import { call } from '../api/call'
import { readValues } from '../api/query'
import type { FilterNode } from '../report/types'
import { useLanguage } from '../i18n/LanguageProvider'
import { useTenant } from '../session/SessionProvider'

const SHOWN = 50

/** The values of a field that contain a text, the most frequent first, within the other filters of a report on `base`. */
export function useValues({ field, contains, base, filters, relationship }: {
  field: string
  contains: string
  base: string
  filters?: FilterNode | undefined
  relationship?: string | undefined
}) {
  const { tenant } = useTenant()
  const { language } = useLanguage()
  const [searched] = useDebouncedValue(contains.trim(), 200)
  const query = {
    field,
    limit: SHOWN,
    ...(searched === '' ? {} : { contains: searched }),
    ...(filters === undefined ? {} : { filters: JSON.stringify(filters), object: base }),
    ...(relationship === undefined || filters === undefined ? {} : { relationship }),
  }
  return useQuery({
    queryKey: ['values', tenant, language, query],
    queryFn: ({ signal }) => call(readValues({ path: { tenant }, query, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}
