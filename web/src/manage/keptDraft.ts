import { readStored, writeStored } from '../shared/store'
import type { ObjectForm } from './form'

/** What was typed and not saved, and the version and form it began with. */
export type KeptDraft = { version: number; base: ObjectForm; form: ObjectForm }

const keyOf = (tenant: string, object: string): string => `crosslook.draft.${tenant}.${object}`

/** Keep what was typed, for this tab: a reload, a way back and a session that ends lose nothing. */
export function keepDraft(tenant: string, object: string, draft: KeptDraft): void {
  // Without a store the guard against leaving still asks.
  writeStored(sessionStorage, keyOf(tenant, object), draft)
}

export function dropDraft(tenant: string, object: string): void {
  sessionStorage.removeItem(keyOf(tenant, object))
}

/** What was kept; null where there is nothing, or nothing that this page understands. */
export const readDraft = (tenant: string, object: string): KeptDraft | null => readStored(sessionStorage, keyOf(tenant, object), isDraft)

function isDraft(value: unknown): value is KeptDraft {
  if (typeof value !== 'object' || value === null) return false
  const { version, base, form } = value as Partial<KeptDraft>
  return typeof version === 'number' && isForm(base) && isForm(form)
}

const isForm = (value: unknown): value is ObjectForm =>
  typeof value === 'object' && value !== null && Array.isArray((value as ObjectForm).fields) && Array.isArray((value as ObjectForm).relationships)
