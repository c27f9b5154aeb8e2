import { useRich, useT } from '../i18n/useT'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { useConnection } from './queries'

const LIVE_MS = 3_000
const bold = (chunks: React.ReactNode[]) => <b>{chunks}</b>

/** Waits for the first message of a vendor, live: it arrived, or its signature was wrong and what to check. */
export function FirstMessage({ name, kind }: { name: string; kind: string }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  const zone = useCatalog().data?.snapshot?.zone ?? 'UTC'
  const connection = useConnection(name, true, LIVE_MS)
  if (connection.isError) return <ProblemNotice error={connection.error} again={() => void connection.refetch()} compact />
  const health = connection.data?.health
  const arrived = health?.last_event_at ?? null
  const bad = health?.bad_signatures_24h ?? 0
  return (
    <div className="card firstmessage">
      <div role="status">
        {arrived !== null ? (
          <p className="state ok"><Icon name="checkCircle" /><span>{rich('integrations.first.arrived', { b: bold, instant: formats.instant(arrived, zone, { seconds: true }) })}</span></p>
        ) : bad > 0 ? (
          <p className="state bad"><Icon name="alert" />{t('integrations.first.bad', { count: bad })}</p>
        ) : (
          <p className="state info"><span className="pulse" aria-hidden="true" />{t('integrations.first.waiting')}</p>
        )}
      </div>
      {arrived !== null ? <p className="s13 sub">{t('integrations.first.next')}</p>
        : bad > 0 ? (
          <ul className="checks s13 sub">
            <li>{t(kind === 'calendly' ? 'integrations.first.check.key' : 'integrations.first.check.secret')}</li>
            <li>{t('integrations.first.check.newline')}</li>
            {kind === 'zendesk' ? <li>{t('integrations.first.check.test')}</li> : null}
            {kind === 'generic' ? <li>{t('integrations.first.check.signature')}</li> : null}
          </ul>
        ) : <p className="s13 sub">{t(kind === 'zendesk' ? 'integrations.first.hint.zendesk' : kind === 'calendly' ? 'integrations.first.hint.calendly' : 'integrations.first.hint.generic')}</p>}
      {(health?.refused_24h ?? 0) > 0 ? <p className="s13 sub">{t('integrations.first.refused', { count: health?.refused_24h ?? 0 })}</p> : null}
    </div>
  )
}
