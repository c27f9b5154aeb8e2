import { filters as readFilters } from '../report/validate'
import type { Condition, FilterNode } from '../report/types'

/** A filter of a dashboard. `condition` is null while any value passes; `node` holds what is more than one condition. */
export type FieldFilter = { field: string; condition: Condition | null }
export type BoardFilter = FieldFilter | { node: FilterNode }

export const isFieldFilter = (filter: BoardFilter): filter is FieldFilter => 'field' in filter
const isCondition = (node: FilterNode): node is Condition => 'field' in node

/** The filters of a saved tree: one for each condition that stands at its top. */
export function filterList(tree: unknown): BoardFilter[] {
  if (tree === null || tree === undefined) return []
  const read = readFilters(tree)
  if (read === undefined) return []
  return ('and' in read ? read.and : [read]).map(fromNode)
}

function fromNode(node: FilterNode): BoardFilter {
  if (isCondition(node)) return { field: node.field, condition: node }
  const any = anyField(node)
  return any === null ? { node } : { field: any, condition: null }
}

/** The tree of filters. A field of which any value passes stays in it, as the condition that always holds. */
export function filterTree(filters: readonly BoardFilter[]): FilterNode {
  return { and: filters.map((filter) => (isFieldFilter(filter) ? (filter.condition ?? anyOf(filter.field)) : filter.node)) }
}

function anyOf(field: string): FilterNode {
  return { or: [{ field, op: 'is_empty' }, { field, op: 'is_not_empty' }] }
}

/** The field of a condition that always holds, else null. */
function anyField(node: FilterNode): string | null {
  if (!('or' in node) || node.or.length !== 2) return null
  const [one, other] = node.or
  if (one === undefined || other === undefined || !isCondition(one) || !isCondition(other)) return null
  return one.op === 'is_empty' && other.op === 'is_not_empty' && one.field === other.field ? one.field : null
}

/** The fields that conditions name. */
export function fieldsIn(node: FilterNode): string[] {
  if ('and' in node) return node.and.flatMap(fieldsIn)
  return 'or' in node ? node.or.flatMap(fieldsIn) : [node.field]
}
