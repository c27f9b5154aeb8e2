import type { Catalog } from '../shared/catalog'
import { objectOf } from '../report/names'
import type { Condition, FilterNode, Report } from '../report/types'
import type { Comparing, FilterFields } from './board'
import { comparable, shiftOf, type ShiftBy } from './compare'
import { fieldsIn, isFieldFilter, type BoardFilter } from './filterList'

/** What a dashboard's choices make of a tile's report. `left`: the fields of filters that do not count for it. */
export type TileRequest = { request: Report; left: string[]; shift: ShiftBy | null }

export type Choices = { filters: readonly BoardFilter[]; crossed: readonly FilterNode[]; comparing: Comparing; snapshot: string | null }

/** The field of a tile that a filter's field means: the same one, where the tile's object or its contact has it. */
export function fieldInTile(field: string, report: Report, mapping: FilterFields, catalog: Catalog): string | null {
  const chosen = mapping[field]
  if (chosen !== undefined) return chosen
  const object = objectOf(field)
  if (object === report.object) return field
  return object === 'contact' && joinsContact(report, catalog) ? field : null
}

/** Whether a report can name its contact: over one relationship, and not only records without a contact. */
export function joinsContact(report: Report, catalog: Catalog): boolean {
  const explore = catalog.explores.find((each) => each.object === report.object)
  if (explore === undefined || !explore.joinable.includes('contact') || report.contacts === 'without') return false
  return report.relationship !== undefined || explore.relationships.length === 1
}

/** The tile's own report under the filters of the dashboard, on one snapshot, compared as chosen. */
export function tileRequest(report: Report, chart: string, mapping: FilterFields, catalog: Catalog, choices: Choices): TileRequest {
  const left = new Set<string>()
  const applied: FilterNode[] = []
  let dated: Condition | null = null
  for (const filter of choices.filters) {
    if (isFieldFilter(filter) && filter.condition === null) continue
    const node = inTile(nodeOf(filter), report, mapping, catalog)
    if (node === null) {
      for (const field of fieldsIn(nodeOf(filter))) left.add(field)
      continue
    }
    applied.push(node)
    if (dated === null && 'field' in node && objectOf(node.field) === report.object && shiftOf('period', node) !== null) dated = node
  }
  for (const crossed of choices.crossed) {
    const node = inTile(crossed, report, mapping, catalog)
    if (node === null) for (const field of fieldsIn(crossed)) left.add(field)
    else applied.push(node)
  }
  const shift = dated === null || !comparable(report, chart) ? null : shiftOf(choices.comparing, dated)
  const request: Report = {
    ...report,
    ...(applied.length === 0 ? {} : { filters: joined(report.filters, applied) }),
    ...(shift === null || dated === null ? {} : { compare: { field: dated.field, shift } }),
    ...(choices.snapshot === null ? {} : { snapshot: choices.snapshot }),
  }
  return { request, left: [...left], shift }
}

const nodeOf = (filter: BoardFilter): FilterNode => (isFieldFilter(filter) ? (filter.condition ?? { and: [] }) : filter.node)

/** The conditions that a report on `base` can have: what the values to choose from follow. */
export function filtersOn(base: string, filters: readonly BoardFilter[], catalog: Catalog): FilterNode | undefined {
  const nodes = filters.flatMap((filter) => (isFieldFilter(filter) && filter.condition === null ? [] : (inTile(nodeOf(filter), { object: base }, {}, catalog) ?? [])))
  return nodes.length === 0 ? undefined : { and: nodes }
}

/** The conditions with the tile's fields; null if the tile lacks one: half of an "or" would mean something else. */
function inTile(node: FilterNode, report: Report, mapping: FilterFields, catalog: Catalog): FilterNode | null {
  if ('field' in node) {
    const field = fieldInTile(node.field, report, mapping, catalog)
    return field === null ? null : { ...node, field }
  }
  const [kind, parts] = 'and' in node ? (['and', node.and] as const) : (['or', node.or] as const)
  const made = parts.map((part) => inTile(part, report, mapping, catalog))
  return made.includes(null) ? null : ({ [kind]: made } as FilterNode)
}

function joined(own: FilterNode | undefined, more: FilterNode[]): FilterNode {
  if (own === undefined) return { and: more }
  return { and: [...('and' in own ? own.and : [own]), ...more] }
}

/** Fields that a filter's field may mean in a tile: those of the same kind, of its object and its contact. */
export function mappable(type: string, report: Report, catalog: Catalog) {
  const objects = joinsContact(report, catalog) ? [report.object, 'contact'] : [report.object]
  return catalog.explores
    .filter((explore) => objects.includes(explore.object))
    .flatMap((explore) => explore.dimensions.map((dimension) => ({ explore, dimension })))
    .filter(({ dimension }) => kindOf(dimension.type) === kindOf(type))
}

const KINDS: Record<string, string> = { textarea: 'text', dropdown: 'text', datetime: 'date', integer: 'number', currency: 'number' }
const kindOf = (type: string) => KINDS[type] ?? type
