import { useRich, useT } from '../i18n/useT'
import { CopyButton } from '../shared/CopyButton'
import { calendlySubscription, webhookPath } from './webhook'

const bold = (chunks: React.ReactNode[]) => <b>{chunks}</b>

/** How to subscribe to Calendly: by its API, as it has no page for that. */
export function CalendlyGuide({ tenant, name }: { tenant: string; name: string }) {
  const t = useT()
  const rich = useRich()
  const command = calendlySubscription(window.location.origin + webhookPath(tenant, name))
  return (
    <div className="formgrid">
      <ol className="guide s13">
        <li>{rich('integrations.calendly.1', { b: bold })}</li>
        <li>{rich('integrations.calendly.2', { b: bold, code: (chunks: React.ReactNode[]) => <code>{chunks}</code> })}</li>
        <li>{rich('integrations.calendly.3', { b: bold })}</li>
      </ol>
      <pre className="command small" tabIndex={0}>{command}</pre>
      <div><CopyButton text={command} what={t('integrations.calendly.command')} /></div>
    </div>
  )
}
