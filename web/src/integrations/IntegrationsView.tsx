import { Link } from 'react-router'
import { useT } from '../i18n/useT'
import { DataNav } from '../manage/DataNav'
import { useTenant } from '../session/SessionProvider'
import { Icon } from '../shared/Icon'
import { useTitle } from '../shared/useTitle'
import '../styles/integrations.css'
import { CardGrid } from './IntegrationCards'
import { useAvailable, useConnections } from './queries'

/** What is connected and what can be. */
export default function IntegrationsView() {
  const t = useT()
  useTitle(t('integrations.title'))
  return (
    <main className="page integrationpage" id="main" tabIndex={-1}>
      <DataNav />
      <h1>{t('integrations.title')}</h1>
      <p className="sub lead">{t('integrations.lead')}</p>
      <h2 className="vh">{t('integrations.list')}</h2>
      <CardGrid />
      <MoreAccounts />
    </main>
  )
}

/** A vendor that is connected can be connected again, with another account. */
function MoreAccounts() {
  const t = useT()
  const { tenant, may } = useTenant()
  const available = useAvailable().data?.items ?? []
  const kinds = new Set((useConnections().data?.items ?? []).map((connection) => connection.kind))
  const again = available.filter((integration) => integration.object !== null && kinds.has(integration.integration))
  if (again.length === 0 || !may('schemas:write')) return null
  return (
    <ul className="row wrap moreaccounts">
      {again.map((integration) => (
        <li key={integration.integration}>
          <Link className="btn ghost sm" to={`/t/${encodeURIComponent(tenant)}/data/integrations/new?kind=${integration.integration}`}><Icon name="plus" />{t('integrations.another', { name: integration.label })}</Link>
        </li>
      ))}
    </ul>
  )
}
