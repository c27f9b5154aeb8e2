import { Navigate, Outlet, useLocation, useParams } from 'react-router'
import { configureCalls } from '../api/call'
import { useLanguage } from '../i18n/LanguageProvider'
import { sessionFor } from '../session/session'
import { TenantProvider, useSessions } from '../session/SessionProvider'

/** Opens a tenant's views to those who have a session for it; all others sign in first and come back here. */
export function TenantGate() {
  const { tenant = '' } = useParams()
  const { items, ended } = useSessions()
  const { language } = useLanguage()
  const location = useLocation()
  const session = sessionFor(items, tenant)
  if (session === null) {
    // While a session that ended is renewed in a dialog, what was typed below stays.
    if (ended) return <Outlet />
    const back = location.pathname + location.search
    return <Navigate to={`/sign-in?return_to=${encodeURIComponent(back)}`} replace />
  }
  // Before children render: their first calls need it.
  configureCalls(session.tenant, language)
  localStorage.setItem('crosslook.tenant', tenant)
  return (
    <TenantProvider key={`${session.tenant} ${tenant}`} tenant={tenant} session={session}>
      <Outlet />
    </TenantProvider>
  )
}
