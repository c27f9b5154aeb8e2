import { Link } from 'react-router'
import type { AvailableIntegrationBody, SchemaBody } from '../api/schema'
import type { MessageId } from '../i18n'
import { useRich, useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Icon, objectIcon } from '../shared/Icon'

const TEXTS: Record<string, MessageId> = { zendesk: 'integrations.about.zendesk', calendly: 'integrations.about.calendly', generic: 'integrations.about.generic' }
const bold = (chunks: React.ReactNode[]) => <b>{chunks}</b>

/** A vendor that is not connected; what an earlier connection left, where there was one. */
export function AvailableCard({ integration, kept }: { integration: AvailableIntegrationBody; kept: SchemaBody | undefined }) {
  const t = useT()
  const rich = useRich()
  const { tenant, may } = useTenant()
  const base = `/t/${encodeURIComponent(tenant)}/data`
  return (
    <li className="card integrationcard">
      <div className="row">
        <span className="integrationicon"><Icon name={integration.integration === 'generic' ? 'link' : objectIcon('', integration.integration)} /></span>
        <h3 className="grow trunc">{integration.label}</h3>
        {integration.object === null ? null : <span className="pill"><Icon name="minus" />{t(kept === undefined ? 'integrations.notConnected' : 'integrations.disconnected')}</span>}
      </div>
      <p className="s13 sub">
        {kept === undefined ? t(TEXTS[integration.integration] ?? 'integrations.about.other')
          : rich('integrations.kept', { b: bold, object: kept.labels?.singular ?? kept.object })}
      </p>
      <div className="row wrap integrationacts">
        {may('schemas:write') ? (
          <>
            <Link className={`btn sm ${integration.object === null ? '' : 'primary'}`} to={`${base}/integrations/new?kind=${integration.integration}`} aria-label={`${t(kept === undefined ? 'integrations.connect' : 'integrations.connectAgain')}: ${integration.label}`}>
              {t(kept === undefined ? 'integrations.connect' : 'integrations.connectAgain')}
            </Link>
            {kept === undefined ? null : <Link className="btn ghost sm" to={`${base}/objects/${kept.object}`}>{t('integrations.openObject')}</Link>}
          </>
        ) : <span className="s12 mut">{t('integrations.forbiddenShort')}</span>}
      </div>
    </li>
  )
}
