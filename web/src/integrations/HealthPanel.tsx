import { Link } from 'react-router'
import type { ConnectionBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'

/** How well the vendor's messages arrive, and what to check where they do not. */
export function HealthPanel({ connection }: { connection: ConnectionBody }) {
  const t = useT()
  const formats = useFormats()
  const { tenant, operator } = useTenant()
  const zone = useCatalog().data?.snapshot?.zone ?? 'UTC'
  const { health } = connection
  const at = (instant: string | null) => (instant === null ? t('integrations.never') : formats.instant(instant, zone))
  const facts: [string, string, 'warn' | 'bad' | undefined][] = [
    [t('integrations.lastEvent'), at(health.last_event_at), undefined],
    [t('integrations.events24'), formats.number(health.events_24h), undefined],
    [t('integrations.refused24'), formats.number(health.refused_24h), health.refused_24h > 0 ? 'warn' : undefined],
    [t('integrations.lastRefused'), at(health.last_refused_at), undefined],
    [t('integrations.bad24'), formats.number(health.bad_signatures_24h), health.bad_signatures_24h > 0 ? 'bad' : undefined],
    [t('integrations.stale24'), formats.number(health.stale_signatures_24h), health.stale_signatures_24h > 0 ? 'warn' : undefined],
  ]
  return (
    <section className="card panel" aria-labelledby="health">
      <h2 id="health">{t('integrations.health')}</h2>
      {connection.state === 'connected' ? null : <p className="notice bad compact"><Icon name="alert" /><span>{t(`integrations.state.${connection.state}`)}</span></p>}
      {health.warning === null ? null : <p className="notice warn compact"><Icon name="warning" /><span>{health.warning.message}</span></p>}
      <dl className="integrationfigures wide">
        {facts.map(([label, value, tone]) => (
          <div key={label}><dt>{label}</dt><dd className={tone}>{tone === undefined ? null : <Icon name={tone === 'bad' ? 'alert' : 'warning'} />}{value}</dd></div>
        ))}
      </dl>
      {health.bad_signatures_24h > 0 ? <p className="s13 sub">{t(connection.kind === 'calendly' ? 'integrations.first.check.key' : 'integrations.first.check.secret')}</p> : null}
      {health.stale_signatures_24h > 0 ? <p className="s13 sub">{t('integrations.staleText')}</p> : null}
      {health.refused_24h > 0 ? (
        <p className="s13 sub" id="refused" tabIndex={-1}>
          {t('integrations.refusedText')}{' '}
          {operator ? <Link to={`/t/${encodeURIComponent(tenant)}/ops?source=${encodeURIComponent(`/integrations/${connection.name}`)}#ops-quarantine`}>{t('integrations.showRefused')}</Link> : t('integrations.refusedAsk')}
        </p>
      ) : null}
    </section>
  )
}
