import type { Report, SortKey } from '../report/types'
import { isDated, type ResultModel } from './columns'

/** The order in which the rows stand: the report's own, else the service's default. */
export function effectiveSort(report: Report, model: ResultModel): SortKey[] {
  if (report.sort !== undefined && report.sort.length > 0) return report.sort
  if (model.isList) return []
  const dated = model.dimensions.find((column) => isDated(column))
  if (dated !== undefined) return [{ field: dated.name, direction: 'asc' }]
  // The service's first figure: under a pivot, the page shows them in the order of the field's options.
  const [first] = [...model.figures].sort((a, b) => a.index - b.index)
  if (first !== undefined && model.dimensions.length > 0) return [{ field: first.name, direction: 'desc' }]
  return model.dimensions[0] === undefined ? [] : [{ field: model.dimensions[0].name, direction: 'asc' }]
}

/** The order after a click on a column's head: none, ascending, descending. With `add`, beside the other keys. */
export function nextSort(sort: SortKey[], field: string, add: boolean): SortKey[] {
  const own = sort.find((key) => key.field === field)
  const next: SortKey[] = own === undefined ? [{ field, direction: 'asc' }] : own.direction === 'asc' ? [{ field, direction: 'desc' }] : []
  if (!add) return next
  if (own === undefined) return [...sort, ...next]
  return sort.flatMap((key) => (key === own ? next : [key]))
}

