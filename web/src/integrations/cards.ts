import type { AvailableIntegrationBody, ConnectionBody, SchemaBody } from '../api/schema'

/** A card: a connection, or a vendor that is not connected. `kept`: the object that an earlier connection left. */
export type IntegrationCard =
  | { kind: 'connected'; connection: ConnectionBody; object: SchemaBody | undefined }
  | { kind: 'available'; integration: AvailableIntegrationBody; kept: SchemaBody | undefined }

/** Connections first, then the vendors that have none. The one for any webhook is always offered, at the end. */
export function cardsOf(available: readonly AvailableIntegrationBody[], connections: readonly ConnectionBody[], objects: readonly SchemaBody[]): IntegrationCard[] {
  const connected = [...connections].sort((a, b) => rank(a.kind) - rank(b.kind) || a.name.localeCompare(b.name)).map((connection): IntegrationCard => ({
    kind: 'connected', connection, object: objects.find((schema) => schema.object === connection.object),
  }))
  const used = new Set(connections.map((connection) => connection.kind))
  const filled = new Set(connections.map((connection) => connection.object))
  const others = available.filter((integration) => integration.object === null || !used.has(integration.integration))
    .sort((a, b) => Number(a.object === null) - Number(b.object === null) || rank(a.integration) - rank(b.integration))
    .map((integration): IntegrationCard => ({
      kind: 'available', integration, kept: objects.find((schema) => schema.integration === integration.integration && schema.status === 'active' && !filled.has(schema.object)),
    }))
  return [...connected, ...others]
}

/** Zendesk first: most tenants begin with it. */
const rank = (kind: string): number => ['zendesk', 'calendly'].indexOf(kind) >>> 0

/** Whether a connection needs somebody: it does not work, or messages are refused. */
export type Condition = 'ok' | 'waiting' | 'warning' | 'broken'

export function conditionOf({ state, health }: Pick<ConnectionBody, 'state' | 'health'>): Condition {
  if (state !== 'connected') return 'broken'
  if (health.warning !== null || health.bad_signatures_24h > 0) return 'warning'
  return health.last_event_at === null ? 'waiting' : 'ok'
}

/** A name for a connection that no other one has: `zendesk`, then `zendesk_2`. */
export function freeName(kind: string, connections: readonly { name: string }[]): string {
  const taken = new Set(connections.map((connection) => connection.name))
  if (!taken.has(kind)) return kind
  for (let number = 2; ; number += 1) if (!taken.has(`${kind}_${number}`)) return `${kind}_${number}`
}
