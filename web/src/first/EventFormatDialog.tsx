import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { CopyButton } from '../shared/CopyButton'
import { Dialog } from '../shared/Dialog'
import { sendCommand, testEvent } from './testEvent'

const TYPES = ['upserted', 'patched', 'deleted'] as const

/** How a service sends records: the call, an event, and its three types. */
export function EventFormatDialog({ onClose }: { onClose: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const command = sendCommand(tenant, testEvent(tenant, null, new Date(), '01J9Z3'))
  return (
    <Dialog title={t('first.format.title')} onClose={onClose} size="lg">
      <div className="formgrid">
        <p className="s13 sub">{t('first.format.text')}</p>
        <dl className="firsttypes s13">
          {TYPES.map((type) => (
            <div key={type}><dt className="mono">crosslook.record.{type}.v1</dt><dd className="sub">{t(`first.format.${type}`)}</dd></div>
          ))}
        </dl>
        <p className="s13 sub">{t('first.format.needs')}</p>
        <pre className="command" tabIndex={0}>{command}</pre>
        <div><CopyButton text={command} what={t('first.format.command')} /></div>
        <p className="s13 sub">{t('first.format.repeat')}</p>
      </div>
    </Dialog>
  )
}
