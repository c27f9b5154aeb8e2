import type { ConnectionBody } from '../api/schema'
import type { HealthItem } from '../api/snapshot'

/** A sender of events, with its connection where it is an integration. */
export type Source = { tenant: string; source: string; item: HealthItem | null; connection: ConnectionBody | null }

export type SourceState = 'normal' | 'warning' | 'signatures' | 'refusing' | 'silent'

/** A source that refuses more than this share of an hour's events is no longer normal. */
const REFUSED_SHARE = 0.05

/** Senders with the connections of their tenants; a connection that never sent anything is a row, too. */
export function sources(items: readonly HealthItem[], connections: ReadonlyMap<string, readonly ConnectionBody[]>): Source[] {
  const left = new Map<string, ConnectionBody>()
  for (const [tenant, list] of connections) for (const connection of list) left.set(`${tenant} ${sourceOf(connection)}`, connection)
  const rows: Source[] = items.map((item) => {
    const key = `${item.tenant} ${item.source}`
    const connection = left.get(key) ?? null
    left.delete(key)
    return { tenant: item.tenant, source: item.source, item, connection }
  })
  for (const [key, connection] of left) rows.push({ tenant: key.slice(0, key.indexOf(' ')), source: sourceOf(connection), item: null, connection })
  return rows.sort((a, b) => a.tenant.localeCompare(b.tenant) || a.source.localeCompare(b.source))
}

const sourceOf = (connection: ConnectionBody): string => `/integrations/${connection.name}`

/** How a source is, in one word: the worst of what is known. */
export function sourceState({ item, connection }: Source): SourceState {
  if (connection?.health.warning != null) return 'warning'
  if (signatures(connection) > 0) return 'signatures'
  if ((item?.refused_share ?? 0) > REFUSED_SHARE || (item?.webhooks?.refused_24h ?? 0) > 0) return 'refusing'
  return item === null && connection?.health.last_event_at == null ? 'silent' : 'normal'
}

/** Messages of the last 24 hours whose signature was wrong or too old. */
export const signatures = (connection: ConnectionBody | null): number =>
  connection === null ? 0 : connection.health.bad_signatures_24h + connection.health.stale_signatures_24h
