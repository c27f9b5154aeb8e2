import { Link } from 'react-router'
import { useT } from '../i18n/useT'
import { useObjects } from '../imports/labels'
import { useTenant } from '../session/SessionProvider'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import '../styles/integrations.css'
import '../styles/steps.css'
import { AvailableCard } from './AvailableCard'
import { cardsOf } from './cards'
import { ConnectionCard } from './ConnectionCard'
import { useAvailable, useConnections } from './queries'

const SHOWN = 4

/** The integrations with their heading, for Manage data: those that are connected, then the vendors that are not. */
export function IntegrationCards() {
  const t = useT()
  const { tenant } = useTenant()
  const available = useAvailable()
  const count = available.data?.items.length ?? 0
  return (
    <section aria-labelledby="integrations">
      <div className="row integrationhead">
        <h2 className="grow" id="integrations">{t('integrations.title')}</h2>
        {count > 0 ? <Link className="s13 lk" to={`/t/${encodeURIComponent(tenant)}/data/integrations`}>{t('integrations.browse', { count })}</Link> : null}
      </div>
      <CardGrid most={SHOWN} generic={false} />
    </section>
  )
}

/** The cards themselves, at most `most`. `generic`: with the one for any webhook. */
export function CardGrid({ most = Infinity, generic = true }: { most?: number; generic?: boolean }) {
  const available = useAvailable()
  const connections = useConnections()
  const objects = useObjects()
  const failed = [available, connections, objects].find((query) => query.isError)
  if (failed !== undefined && failed.error !== null) return <ProblemNotice error={failed.error} again={() => void failed.refetch()} />
  if (available.data === undefined || connections.data === undefined || objects.data === undefined) {
    return <div className="integrationgrid">{[1, 2].map((key) => <div key={key} className="card"><Skeletons rows={4} /></div>)}</div>
  }
  const cards = cardsOf(available.data.items, connections.data.items, objects.data)
  const shown = cards.filter((card) => generic || card.kind === 'connected' || card.integration.object !== null)
  return (
    <ul className="integrationgrid">
      {shown.slice(0, most).map((card) => card.kind === 'connected'
        ? <ConnectionCard key={card.connection.name} connection={card.connection} object={card.object} />
        : <AvailableCard key={card.integration.integration} integration={card.integration} kept={card.kept} />)}
    </ul>
  )
}
