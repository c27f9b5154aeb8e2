import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import { getSettings } from '../api/schema'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'

/** The settings that apply to a tenant, its own or the deployment's. */
export function useEffectiveSettings() {
  const { tenant } = useTenant()
  return useQuery({
    queryKey: ['settings', tenant, 'effective'],
    queryFn: ({ signal }) => call(getSettings({ path: { tenant }, query: { effective: true }, signal })),
  })
}

/** When the next refresh is, as far as it is known, and how instants of Manage data are written: in the reports' zone. */
export function useRefreshTime() {
  const formats = useFormats()
  const catalog = useCatalog()
  const settings = useEffectiveSettings()
  const zone = catalog.data?.snapshot?.zone ?? settings.data?.timezone ?? 'UTC'
  const next = catalog.data?.snapshot?.next_refresh_at ?? catalog.data?.pending[0]?.from ?? null
  return {
    zone,
    next,
    /** 30 Nov 2026, 05:30 CST */
    long: (iso: string) => formats.instant(iso, zone),
    /** 30 Nov, 05:30 */
    short: (iso: string) => formats.instant(iso, zone, { year: false, zoneName: false }),
    /** 30 Nov 2026 */
    day: (iso: string) => formats.date(new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(iso))),
  }
}
