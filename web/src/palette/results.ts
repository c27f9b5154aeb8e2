import type { Entry, Group } from './entries'
import { rankOf } from './match'

/** Entries of one kind, in the order in which they are shown. */
export type Section = { group: Group; entries: Entry[] }

const ORDER: Group[] = ['recent', 'actions', 'looks', 'dashboards', 'objects', 'fields', 'suggestions', 'records']
const MOST: Record<Group, number> = { recent: 5, actions: 5, looks: 6, dashboards: 6, objects: 6, fields: 8, suggestions: 4, records: 5 }
const AT_FIRST: Record<string, number> = { recent: 5, actions: 6, dashboards: 3, looks: 3, suggestions: 4 }

/** What is shown for a search: the best of each kind, kinds by their best entry, what was chosen lately first. Without a
 * search: what was chosen lately, actions, and a few of what there is. */
export function sectionsOf(entries: readonly Entry[], search: string, recent: readonly string[], records: readonly Entry[] = []): Section[] {
  return search.trim() === '' ? atFirst(entries, recent) : found(entries, search, recent, records)
}

function atFirst(entries: readonly Entry[], recent: readonly string[]): Section[] {
  const lately = recent.flatMap((id) => entries.find((entry) => entry.id === id) ?? []).slice(0, MOST.recent)
  const shown = new Set(lately.map(({ id }) => id))
  const rest = ORDER.filter((group) => group !== 'recent').map((group) => ({
    group,
    entries: entries.filter((entry) => entry.group === group && !shown.has(entry.id)).slice(0, AT_FIRST[group] ?? 0),
  }))
  return [{ group: 'recent' as const, entries: lately }, ...rest].filter((section) => section.entries.length > 0)
}

function found(entries: readonly Entry[], search: string, recent: readonly string[], records: readonly Entry[]): Section[] {
  const scored = entries.flatMap((entry) => {
    const rank = rankOf(search, entry.label, [entry.detail, ...entry.others])
    if (rank === null) return []
    const place = recent.indexOf(entry.id)
    // Lately chosen things win among equals, never over a better match.
    return [{ entry, score: rank * 100 + (place < 0 ? 50 : place) }]
  })
  const sections = ORDER.map((group) => {
    const own = scored.filter(({ entry }) => entry.group === group).toSorted((one, other) => one.score - other.score)
    return { group, entries: own.slice(0, MOST[group]).map(({ entry }) => entry), best: own[0]?.score ?? Infinity }
  }).filter((section) => section.entries.length > 0)
  const ordered = sections.toSorted((one, other) => one.best - other.best).map(({ group, entries: shown }): Section => ({ group, entries: shown }))
  return records.length === 0 ? ordered : [...ordered, { group: 'records', entries: [...records] }]
}
