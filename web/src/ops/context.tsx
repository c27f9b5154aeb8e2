import { createContext, useContext, useMemo, type ReactNode } from 'react'
import type { Scope } from '../session/session'

const EVERY_MS = 15_000

/** What the panels of Ops share. `tenant`: the only tenant shown, or null for all. `every`: how often panels ask
 * again, false while updates are paused. `zone`: the zone of the refresh schedule, else the reader's. `may`: what the
 * operator's session permits besides ops: a panel does not ask for what would be refused. */
export type OpsValue = { tenant: string | null; every: number | false; zone: string; may: (scope: Scope) => boolean }

const OpsContext = createContext<OpsValue | null>(null)

/** Everything below shows one tenant or all, in one zone, and updates itself or not. */
export function OpsProvider({ tenant, paused, zone, scopes, children }: { tenant: string | null; paused: boolean; zone: string | null; scopes: readonly string[]; children: ReactNode }) {
  const shown = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const value = useMemo<OpsValue>(
    () => ({ tenant, every: paused ? false : EVERY_MS, zone: shown, may: (scope) => scopes.includes(scope) }),
    [tenant, paused, shown, scopes],
  )
  return <OpsContext value={value}>{children}</OpsContext>
}

/** What the panels share. */
export function useOps(): OpsValue {
  const value = useContext(OpsContext)
  if (value === null) throw new Error('useOps outside of OpsProvider')
  return value
}

/** How often a query asks again while updates are not paused. */
export const interval = (paused: boolean): number | false => (paused ? false : EVERY_MS)
