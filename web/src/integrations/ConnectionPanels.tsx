import { useState } from 'react'
import type { AvailableIntegrationBody, ConnectionBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { SelectInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { useUnsavedGuard } from '../shared/useUnsavedGuard'
import { draftOf, optionsOf, tidy, type OptionSchema } from './options'
import { OptionsEditor } from './OptionsEditor'
import { allShown, errorsBelow, useSaveConnection } from './saving'
import { SecretInput } from './SecretInput'

const HOURS = [24, 1, 72, 0] as const

/** Replaces the signing secret; the old one stays valid for a while, so that no message is lost. */
export function SecretPanel({ connection }: { connection: ConnectionBody }) {
  const t = useT()
  const formats = useFormats()
  const zone = useCatalog().data?.snapshot?.zone ?? 'UTC'
  const [secret, setSecret] = useState('')
  const [hours, setHours] = useState<number>(24)
  const [asked, setAsked] = useState(false)
  const save = useSaveConnection()
  const missing = asked && secret.trim() === ''
  const replace = () => {
    setAsked(true)
    if (save.isPending || secret.trim() === '') return
    save.mutate({ name: connection.name, secret: secret.trim(), graceHours: hours }, { onSuccess: () => { setSecret(''); setAsked(false) } })
  }
  return (
    <section className="card panel" aria-labelledby="secret-panel">
      <h2 id="secret-panel">{t('integrations.secret')}</h2>
      <p className="s13 sub">{t('integrations.secret.replaceText')}</p>
      {connection.replaced_until === null ? null : <p className="state info"><Icon name="clock" />{t('integrations.secret.until', { instant: formats.instant(connection.replaced_until, zone) })}</p>}
      <SecretInput value={secret} hint={t('integrations.secret.never')} error={missing ? t('integrations.secret.missing') : (errorsBelow(save.error, '/signing_secret')[''] ?? null)} onChange={setSecret} />
      <SelectInput className="optionexample" label={t('integrations.secret.grace')} value={String(hours)} options={HOURS.map((hour) => ({ value: String(hour), label: hour === 0 ? t('integrations.secret.atOnce') : t('integrations.secret.hours', { count: hour }) }))} onChange={(value) => setHours(Number(value))} />
      {save.error === null || allShown(save.error, ['/signing_secret']) ? null : <ProblemNotice error={save.error} compact />}
      <div className="row wrap">
        <button type="button" className="btn" aria-disabled={save.isPending} onClick={replace}>{t('integrations.secret.replace')}</button>
        <span role="status">{save.isSuccess ? <span className="state ok"><Icon name="checkCircle" />{t('integrations.secret.replaced')}</span> : null}</span>
      </div>
    </section>
  )
}

/** The options of a connection. */
export function OptionsPanel({ connection, integration }: { connection: ConnectionBody; integration: AvailableIntegrationBody }) {
  const t = useT()
  const schema = integration.options as OptionSchema
  const [draft, setDraft] = useState(() => draftOf(connection.options))
  const [kept, setKept] = useState(() => JSON.stringify(tidy(connection.options)))
  const save = useSaveConnection()
  const options = optionsOf(schema, draft)
  const dirty = options === null || JSON.stringify(tidy(options)) !== kept
  const guard = useUnsavedGuard(dirty)
  const submit = () => {
    if (save.isPending || options === null) return
    const sent = tidy(options)
    save.mutate({ name: connection.name, options: sent }, { onSuccess: () => setKept(JSON.stringify(sent)) })
  }
  return (
    <section className="card panel" aria-labelledby="options-panel">
      {guard}
      <h2 id="options-panel">{t('integrations.options.title')}</h2>
      {connection.kind === 'generic' ? <p className="s13 sub">{t('integrations.options.change')}</p> : null}
      <OptionsEditor schema={schema} draft={draft} errors={errorsBelow(save.error, '/options')} onChange={setDraft} />
      {save.error === null || allShown(save.error, ['/options']) ? null : <ProblemNotice error={save.error} compact />}
      <div className="row wrap">
        <button type="button" className="btn primary" aria-disabled={save.isPending || !dirty} onClick={() => (dirty ? submit() : undefined)}>{t('common.save')}</button>
        <span role="status">{save.isSuccess && !dirty ? <span className="state ok"><Icon name="checkCircle" />{t('integrations.options.saved')}</span> : null}</span>
      </div>
    </section>
  )
}
