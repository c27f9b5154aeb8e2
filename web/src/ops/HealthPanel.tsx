import { useInfiniteQuery, useQueries } from '@tanstack/react-query'
import { call } from '../api/call'
import { listConnections, type ConnectionBody } from '../api/schema'
import { getHealth } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { EmptyState } from '../shared/EmptyState'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { useOps } from './context'
import { signatures, sources, sourceState, type Source, type SourceState } from './health'
import { Panel, Scroll } from './Panel'
import { sourceName } from './reasons'

const PAGE = 25

/** Who sends events, how much of it is refused, and what is wrong with connected integrations. */
export function HealthPanel() {
  const t = useT()
  const { every, tenant, may } = useOps()
  const health = useInfiniteQuery({
    queryKey: ['health', tenant ?? '*'],
    queryFn: ({ pageParam, signal }) => call(getHealth({ query: { page_size: PAGE, ...(tenant === null ? {} : { tenant }), ...(pageParam === '' ? {} : { page_token: pageParam }) }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_page_token,
    refetchInterval: every,
  })
  const items = health.data?.pages.flatMap((page) => page.items) ?? []
  const tenants = tenant === null ? [...new Set(items.map((item) => item.tenant))] : [tenant]
  const connections = useConnections(may('schemas:read') ? tenants : [], every)
  const rows = sources(items, connections)
  return (
    <Panel id="ops-health" title={t('ops.health')} note={t('ops.health.note')} asked={health} rows={4}>
      {() => rows.length === 0 ? <EmptyState icon="bolt" title={t('ops.health.empty')} text={t('ops.health.emptyText')} level={3} /> : (
        <>
          <Scroll label={t('ops.health')}><Table rows={rows} /></Scroll>
          {health.hasNextPage ? (
            <div className="opsmore"><button type="button" className="btn ghost xs" aria-disabled={health.isFetchingNextPage} onClick={() => void health.fetchNextPage()}>{t('ops.health.more')}</button></div>
          ) : null}
        </>
      )}
    </Panel>
  )
}

/** The connections of tenants; those of a tenant that cannot be read are missing. */
function useConnections(tenants: readonly string[], every: number | false): ReadonlyMap<string, readonly ConnectionBody[]> {
  const asked = useQueries({
    queries: tenants.map((tenant) => ({
      queryKey: ['integrations', tenant, 'health'],
      queryFn: ({ signal }: { signal: AbortSignal }) => call(listConnections({ path: { tenant }, query: { page_size: 500 }, signal })),
      refetchInterval: every === false ? (false as const) : every * 2,
    })),
  })
  return new Map(tenants.map((tenant, index) => [tenant, asked[index]?.data?.items ?? []]))
}

const SIGNS = {
  normal: { kind: 'ok', icon: 'checkCircle' },
  warning: { kind: 'warn', icon: 'warning' },
  signatures: { kind: 'warn', icon: 'lock' },
  refusing: { kind: 'warn', icon: 'warning' },
  silent: { kind: 'off', icon: 'clock' },
} as const satisfies Record<SourceState, unknown>

function Table({ rows }: { rows: readonly Source[] }) {
  const t = useT()
  return (
    <table className="t opshealth">
      <caption className="vh">{t('ops.health')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('ops.tenant')}</th>
          <th scope="col">{t('ops.source')}</th>
          <th scope="col">{t('ops.lag.state')}</th>
          <th scope="col" className="n">{t('ops.health.hour')}</th>
          <th scope="col" className="n">{t('ops.health.refused')}</th>
          <th scope="col" className="n">{t('ops.health.messages')}</th>
          <th scope="col" className="n">{t('ops.health.messagesRefused')}</th>
          <th scope="col" className="n">{t('ops.health.signaturesHead')}</th>
          <th scope="col">{t('ops.health.last')}</th>
        </tr>
      </thead>
      <tbody>{rows.map((row) => <Row key={`${row.tenant} ${row.source}`} row={row} />)}</tbody>
    </table>
  )
}

function Row({ row }: { row: Source }) {
  const t = useT()
  const formats = useFormats()
  const { may } = useOps()
  const { item, connection } = row
  const state = sourceState(row)
  const { kind, icon } = SIGNS[state]
  const last = item?.last_event_at ?? connection?.health.last_event_at ?? null
  const count = (value: number | undefined) => (value === undefined ? '–' : formats.number(value))
  return (
    <tr>
      <td>{row.tenant}</td>
      <th scope="row" className="plain strong">{connection?.label ?? sourceName(row.source)}</th>
      <td>
        <span className={`state ${kind}`}><Icon name={icon} />{t(`ops.health.${state}`)}</span>
        {state === 'warning' ? <span className="s12 sub opsreason">{connection?.health.warning?.message}</span> : null}
      </td>
      <td className="n">{count(item?.staged_last_hour)}</td>
      <td className="n">{item == null ? '–' : item.refused_last_hour === 0 ? '0' : t('ops.health.share', { count: formats.number(item.refused_last_hour), share: formats.percent(item.refused_share ?? 0) })}</td>
      <td className="n">{count(item?.webhooks?.messages_24h ?? connection?.health.events_24h)}</td>
      <td className="n">{count(item?.webhooks?.refused_24h ?? connection?.health.refused_24h)}</td>
      {may('schemas:read') ? <td className="n">{connection === null ? '–' : count(signatures(connection))}</td> : <NotPermitted />}
      <td>{last === null ? t('ops.health.never') : formats.relative(last)}</td>
    </tr>
  )
}

/** What only a connection knows, for a session that may not read connections. */
function NotPermitted() {
  const why = useT()('ops.needs', { permission: 'schemas:read' })
  return <td className="n" title={why}>–<span className="vh">{why}</span></td>
}
