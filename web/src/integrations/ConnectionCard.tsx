import { Link } from 'react-router'
import type { ConnectionBody, SchemaBody } from '../api/schema'
import { useRich, useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon, objectIcon } from '../shared/Icon'
import { ConditionPill } from './ConditionPill'
import { conditionOf } from './cards'

const bold = (chunks: React.ReactNode[]) => <b>{chunks}</b>

/** A connected integration: when the last message came, and how many were taken and refused in a day. */
export function ConnectionCard({ connection, object }: { connection: ConnectionBody; object: SchemaBody | undefined }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  const { tenant, may } = useTenant()
  const zone = useCatalog().data?.snapshot?.zone ?? 'UTC'
  const { health } = connection
  const condition = conditionOf(connection)
  const to = `/t/${encodeURIComponent(tenant)}/data/integrations/${encodeURIComponent(connection.name)}`
  const named = connection.name === connection.kind ? connection.label : `${connection.label} · ${connection.name}`
  const settings = t(may('schemas:write') ? 'integrations.settings' : 'integrations.details')
  const fills = object?.labels?.singular ?? connection.object
  return (
    <li className="card integrationcard">
      <div className="row">
        <span className="integrationicon"><Icon name={objectIcon('', connection.kind)} /></span>
        <h3 className="grow trunc">{named}</h3>
        <ConditionPill condition={condition} />
      </div>
      <dl className="integrationfigures">
        <div><dt>{t('integrations.lastEvent')}</dt><dd>{health.last_event_at === null ? t('integrations.never') : formats.instant(health.last_event_at, zone, { year: false })}</dd></div>
        <div><dt>{t('integrations.events24')}</dt><dd>{formats.number(health.events_24h)}</dd></div>
        <div><dt>{t('integrations.refused24')}</dt><dd>{formats.number(health.refused_24h)}</dd></div>
      </dl>
      <p className="s12 sub">
        {rich('integrations.fills', { b: bold, object: fills })}{' '}
        {connection.state !== 'connected' ? t(`integrations.state.${connection.state}`)
          : health.warning !== null ? health.warning.message
            : health.bad_signatures_24h > 0 ? t('integrations.badSignatures', { count: health.bad_signatures_24h })
              : health.last_event_at === null ? t('integrations.waitingText') : t('integrations.signaturesValid')}
      </p>
      <div className="row wrap integrationacts">
        <Link className="btn sm" to={to} aria-label={`${settings}: ${named}`}>{settings}</Link>
        {health.refused_24h > 0 ? <Link className="btn sm" to={`${to}#refused`} aria-label={t('integrations.showRefusedOf', { name: named })}>{t('integrations.showRefused')}</Link> : null}
      </div>
    </li>
  )
}
