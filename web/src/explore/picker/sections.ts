import type { CatalogBody, ExploreBody } from '../../api/query'
import { CONTACT, useOf } from '../../report/edit'
import { folded, indexOf, type FieldInfo, type MeasureInfo } from '../../report/fields'
import type { Report } from '../../report/types'

/** A field that a refresh will bring, or an object's. */
export type PendingField = { name: string; label: string; type: string }

/** One object with what matches the search. */
export type FoundObject = {
  explore: ExploreBody
  dimensions: FieldInfo[]
  measures: MeasureInfo[]
  pending: PendingField[]
}

/** One object of the picker, and whether the report can use it. */
export type Section = FoundObject & { use: ReturnType<typeof useOf> }

/** An object that cannot be used yet, or at all, and why. */
export type Waiting = { object: string; label: string; from: string; fields: PendingField[] }

/** The picker: the base object, the contact beside it, other objects that can be chosen, those that cannot be combined,
 * and what waits for the next refresh. */
export type Sections = {
  open: Section[]
  blocked: Section[]
  waiting: Waiting[]
  notReportable: { object: string; label: string; reason: string }[]
  matches: number
}

/** The objects that match a search, which ignores case and accents, with the fields that do. */
export function searched(catalog: CatalogBody, search: string): FoundObject[] {
  const index = indexOf(catalog)
  const wanted = folded(search.trim())
  const changes = new Map(catalog.pending.map((item) => [item.object, item]))
  const all = catalog.explores.map((explore): FoundObject => {
    const whole = matches(wanted, explore.label, explore.object)
    const keep = (item: { label: string; name: string; description?: string | null }) =>
      whole || matches(wanted, item.label, item.name, item.description ?? '')
    const change = changes.get(explore.object)
    const added = change?.change === 'changed' ? (change.added_fields ?? []) : []
    return {
      explore,
      dimensions: explore.dimensions.flatMap((found) => index.fields.get(found.name) ?? []).filter(keep),
      measures: explore.measures.flatMap((found) => index.measures.get(found.name) ?? []).filter(keep),
      pending: added.map((part) => ({ name: part.name, label: part.label, type: part.type ?? 'text' })).filter(keep),
    }
  })
  return wanted === '' ? all : all.filter((found) => matchesOf(found) > 0)
}

/** How many fields of an object match. */
const matchesOf = ({ dimensions, measures, pending }: FoundObject) => dimensions.length + measures.length + pending.length

/** The picker's sections for a report, of the objects that match a search. */
export function sections(catalog: CatalogBody, found: readonly FoundObject[], report: Report | null, search: string): Sections {
  const index = indexOf(catalog)
  const wanted = folded(search.trim())
  const shown = found.map((object): Section => ({ ...object, use: useOf(report, catalog, object.explore.object) }))
  const rank = ({ explore, use }: Section) => (use.can && use.as === 'base' && explore.object === report?.object ? 0 : explore.object === CONTACT ? (report === null ? 2 : 1) : 1.5)
  const open = shown.filter(({ use }) => use.can || isContactOfBase(use)).sort((a, b) => rank(a) - rank(b))
  return {
    open,
    blocked: shown.filter((section) => !open.includes(section)),
    waiting: catalog.pending
      .filter((item) => item.change === 'created' && !index.explores.has(item.object))
      .map((item) => ({
        object: item.object,
        label: item.label ?? item.object,
        from: item.from,
        fields: (item.added_fields ?? []).map((part) => ({ name: part.name, label: part.label, type: part.type ?? 'text' })),
      }))
      .filter((item) => matches(wanted, item.label, item.object)),
    notReportable: catalog.not_reportable
      .map((item) => ({ ...item, label: item.label ?? item.object }))
      .filter((item) => matches(wanted, item.label, item.object)),
    matches: shown.reduce((sum, object) => sum + matchesOf(object), 0),
  }
}

/** The contact stays where it is when the base has no relationship to it; its section says so. */
const isContactOfBase = (use: ReturnType<typeof useOf>) => !use.can && use.reason === 'no_relationship'

const matches = (wanted: string, ...texts: string[]) => wanted === '' || texts.some((text) => folded(text).includes(wanted))
