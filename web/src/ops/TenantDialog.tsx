import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { call, CallError } from '../api/call'
import { putTenant, type TenantBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { Dialog } from '../shared/Dialog'
import { useFormats } from '../shared/formats'
import { SelectInput, TextInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { TENANT_NAME } from '../shared/slug'
import { QUOTAS, read, typed, type Quota } from './quotas'

const STATES = ['active', 'suspended'] as const

/** A tenant's plan, status and own quotas; without a tenant, a new one. */
export function TenantDialog({ tenant, known, onClose }: { tenant: TenantBody | null; known: readonly TenantBody[]; onClose: () => void }) {
  const t = useT()
  const plans = useId()
  const client = useQueryClient()
  const [name, setName] = useState(tenant?.tenant ?? '')
  const [plan, setPlan] = useState(tenant?.plan ?? 'default')
  const [status, setStatus] = useState<TenantBody['status']>(tenant?.status ?? 'active')
  const [texts, setTexts] = useState(() => typed(tenant?.quotas ?? {}))
  const [tried, setTried] = useState(false)
  const { quotas, wrong } = read(texts)
  const save = useMutation({
    mutationFn: () => call(putTenant({ path: { tenant: name }, body: { tenant: name, plan: plan.trim() === '' ? 'default' : plan.trim(), status, quotas } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['tenants'] })
      notifications.show({ message: t(tenant === null ? 'ops.tenant.created' : 'ops.tenant.changed', { tenant: name }) })
      onClose()
    },
  })
  const refused = save.error instanceof CallError ? save.error.errors : []
  const saying = (pointer: string) => refused.find((problem) => problem.pointer === pointer)?.message ?? null
  const taken = tenant === null && known.some((item) => item.tenant === name)
  const nameError = !tried || tenant !== null ? null : taken ? t('ops.tenant.taken') : TENANT_NAME.test(name) ? saying('/tenant') : t('ops.tenant.badName')
  const submit = () => {
    setTried(true)
    if (save.isPending || wrong.length > 0 || (tenant === null && (taken || !TENANT_NAME.test(name)))) return
    save.mutate()
  }
  const placed = new Set(['/tenant', '/plan', '/status', ...QUOTAS.map((quota) => `/quotas/${quota}`)])
  const beside = refused.length > 0 && refused.every((problem) => placed.has(problem.pointer))
  return (
    <Dialog title={tenant === null ? t('ops.tenant.new') : t('ops.tenant.of', { tenant: name })} size="lg" onClose={onClose}>
      <form className="formgrid" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
        {tenant === null ? <TextInput label={t('ops.tenant.name')} hint={t('ops.tenant.nameHint')} value={name} onChange={setName} error={nameError} data-autofocus autoComplete="off" spellCheck={false} required /> : null}
        <div className="opstwo">
          <TextInput label={t('ops.tenants.plan')} hint={t('ops.tenant.planHint')} value={plan} onChange={setPlan} error={saying('/plan')} list={plans} autoComplete="off" spellCheck={false} />
          <datalist id={plans}>{[...new Set(known.map((item) => item.plan))].sort().map((item) => <option key={item} value={item} />)}</datalist>
          <SelectInput
            label={t('ops.tenants.status')}
            hint={status === 'suspended' ? t('ops.tenant.suspendedHint') : undefined}
            value={status}
            error={saying('/status')}
            onChange={(value) => setStatus(value === 'suspended' ? 'suspended' : 'active')}
            options={STATES.map((value) => ({ value, label: t(`ops.tenants.${value}`) }))}
          />
        </div>
        <fieldset>
          <legend className="opslegendtext"><h3>{t('ops.tenant.quotas')}</h3><p className="s12 sub">{t('ops.tenant.quotasText')}</p></legend>
          <div className="opstwo">
            {QUOTAS.map((quota) => (
              <QuotaInput
                key={quota}
                quota={quota}
                value={texts[quota]}
                applies={tenant?.effective.quotas[quota] ?? null}
                error={wrong.includes(quota) && tried ? t('ops.tenant.badQuota') : saying(`/quotas/${quota}`)}
                onChange={(value) => setTexts({ ...texts, [quota]: value })}
              />
            ))}
          </div>
        </fieldset>
        {save.error !== null && !beside ? <ProblemNotice error={save.error} compact /> : null}
        <div className="row actions">
          <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
          <button type="submit" className="btn primary" aria-disabled={save.isPending}>{t(tenant === null ? 'ops.tenant.create' : 'common.save')}</button>
        </div>
      </form>
    </Dialog>
  )
}

/** `applies`: the number that counts now, shown while none of its own is typed. */
function QuotaInput({ quota, value, applies, error, onChange }: { quota: Quota; value: string; applies: number | null; error: string | null; onChange: (value: string) => void }) {
  const t = useT()
  const formats = useFormats()
  return (
    <TextInput
      label={t(`ops.quota.${quota}`)}
      value={value}
      inputMode="numeric"
      autoComplete="off"
      placeholder={applies === null ? t('ops.tenant.byPlan') : t('ops.tenant.byPlanNow', { value: formats.number(applies) })}
      error={error}
      onChange={onChange}
    />
  )
}
