import { useState } from 'react'
import { Link, useLocation, useParams } from 'react-router'
import { configureCalls } from '../api/call'
import { useLanguage } from '../i18n/LanguageProvider'
import { useT } from '../i18n/useT'
import { OPERATOR } from '../session/session'
import { useSessions } from '../session/SessionProvider'
import { EmptyState } from '../shared/EmptyState'
import { useTitle } from '../shared/useTitle'
import '../styles/ops.css'
import { Cards } from './Cards'
import { interval, OpsProvider } from './context'
import { HealthPanel } from './HealthPanel'
import { LagPanel } from './LagPanel'
import { OpsHeader } from './OpsHeader'
import { QuarantinePanel } from './QuarantinePanel'
import { useFreshness, useTenants } from './queries'
import { RunsPanel } from './RunsPanel'
import { TenantsPanel } from './TenantsPanel'
import { useRefreshRun } from './useRefreshRun'

const PAUSED = 'crosslook.ops.paused'

/** Refreshes, ingest, quarantine, integrations and tenants: for operators only. */
export default function OpsView() {
  const t = useT()
  const { tenant } = useParams()
  const { items } = useSessions()
  const { language } = useLanguage()
  useLocation() // the gate of a tenant chooses its own session with each address; here the operator's counts
  useTitle(t('ops.title'))
  const session = items.find((item) => item.tenant === OPERATOR)
  if (session === undefined || !session.scopes.includes('ops')) return <ForOperators tenant={tenant} everyTenant={session !== undefined} />
  configureCalls(OPERATOR, language)
  return <Ops tenant={tenant ?? null} scopes={session.scopes} />
}

/** `everyTenant`: the session is for all tenants, but does not permit this. */
function ForOperators({ tenant, everyTenant }: { tenant: string | undefined; everyTenant: boolean }) {
  const t = useT()
  return (
    <main className="page narrow" id="main" tabIndex={-1}>
      <EmptyState icon="lock" level={1} title={t('ops.forOperators')} text={t(everyTenant ? 'ops.forOperators.noPermission' : 'ops.forOperators.text')}>
        <Link className="btn" to={tenant === undefined ? '/' : `/t/${encodeURIComponent(tenant)}/reports`}>{t('common.home')}</Link>
      </EmptyState>
    </main>
  )
}

function Ops({ tenant, scopes }: { tenant: string | null; scopes: readonly string[] }) {
  const [paused, setPaused] = useState(() => sessionStorage.getItem(PAUSED) === 'yes')
  const tenants = useTenants(false)
  // The schedule is known to reports only; it is the same in all tenants.
  const freshnessOf = tenant ?? tenants.data?.find((item) => item.status === 'active')?.tenant ?? null
  const freshness = useFreshness(scopes.includes('reports:read') ? freshnessOf : null, interval(paused))
  const refresh = useRefreshRun()
  const pause = (next: boolean) => {
    sessionStorage.setItem(PAUSED, next ? 'yes' : 'no')
    setPaused(next)
  }
  return (
    <OpsProvider tenant={tenant} paused={paused} zone={freshness.data?.zone ?? null} scopes={scopes}>
      <main className="page ops" id="main" tabIndex={-1}>
        <OpsHeader paused={paused} onPause={pause} refresh={refresh} />
        <Cards freshnessOf={freshnessOf} asking={tenants.isPending} />
        <div className="opspair">
          <LagPanel />
          <RunsPanel active={refresh.active ? refresh.run : null} />
        </div>
        <QuarantinePanel />
        <HealthPanel />
        <TenantsPanel />
      </main>
    </OpsProvider>
  )
}
