import type { ObjectForm } from './form'

/** What was typed and not saved, and the version and form it began with. */
export type KeptDraft = { version: number; base: ObjectForm; form: ObjectForm }

const keyOf = (tenant: string, object: string): string => `crosslook.draft.${tenant}.${object}`

/** Keep what was typed, for this tab: a reload, a way back and a session that ends lose nothing. */
export function keepDraft(tenant: string, object: string, draft: KeptDraft): void {
  try {
    sessionStorage.setItem(keyOf(tenant, object), JSON.stringify(draft))
  } catch {
    // A full or forbidden store: the guard against leaving still asks.
  }
}

export function dropDraft(tenant: string, object: string): void {
  sessionStorage.removeItem(keyOf(tenant, object))
}

/** What was kept; null where there is nothing, or nothing that this page understands. */
export function readDraft(tenant: string, object: string): KeptDraft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(tenant, object)) ?? 'null')
    return isDraft(kept) ? kept : null
  } catch {
    return null
  }
}

function isDraft(value: unknown): value is KeptDraft {
  if (typeof value !== 'object' || value === null) return false
  const { version, base, form } = value as Partial<KeptDraft>
  return typeof version === 'number' && isForm(base) && isForm(form)
}

const isForm = (value: unknown): value is ObjectForm =>
  typeof value === 'object' && value !== null && Array.isArray((value as ObjectForm).fields) && Array.isArray((value as ObjectForm).relationships)
