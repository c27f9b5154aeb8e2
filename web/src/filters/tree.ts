import type { Condition, FilterNode } from '../report/types'

/** A report's filters as the page shows them: every part must hold; a part is a condition, a group of which one must
 * hold, or something deeper that was made elsewhere and can only be removed. */
export type FilterPart =
  | { kind: 'condition'; condition: Condition }
  | { kind: 'any'; conditions: Condition[] }
  | { kind: 'other'; node: FilterNode }

const isCondition = (node: FilterNode): node is Condition => 'field' in node

/** The parts of a filter tree. */
export function parts(node: FilterNode | undefined): FilterPart[] {
  if (node === undefined) return []
  if (isCondition(node)) return [{ kind: 'condition', condition: node }]
  if ('and' in node) return node.and.flatMap(parts)
  if (node.or.every(isCondition)) {
    return node.or.length === 0 ? [] : [{ kind: 'any', conditions: node.or as Condition[] }]
  }
  return [{ kind: 'other', node }]
}

/** The filter tree of parts; nothing for no part. */
export function tree(found: readonly FilterPart[]): FilterNode | undefined {
  const nodes = found.flatMap((part): FilterNode[] => {
    if (part.kind === 'condition') return [part.condition]
    if (part.kind === 'other') return [part.node]
    return part.conditions.length === 0 ? [] : [{ or: part.conditions }]
  })
  return nodes.length === 0 ? undefined : { and: nodes }
}

/** All conditions of a tree, wherever they stand. */
export function conditions(node: FilterNode | undefined): Condition[] {
  if (node === undefined) return []
  if (isCondition(node)) return [node]
  return ('and' in node ? node.and : node.or).flatMap(conditions)
}

/** The tree without one of its parts. */
export function without(node: FilterNode | undefined, index: number): FilterNode | undefined {
  return tree(parts(node).filter((_, at) => at !== index))
}

/** The tree with one part replaced, or added at the end. */
export function withPart(node: FilterNode | undefined, index: number | null, part: FilterPart): FilterNode | undefined {
  const found = parts(node)
  return tree(index === null ? [...found, part] : found.map((old, at) => (at === index ? part : old)))
}
