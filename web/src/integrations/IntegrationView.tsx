import { Link, useParams, useSearchParams } from 'react-router'
import { useObjects } from '../imports/labels'
import { useT } from '../i18n/useT'
import { DataNav } from '../manage/DataNav'
import { useTenant } from '../session/SessionProvider'
import { EmptyState } from '../shared/EmptyState'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useTitle } from '../shared/useTitle'
import '../styles/integrations.css'
import '../styles/steps.css'
import { ConnectionDetails } from './ConnectionDetails'
import { ConnectWizard } from './ConnectWizard'
import { useAvailable, useConnections } from './queries'

const NEW = 'new'

/** One integration: to connect it, or as it is. */
export default function IntegrationView() {
  const t = useT()
  const { tenant } = useTenant()
  const { name = '' } = useParams()
  useTitle(name === NEW ? t('integrations.new') : name)
  return (
    <main className="page integrationpage one" id="main" tabIndex={-1}>
      <DataNav />
      <Link className="s13 lk backlink" to={`/t/${encodeURIComponent(tenant)}/data/integrations`}><Icon name="chevronLeft" />{t('integrations.title')}</Link>
      <Loaded name={name} />
    </main>
  )
}

function Loaded({ name }: { name: string }) {
  const t = useT()
  const { may } = useTenant()
  const [params] = useSearchParams()
  const available = useAvailable()
  const connections = useConnections()
  const objects = useObjects()
  const failed = [available, connections, objects].find((query) => query.isError)
  if (failed !== undefined && failed.error !== null) {
    return <><h1>{t('integrations.title')}</h1><ProblemNotice error={failed.error} again={() => void failed.refetch()} /></>
  }
  if (available.data === undefined || connections.data === undefined || objects.data === undefined) {
    return <><h1 className="vh">{t('common.loading')}</h1><div className="card"><Skeletons rows={8} /></div></>
  }
  if (name === NEW) {
    const integration = available.data.items.find((one) => one.integration === params.get('kind'))
    if (integration === undefined) return <EmptyState level={1} icon="link" title={t('integrations.unknown')} text={t('integrations.unknownText')} />
    if (!may('schemas:write')) return <EmptyState level={1} icon="lock" title={t('integrations.connectName', { name: integration.label })} text={t('integrations.forbidden')} />
    return (
      <>
        <h1>{t('integrations.connectName', { name: integration.label })}</h1>
        <p className="sub lead">{t('integrations.wizardLead')}</p>
        <ConnectWizard key={integration.integration} integration={integration} connections={connections.data.items} />
      </>
    )
  }
  const connection = connections.data.items.find((one) => one.name === name)
  if (connection === undefined) return <EmptyState level={1} icon="link" title={t('integrations.gone', { name })} text={t('integrations.goneText')} />
  return (
    <ConnectionDetails
      key={connection.name} connection={connection} integration={available.data.items.find((one) => one.integration === connection.kind)}
      object={objects.data.find((schema) => schema.object === connection.object)}
    />
  )
}
