import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { AvailableIntegrationBody, ConnectionBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { Icon } from '../shared/Icon'
import { ErrorSummary, TextInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { SLUG } from '../shared/slug'
import { Step, Steps } from '../shared/Steps'
import { useUnsavedGuard } from '../shared/useUnsavedGuard'
import { Backfill } from './Backfill'
import { CalendlyGuide } from './CalendlyGuide'
import { freeName } from './cards'
import { FirstMessage } from './FirstMessage'
import { draftOf, optionsOf, tidy, type OptionSchema } from './options'
import { OptionsEditor } from './OptionsEditor'
import { allShown, errorsBelow, useSaveConnection } from './saving'
import { SecretInput } from './SecretInput'
import { WebhookAddress } from './WebhookAddress'
import { hasHistory, newKey, webhookPath } from './webhook'
import { ZendeskGuide, type Road } from './ZendeskGuide'

/** Connects a vendor: its own steps written out, the secret, and then its first message as it arrives. */
export function ConnectWizard({ integration, connections }: { integration: AvailableIntegrationBody; connections: readonly ConnectionBody[] }) {
  const t = useT()
  const { tenant } = useTenant()
  const [params, setParams] = useSearchParams()
  const kind = integration.integration
  const schema = integration.options as OptionSchema
  const connected = connections.find((connection) => connection.name === params.get('name') && connection.kind === kind) ?? null
  const [name, setName] = useState(() => connected?.name ?? freeName(kind === 'generic' ? 'webhook' : kind, connections))
  const [secret, setSecret] = useState(() => (kind === 'calendly' ? newKey() : ''))
  const [draft, setDraft] = useState(() => draftOf(kind === 'generic' ? { object: '', signature: { header: '' }, record: '', fields: {} } : {}))
  const [road, setRoad] = useState<Road>('events')
  const [asked, setAsked] = useState(false)
  const save = useSaveConnection()
  const guard = useUnsavedGuard(connected === null && asked && !save.isSuccess)
  const taken = connected === null && connections.some((connection) => connection.name === name)
  const options = optionsOf(schema, draft)
  const problems = connected !== null || !asked ? [] : [
    ...(SLUG.test(name) ? [] : [{ id: 'connection-name', text: t('integrations.name.wrong') }]),
    ...(taken ? [{ id: 'connection-name', text: t('integrations.name.taken') }] : []),
    ...(secret.trim() === '' ? [{ id: 'signing-secret', text: t('integrations.secret.missing') }] : []),
    ...(options === null ? [{ id: 'option', text: t('integrations.json.unreadable') }] : []),
  ]
  const errorOf = (id: string) => problems.find((problem) => problem.id === id)?.text ?? null
  const connect = () => {
    setAsked(true)
    if (save.isPending || !SLUG.test(name) || taken || secret.trim() === '' || options === null) return
    save.mutate({ name, kind, secret: secret.trim(), options: tidy(options) }, {
      onSuccess: () => setParams({ kind, name }, { replace: true }),
    })
  }
  const done = connected !== null
  const naming = connected === null
    ? <TextInput id="connection-name" className="optionexample" label={t('integrations.name')} hint={t('integrations.name.hint')} value={name} error={errorOf('connection-name')} onChange={setName} />
    : null
  const address = <WebhookAddress path={connected?.webhook_path ?? webhookPath(tenant, name)} />
  const secretInput = (
    <SecretInput
      value={secret} disabled={done} error={errorOf('signing-secret') ?? errorsBelow(save.error, '/signing_secret')[''] ?? null} onChange={setSecret}
      hint={t(kind === 'calendly' ? 'integrations.secret.calendly' : kind === 'zendesk' ? 'integrations.secret.zendesk' : 'integrations.secret.generic')}
    />
  )
  const optionsErrors = errorsBelow(save.error, '/options')
  const editor = <OptionsEditor schema={schema} draft={draft} errors={optionsErrors} onChange={setDraft} />
  const finish = done ? <p className="state ok"><Icon name="checkCircle" />{t('integrations.connectedAs', { name: connected.name })}</p> : (
    <div className="formgrid tight">
      <ErrorSummary title={t('common.correct', { count: problems.length })} errors={problems} />
      {save.error === null || allShown(save.error, ['/options', '/signing_secret']) ? null : <ProblemNotice error={save.error} />}
      <PlanNotice count={connections.length} />
      <div><button type="button" className="btn primary" aria-disabled={save.isPending} onClick={connect}>{t('integrations.connectName', { name: integration.label })}</button></div>
    </div>
  )
  const optional = done ? null : <details className="optiondetails"><summary>{t('integrations.options')}</summary>{editor}</details>
  const ready = done || secret.trim() !== ''
  const secondState = done ? 'done' : kind === 'calendly' || ready ? 'now' : 'later'
  const last = (
    <Step number={3} title={t('integrations.step.first')} text={t('integrations.step.first.text')} state={done ? 'now' : 'later'}>
      {done ? (
        <div className="formgrid stepblock">
          <FirstMessage name={connected.name} kind={kind} />
          {hasHistory(kind) ? <details className="optiondetails"><summary>{t('integrations.history.title')}</summary><Backfill connection={connected} /></details> : null}
          <div className="row wrap">
            <Link className="btn" to={`/t/${encodeURIComponent(tenant)}/data/integrations/${encodeURIComponent(connected.name)}`}>{t('integrations.toConnection')}</Link>
            <Link className="btn ghost" to={`/t/${encodeURIComponent(tenant)}/data/objects/${connected.object}`}>{t('integrations.openObject')}</Link>
          </div>
        </div>
      ) : null}
    </Step>
  )
  return (
    <>
      {guard}
      {kind === 'calendly' ? (
        <Steps>
          <Step number={1} title={t('integrations.step.key')} text={t('integrations.step.key.text')} state={secondState}>
            <div className="formgrid stepblock">{naming}{done && !save.isSuccess ? null : secretInput}{optional}{finish}</div>
          </Step>
          <Step number={2} title={t('integrations.step.subscribe')} text={t('integrations.step.subscribe.text')} state={done ? 'now' : 'later'}>
            {done ? <div className="formgrid stepblock">{address}<CalendlyGuide tenant={tenant} name={connected.name} /></div> : null}
          </Step>
          {last}
        </Steps>
      ) : (
        <Steps>
          <Step number={1} title={t(kind === 'zendesk' ? 'integrations.step.webhook.zendesk' : 'integrations.step.webhook.generic')} text={t(kind === 'zendesk' ? 'integrations.step.webhook.zendesk.text' : 'integrations.step.webhook.generic.text')} state={ready ? 'done' : 'now'}>
            <div className="formgrid stepblock">
              {naming}
              {address}
              {kind === 'zendesk' ? <ZendeskGuide road={road} onRoad={setRoad} /> : <p className="s13 sub">{integration.webhook.answers}</p>}
            </div>
          </Step>
          <Step number={2} title={t('integrations.step.secret')} text={t(kind === 'zendesk' ? 'integrations.step.secret.zendesk' : 'integrations.step.secret.generic')} state={secondState}>
            <div className="formgrid stepblock">{done ? null : secretInput}{kind === 'generic' ? (done ? null : editor) : optional}{finish}</div>
          </Step>
          {last}
        </Steps>
      )}
    </>
  )
}

/** What the plan says of one more connection, before it is refused. */
function PlanNotice({ count }: { count: number }) {
  const t = useT()
  const plan = useCatalog().data?.plan
  if (plan === undefined || plan.integrations === null || count < plan.integrations) return null
  return (
    <p className="notice warn compact"><Icon name="lock" /><span>{t('integrations.plan', { plan: plan.name, count: plan.integrations })}</span></p>
  )
}
