import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Navigate, Outlet, useLocation, useParams } from 'react-router'
import { configureCalls } from '../api/call'
import { useLanguage } from '../i18n/LanguageProvider'
import { sessionFor, type Session } from '../session/session'
import { expectCatalog } from '../shared/catalog'
import { TenantProvider, useSessions } from '../session/SessionProvider'

/** Opens a tenant's views to those who have a session for it; all others sign in first and come back here. A session that
 * ends while a view is open leaves it as it is, behind the dialog that renews it: nothing that was typed is lost. */
export function TenantGate() {
  const { tenant = '' } = useParams()
  const { items, end } = useSessions()
  const { language } = useLanguage()
  const location = useLocation()
  const client = useQueryClient()
  const shown = useRef<{ tenant: string; session: Session } | null>(null)
  const found = sessionFor(items, tenant)
  if (found !== null) shown.current = { tenant, session: found }
  const session = shown.current?.tenant === tenant ? shown.current.session : null
  const lost = found === null && session !== null
  useEffect(() => {
    if (lost) end()
  }, [lost, end])
  const tenantShown = session === null ? null : tenant
  const reports = session?.scopes.includes('reports:read') ?? false
  useEffect(() => {
    if (tenantShown !== null && reports) expectCatalog(client, tenantShown, language)
  }, [client, tenantShown, reports, language])
  if (session === null) {
    const back = location.pathname + location.search
    return <Navigate to={`/sign-in?return_to=${encodeURIComponent(back)}`} replace />
  }
  // Before children render: their first calls need it.
  configureCalls(session.tenant, language)
  localStorage.setItem('crosslook.tenant', tenant)
  return (
    <TenantProvider key={tenant} tenant={tenant} session={session}>
      <Outlet />
    </TenantProvider>
  )
}
