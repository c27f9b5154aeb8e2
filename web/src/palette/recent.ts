const MOST = 8
const keyOf = (tenant: string) => `crosslook.palette.${tenant}`

/** The ids of what was chosen lately in a tenant, the last one first. */
export function readRecent(tenant: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(tenant)) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}

/** Remembers a choice. */
export function keepRecent(tenant: string, id: string): void {
  localStorage.setItem(keyOf(tenant), JSON.stringify([id, ...readRecent(tenant).filter((other) => other !== id)].slice(0, MOST)))
}
