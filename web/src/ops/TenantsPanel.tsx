import { useState } from 'react'
import { Link } from 'react-router'
import type { TenantBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { EmptyState } from '../shared/EmptyState'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { SearchInput } from '../shared/inputs'
import { useOps } from './context'
import { Panel, Scroll } from './Panel'
import { useTenants } from './queries'
import { QUOTAS } from './quotas'
import { TenantDialog } from './TenantDialog'

const FIRST = 20

/** Tenants with their plans, what these allow, and their own quotas. */
export function TenantsPanel() {
  const t = useT()
  const { every, tenant } = useOps()
  const tenants = useTenants(every === false ? false : every * 2)
  const [text, setText] = useState('')
  const [all, setAll] = useState(false)
  const [changed, setChanged] = useState<TenantBody | 'new' | null>(null)
  const known = (tenants.data ?? []).filter((item) => tenant === null || item.tenant === tenant)
  const wanted = text.trim().toLowerCase()
  const found = known.filter((item) => item.tenant.toLowerCase().includes(wanted) || item.plan.toLowerCase().includes(wanted))
  const shown = all ? found : found.slice(0, FIRST)
  return (
    <Panel
      id="ops-tenants"
      title={t('ops.tenants')}
      note={tenants.data === undefined || tenant !== null ? undefined : t('ops.tenants.count', { count: known.length })}
      asked={tenants}
      rows={4}
      tools={tenant === null ? (
        <div className="row opstools">
          <div className="opssearch"><SearchInput label={t('ops.tenants.search')} value={text} onChange={setText} /></div>
          <button type="button" className="btn" onClick={() => setChanged('new')}><Icon name="plus" />{t('ops.tenants.new')}</button>
        </div>
      ) : null}
    >
      {() => (
        <>
          {known.length === 0 ? (
            <EmptyState icon="person" title={t('ops.tenants.empty')} text={t('ops.tenants.emptyText')} level={3} />
          ) : shown.length === 0 ? (
            <EmptyState icon="search" title={t('ops.tenants.noMatch', { text: text.trim() })} level={3}>
              <button type="button" className="btn sm" onClick={() => setText('')}>{t('ops.tenants.clear')}</button>
            </EmptyState>
          ) : <Scroll label={t('ops.tenants')}><Table tenants={shown} onChange={setChanged} /></Scroll>}
          {found.length > FIRST ? (
            <div className="opsmore"><button type="button" className="btn ghost xs" aria-expanded={all} onClick={() => setAll(!all)}>{all ? t('ops.fewer') : t('ops.tenants.all', { count: found.length })}</button></div>
          ) : null}
          {changed === null ? null : <TenantDialog tenant={changed === 'new' ? null : changed} known={tenants.data ?? []} onClose={() => setChanged(null)} />}
        </>
      )}
    </Panel>
  )
}

function Table({ tenants, onChange }: { tenants: readonly TenantBody[]; onChange: (tenant: TenantBody) => void }) {
  const t = useT()
  return (
    <table className="t opstenants">
      <caption className="vh">{t('ops.tenants')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('ops.tenant')}</th>
          <th scope="col">{t('ops.tenants.plan')}</th>
          <th scope="col">{t('ops.tenants.status')}</th>
          <th scope="col">{t('ops.tenants.allowed')}</th>
          <th scope="col" className="n">{t('ops.tenants.objects')}</th>
          <th scope="col" className="n">{t('ops.tenants.rate')}</th>
          <th scope="col">{t('ops.tenants.own')}</th>
          <th scope="col"><span className="vh">{t('common.more')}</span></th>
        </tr>
      </thead>
      <tbody>{tenants.map((tenant) => <Row key={tenant.tenant} tenant={tenant} onChange={() => onChange(tenant)} />)}</tbody>
    </table>
  )
}

function Row({ tenant, onChange }: { tenant: TenantBody; onChange: () => void }) {
  const t = useT()
  const formats = useFormats()
  const { plan, quotas } = tenant.effective
  const own = QUOTAS.filter((name) => tenant.quotas[name] != null)
  const count = (value: number | null | undefined) => (value == null ? '–' : formats.number(value))
  return (
    <tr>
      <th scope="row" className="plain"><Link className="lk" to={`/t/${encodeURIComponent(tenant.tenant)}/reports`}>{tenant.tenant}</Link></th>
      <td>{tenant.plan}{plan.name === tenant.plan || tenant.plan === 'default' ? null : <span className="s12 mut opsreason">{t('ops.tenants.planUnknown', { plan: plan.name })}</span>}</td>
      <td>
        {tenant.status === 'active'
          ? <span className="state ok"><Icon name="checkCircle" />{t('ops.tenants.active')}</span>
          : <span className="state warn"><Icon name="pause" />{t('ops.tenants.suspended')}</span>}
      </td>
      <td><Allowed plan={plan} /></td>
      <td className="n">{count(quotas.objects)}</td>
      <td className="n">{count(quotas.events_per_second)}</td>
      <td>{own.length === 0 ? <span className="mut">{t('ops.tenants.ownNone')}</span> : own.map((name) => `${t(`ops.quota.${name}`)} ${formats.number(tenant.quotas[name] ?? 0)}`).join(', ')}</td>
      <td className="n"><button type="button" className="btn ghost xs" aria-label={t('ops.tenants.changeOf', { tenant: tenant.tenant })} onClick={onChange}><Icon name="edit" />{t('ops.tenants.change')}</button></td>
    </tr>
  )
}

/** What a plan allows, in words. */
function Allowed({ plan }: { plan: TenantBody['effective']['plan'] }) {
  const t = useT()
  const formats = useFormats()
  const parts = [
    plan.own_objects ? t('ops.plan.objects') : null,
    plan.custom_reports ? t('ops.plan.reports') : null,
    plan.exports ? t('ops.plan.exports') : null,
    plan.integrations === 0 ? null : plan.integrations === null ? t('ops.plan.integrations') : t('ops.plan.integrationsUpTo', { count: plan.integrations }),
    plan.rows === null ? null : t('ops.plan.rows', { rows: formats.compact(plan.rows) }),
  ].filter((part) => part !== null)
  return <span className="opsallowed">{parts.length === 0 ? t('ops.plan.nothing') : parts.join(', ')}</span>
}
