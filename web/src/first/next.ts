import type { SchemaBody } from '../api/schema'
import type { Catalog } from '../shared/catalog'

/** When the next refresh is due, and in which zone that is said: from the snapshot, else from what objects wait for. */
export function nextRefresh(catalog: Catalog, objects: readonly SchemaBody[]): { at: string; zone: string } | null {
  if (catalog.snapshot !== null) return { at: catalog.snapshot.next_refresh_at, zone: catalog.snapshot.zone }
  const from = catalog.pending[0]?.from ?? objects.map((schema) => schema.in_reports.from).find((instant) => instant != null)
  return from == null ? null : { at: from, zone: Intl.DateTimeFormat().resolvedOptions().timeZone }
}
