import type { TenantQuotas } from '../api/schema'

/** The quotas that a tenant can have of its own. */
export const QUOTAS = [
  'objects', 'saved_reports', 'saved_report_bytes', 'events_per_second', 'reports', 'waiting_reports', 'exports', 'waiting_exports',
] as const

export type Quota = (typeof QUOTAS)[number]

/** Quotas as they are typed: an empty text means that the plan decides. */
export type Typed = Record<Quota, string>

/** A tenant's own quotas as texts. */
export function typed(quotas: TenantQuotas): Typed {
  return Object.fromEntries(QUOTAS.map((name) => [name, quotas[name] == null ? '' : String(quotas[name])])) as Typed
}

/** The quotas to send, and those that are not whole numbers from 0. Spaces between digits are allowed. */
export function read(texts: Typed): { quotas: TenantQuotas; wrong: Quota[] } {
  const quotas: TenantQuotas = {}
  const wrong: Quota[] = []
  for (const name of QUOTAS) {
    const text = texts[name].replaceAll(/\s/g, '')
    if (text === '') continue
    if (/^\d{1,10}$/.test(text)) quotas[name] = Number(text)
    else wrong.push(name)
  }
  return { quotas, wrong }
}
