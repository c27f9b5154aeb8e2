import { useT } from '../i18n/useT'
import { CopyButton } from '../shared/CopyButton'
import { Icon } from '../shared/Icon'
import { Field } from '../shared/inputs'
import { isLoopback } from './webhook'

/** The address that the vendor posts to, to copy. Says so if no vendor can reach it. */
export function WebhookAddress({ path }: { path: string }) {
  const t = useT()
  const { origin, hostname } = window.location
  const address = origin + path
  return (
    <div className="formgrid tight">
      <div className="copyline">
        <Field label={t('integrations.address')} className="grow">
          {(tied) => <input {...tied} className="inp ro mono" readOnly value={address} onFocus={(event) => event.target.select()} />}
        </Field>
        <CopyButton text={address} what={t('integrations.address')} />
      </div>
      {isLoopback(hostname) ? <p className="notice warn compact"><Icon name="warning" /><span>{t('integrations.loopback', { host: hostname })}</span></p> : null}
    </div>
  )
}
