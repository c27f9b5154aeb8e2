import { dimensionColumn } from '../report/names'
import type { Condition, Dimension, Report, Scalar } from '../report/types'

/** A group that was picked in one tile's chart and filters the others: all its conditions hold together. */
export type CrossFilter = { tile: string; conditions: Condition[] }

/** One value of a group: of which column, and of what type. */
export type Picked = { column: string; value: Scalar | null; type: string }

/** The conditions that a group of a chart stands for; null where they do not describe exactly that group. */
export function conditionsOf(report: Report, group: readonly Picked[]): Condition[] | null {
  const made = group.map(({ column, value, type }) => conditionOf(report, column, value, type))
  return made.length === 0 || made.includes(null) ? null : (made as Condition[])
}

/** The condition that one value of a group stands for; null for those that no condition describes. */
function conditionOf(report: Report, column: string, value: Scalar | null, type: string): Condition | null {
  const dimension = [...(report.dimensions ?? []), ...(report.pivot ?? [])].find((each) => dimensionColumn(each) === column)
  if (dimension === undefined) return null
  if (typeof dimension === 'string') return plain(dimension, value, type, report)
  if ('granularity' in dimension) {
    return value === null
      ? { field: dimension.field, op: 'is_empty' }
      : { field: dimension.field, op: 'eq', values: [value], granularity: dimension.granularity }
  }
  return grouped(dimension, value)
}

function plain(field: string, value: Scalar | null, type: string, report: Report): Condition | null {
  // A formula's name means something in its own report only.
  if (report.formulas?.some((formula) => formula.name === field)) return null
  if (value === null) return { field, op: 'is_empty' }
  return { field, op: type === 'multiselect' ? 'any_of' : 'eq', values: [value] }
}

function grouped(dimension: Exclude<Dimension, string>, value: Scalar | null): Condition | null {
  if (!('groups' in dimension)) return null
  const group = dimension.groups.find((each) => each.name === value)
  return group === undefined ? null : { field: dimension.field, op: 'in', values: group.values }
}

/** What is picked after one more click: the same group again takes it away, another one of the tile replaces it. */
export function crossedWith(picked: readonly CrossFilter[], tile: string, conditions: Condition[]): CrossFilter[] {
  const same = picked.some((each) => each.tile === tile && JSON.stringify(each.conditions) === JSON.stringify(conditions))
  const others = picked.filter((each) => each.tile !== tile)
  return same ? others : [...others, { tile, conditions }]
}
