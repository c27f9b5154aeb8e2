import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { call } from '../api/call'
import { listSchemas } from '../api/schema'
import type { ReasonCount } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { SelectInput, TextInput } from '../shared/inputs'
import { useOps } from './context'
import type { QuarantineFilter } from './moves'
import { useTenants } from './queries'
import { refusal, sourceName } from './reasons'

/** Which refused events are shown. Tenant and object are asked for; reason and source are those that there are. */
export function QuarantineFilters({ rows, filter, onChange }: { rows: readonly ReasonCount[]; filter: QuarantineFilter; onChange: (filter: QuarantineFilter) => void }) {
  const t = useT()
  const list = useId()
  const { tenant, may } = useOps()
  const tenants = useTenants(false)
  const objects = useQuery({
    queryKey: ['schemas', filter.tenant, 'names'],
    enabled: filter.tenant !== '' && may('schemas:read'),
    queryFn: ({ signal }) => call(listSchemas({ path: { tenant: filter.tenant }, query: { page_size: 500 }, signal })),
  })
  const change = (part: Partial<QuarantineFilter>) => onChange({ ...filter, ...part })
  const choices = (values: Iterable<string>, name: (value: string) => string, all: string) => [
    { value: '', label: all },
    ...[...new Set(values)].map((value) => ({ value, label: name(value) })).sort((a, b) => a.label.localeCompare(b.label)),
  ]
  const of = (part: 'code' | 'source') => [...rows.map((row) => row[part]), ...(filter[part] === '' ? [] : [filter[part]])]
  const tenantNames = (tenants.data ?? []).map((item) => item.tenant)
  return (
    <div className="opsfilters">
      {tenant === null ? (
        <SelectInput label={t('ops.tenant')} hideLabel value={filter.tenant} onChange={(value) => change({ tenant: value })} options={choices(tenantNames, String, t('ops.quarantine.allTenants'))} />
      ) : null}
      <TextInput label={t('ops.object')} hideLabel placeholder={t('ops.quarantine.allObjects')} list={list} value={filter.object} onChange={(value) => change({ object: value })} autoComplete="off" spellCheck={false} />
      <datalist id={list}>{(objects.data?.items ?? []).map((item) => <option key={item.object} value={item.object} />)}</datalist>
      <SelectInput label={t('ops.reason')} hideLabel value={filter.code} onChange={(value) => change({ code: value })} options={choices(of('code'), (code) => refusal(code, t), t('ops.quarantine.allReasons'))} />
      <SelectInput label={t('ops.source')} hideLabel value={filter.source} onChange={(value) => change({ source: value })} options={choices(of('source'), sourceName, t('ops.quarantine.allSources'))} />
    </div>
  )
}
