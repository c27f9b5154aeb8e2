import { useState } from 'react'
import { Link } from 'react-router'
import type { AvailableIntegrationBody, ConnectionBody, SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { Backfill } from './Backfill'
import { ConditionPill } from './ConditionPill'
import { conditionOf } from './cards'
import { OptionsPanel, SecretPanel } from './ConnectionPanels'
import { DisconnectDialog } from './DisconnectDialog'
import { FirstMessage } from './FirstMessage'
import { HealthPanel } from './HealthPanel'
import { hasHistory } from './webhook'
import { WebhookAddress } from './WebhookAddress'

/** One connection: its health, address, secret, options and history, and how to end it. */
export function ConnectionDetails({ connection, integration, object }: { connection: ConnectionBody; integration: AvailableIntegrationBody | undefined; object: SchemaBody | undefined }) {
  const t = useT()
  const formats = useFormats()
  const { tenant, may } = useTenant()
  const zone = useCatalog().data?.snapshot?.zone ?? 'UTC'
  const [ending, setEnding] = useState(false)
  const label = object?.labels?.plural ?? connection.object
  const write = may('schemas:write')
  return (
    <>
      <div className="row wrap">
        <h1>{connection.name === connection.kind ? connection.label : `${connection.label} · ${connection.name}`}</h1>
        <ConditionPill condition={conditionOf(connection)} />
      </div>
      <p className="sub lead">
        {t('integrations.since', { instant: formats.instant(connection.connected_at, zone) })}{' '}
        <Link to={`/t/${encodeURIComponent(tenant)}/data/objects/${connection.object}`}>{label}</Link>
      </p>
      <div className="panels">
        {connection.health.last_event_at === null && connection.state === 'connected' ? <FirstMessage name={connection.name} kind={connection.kind} /> : null}
        <HealthPanel connection={connection} />
        <section className="card panel" aria-labelledby="address-panel">
          <h2 id="address-panel">{t('integrations.address.title')}</h2>
          <WebhookAddress path={connection.webhook_path} />
          {integration === undefined ? null : <p className="s12 sub">{integration.webhook.signed_by} {integration.webhook.answers}</p>}
        </section>
        {write ? (
          <>
            <SecretPanel connection={connection} />
            {integration === undefined ? null : <OptionsPanel connection={connection} integration={integration} />}
            {hasHistory(connection.kind) ? (
              <section className="card panel" aria-labelledby="history-panel">
                <h2 id="history-panel">{t('integrations.history.title')}</h2>
                <Backfill connection={connection} />
              </section>
            ) : null}
            <section className="card panel" aria-labelledby="end-panel">
              <h2 id="end-panel">{t('integrations.disconnect')}</h2>
              <p className="s13 sub">{t('integrations.disconnect.remains', { object: label })}</p>
              <div><button type="button" className="btn danger" onClick={() => setEnding(true)}>{t('integrations.disconnect.open')}</button></div>
            </section>
          </>
        ) : <p className="notice compact"><Icon name="lock" /><span>{t('integrations.forbidden')}</span></p>}
      </div>
      {ending ? <DisconnectDialog connection={connection} object={label} bundled={object?.integration != null} onClose={() => setEnding(false)} /> : null}
    </>
  )
}
