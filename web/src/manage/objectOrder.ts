import type { SchemaBody } from '../api/schema'
import type { Catalog } from '../shared/catalog'
import { shownState } from './inReports'
import { nameOf } from './objects'

export type Column = 'object' | 'fields' | 'contact' | 'records' | 'inReports'
export type Order = { column: Column; descending: boolean }

/** The relationships through which reports can join the contact. */
export const contactLinks = (object: SchemaBody) => (object.relationships ?? []).filter((each) => each.target === 'contact')

/** The objects in the order of a column; what has no value there stands last either way. */
export function ordered(
  objects: readonly SchemaBody[], { column, descending }: Order, locale: string, catalog: Catalog | undefined,
  counts: ReadonlyMap<string, number | null | undefined>,
): SchemaBody[] {
  const collator = new Intl.Collator(locale, { sensitivity: 'base', numeric: true })
  const name = (object: SchemaBody) => nameOf(object, catalog)
  const value = (object: SchemaBody): string | number | null => {
    if (column === 'object') return name(object)
    if (column === 'fields') return object.fields?.length ?? null
    if (column === 'contact') return contactLinks(object)[0]?.label ?? null
    if (column === 'records') return counts.get(object.object) ?? null
    return shownState(object.in_reports, catalog?.pending.find((each) => each.object === object.object)).rank
  }
  const compare = (one: string | number, other: string | number): number =>
    typeof one === 'number' && typeof other === 'number' ? one - other : collator.compare(String(one), String(other))
  return [...objects].sort((one, other) => {
    const [a, b] = [value(one), value(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null) || collator.compare(name(one), name(other))
    return (descending ? -1 : 1) * compare(a, b) || collator.compare(name(one), name(other))
  })
}
