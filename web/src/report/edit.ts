import type { CatalogBody } from '../api/query'
import { indexOf } from './fields'
import { dimensionColumn, dimensionField, measureColumn, objectOf } from './names'
import { conditions } from '../filters/tree'
import type { Dimension, Granularity, Measure, Report, SortKey } from './types'

/** Where a field or measure stands in a report. */
export type Place = 'rows' | 'pivot' | 'value' | 'list'

/** Whether the fields of an object can be added to a report: as its base, as the joined contact, or not, and why. */
export type Use = { can: true; as: 'base' | 'contact' | 'new' } | { can: false; reason: 'other_object' | 'no_relationship' }

export const CONTACT = 'contact'
export const MAX_PIVOT = 2

/** The rule of joins, as the server judges it: one base object, and the contact beside it. */
export function useOf(report: Report | null, catalog: CatalogBody, object: string): Use {
  if (report === null) return { can: true, as: 'new' }
  if (report.object === object) return { can: true, as: 'base' }
  const explores = indexOf(catalog).explores
  if (object === CONTACT) {
    const joinable = explores.get(report.object)?.joinable.includes(CONTACT) ?? false
    return joinable ? { can: true, as: 'contact' } : { can: false, reason: 'no_relationship' }
  }
  // A report on contacts alone becomes one on the object, with the contact beside it.
  if (report.object === CONTACT && explores.get(object)?.joinable.includes(CONTACT)) return { can: true, as: 'base' }
  return { can: false, reason: 'other_object' }
}

/** Where a name is used as a column; a date is found under any granularity. */
export function placeOf(report: Report | null, name: string): Place | null {
  if (report === null) return null
  if (report.list?.includes(name)) return 'list'
  if (report.dimensions?.some((dimension) => dimensionField(dimension) === name)) return 'rows'
  if (report.pivot?.some((dimension) => dimensionField(dimension) === name)) return 'pivot'
  if (report.measures?.some((measure) => measureColumn(measure) === name)) return 'value'
  return null
}

/** Whether a filter names the field. */
export const isFiltered = (report: Report | null, name: string): boolean => conditions(report?.filters).some((condition) => condition.field === name)

/** What must be chosen before a report can be asked; null where nothing must. */
export function lackOf(report: Report): 'columns' | 'measure' | null {
  if (columnsOf(report) === 0) return 'columns'
  return report.pivot?.length && !report.measures?.length ? 'measure' : null
}

/** Whether there is something to ask. */
export function isRunnable(report: Report | null): report is Report {
  return report !== null && lackOf(report) === null
}

/** The number of columns that were chosen. */
export const columnsOf = (report: Report): number =>
  (report.dimensions?.length ?? 0) + (report.measures?.length ?? 0) + (report.list?.length ?? 0)

/** The dimension that a click on a field adds: a time by month. */
export function dimensionFor(field: { name: string; granularities: Granularity[] }): Dimension {
  const { name, granularities } = field
  return granularities.length === 0 ? name : { field: name, granularity: granularities.includes('month') ? 'month' : (granularities[0] ?? 'day') }
}

/** The report with a field added where `place` says, or at the end of its rows; a list gets a further column. */
export function addField(report: Report | null, field: { name: string; granularities: Granularity[] }, catalog: CatalogBody, place: 'rows' | 'pivot' = 'rows', at?: number): Report {
  const based = rebased(report, field.name, catalog)
  if (based.list !== undefined) return { ...based, list: inserted(based.list, field.name, at) }
  const removed = withoutColumn(based, field.name)
  const dimension = dimensionFor(field)
  return place === 'pivot' && (removed.pivot?.length ?? 0) < MAX_PIVOT
    ? tidy({ ...removed, pivot: inserted(removed.pivot ?? [], dimension, at) })
    : tidy({ ...removed, dimensions: inserted(removed.dimensions ?? [], dimension, at) })
}

/** The report with a measure added. A list becomes a summary: it has no measures. */
export function addMeasure(report: Report | null, measure: string, catalog: CatalogBody, at?: number): Report {
  const based = rebased(report, measure, catalog)
  const summary = based.list === undefined ? based : toSummary(based, catalog)
  if (summary.measures?.some((found) => measureColumn(found) === measure)) return summary
  return tidy({ ...summary, measures: inserted<Measure>(summary.measures ?? [], measure, at) })
}

/** The report without a field or measure, wherever it is a column; null when nothing is left to ask about. */
export function removeColumn(report: Report, name: string): Report | null {
  const left = tidy(withoutColumn(report, name))
  return columnsOf(left) === 0 && left.filters === undefined ? null : left
}

/** The report with the dimension of a field, at its place, replaced. */
export function replaceDimension(report: Report, field: string, next: Dimension): Report {
  const swap = (dimension: Dimension) => (dimensionField(dimension) === field ? next : dimension)
  const old = [...(report.dimensions ?? []), ...(report.pivot ?? [])].find((dimension) => dimensionField(dimension) === field)
  const renamed = (key: SortKey) => (old !== undefined && key.field === dimensionColumn(old) ? { ...key, field: dimensionColumn(next) } : key)
  return tidy({
    ...report,
    ...(report.dimensions === undefined ? {} : { dimensions: report.dimensions.map(swap) }),
    ...(report.pivot === undefined ? {} : { pivot: report.pivot.map(swap) }),
    ...(report.sort === undefined ? {} : { sort: report.sort.map(renamed) }),
  })
}

/** The report with a dimension moved to the rows or the pivot, before the one at `at`. */
export function moveDimension(report: Report, field: string, place: 'rows' | 'pivot', at?: number): Report {
  const all = [...(report.dimensions ?? []), ...(report.pivot ?? [])]
  const moved = all.find((dimension) => dimensionField(dimension) === field)
  if (moved === undefined) return report
  const left = withoutColumn(report, field)
  if (place === 'pivot' && (left.pivot?.length ?? 0) >= MAX_PIVOT) return report
  return tidy(
    place === 'pivot'
      ? { ...left, pivot: inserted(left.pivot ?? [], moved, at) }
      : { ...left, dimensions: inserted(left.dimensions ?? [], moved, at) },
  )
}

/** The report with a measure moved before the one at `at`. */
export function moveMeasure(report: Report, name: string, at: number): Report {
  const measures = report.measures ?? []
  const moved = measures.find((measure) => measureColumn(measure) === name)
  if (moved === undefined) return report
  return { ...report, measures: inserted(measures.filter((measure) => measure !== moved), moved, at) }
}

/** The same question as a list of records: its fields become columns. */
export function toList(report: Report): Report {
  const fields = [...(report.dimensions ?? []), ...(report.pivot ?? [])].map(dimensionField)
  const { object, filters, relationship, contacts, records, formulas, timezone, week_start, snapshot } = report
  return defined({
    object, filters, relationship, contacts, records, formulas, timezone, week_start, snapshot,
    list: fields.length > 0 ? [...new Set(fields)] : [`${object}._id`],
    limit: report.limit,
  })
}

/** The same question as a summary: listed fields group its rows, records are counted. */
export function toSummary(report: Report, catalog: CatalogBody): Report {
  const { fields } = indexOf(catalog)
  const { object, filters, relationship, contacts, records, formulas, timezone, week_start, snapshot, limit } = report
  const grouped = (report.list ?? [])
    .filter((name) => !name.endsWith('._id'))
    .slice(0, 2)
    .map((name) => {
      const field = fields.get(name)
      return field === undefined ? name : dimensionFor(field)
    })
  return defined({
    object, filters, relationship, contacts, records, formulas, timezone, week_start, snapshot, limit,
    dimensions: grouped,
    measures: [`${object}.count`],
  })
}

/** The sort after a click on a column's head: none, ascending, descending, none; `add` keeps the other keys. */
export function nextSort(sort: readonly SortKey[] | undefined, column: string, add: boolean): SortKey[] | undefined {
  const keys = sort ?? []
  const old = keys.find((key) => key.field === column)
  const next: SortKey[] = old === undefined ? [{ field: column, direction: 'asc' }] : old.direction === 'asc' ? [{ field: column, direction: 'desc' }] : []
  if (!add) return next.length === 0 ? undefined : next
  const kept = keys.flatMap((key) => (key.field === column ? next : [key]))
  const all = old === undefined ? [...kept, ...next] : kept
  return all.length === 0 ? undefined : all
}

/** The report without what refers to columns that it no longer has, and without empty members. */
export function tidy(report: Report): Report {
  const names = new Set([
    ...(report.dimensions ?? []).map(dimensionColumn),
    ...(report.measures ?? []).map(measureColumn),
    ...(report.calculations ?? []).map((calculation) => calculation.name),
    ...(report.list ?? []),
  ])
  const known = (name: string) => names.has(name) || names.has(name.split(/[|@]/)[0] ?? '')
  const sort = report.sort?.filter((key) => known(key.field))
  const measured = (report.measures?.length ?? 0) > 0
  return defined({
    ...report,
    sort: sort?.length ? sort : undefined,
    dimensions: report.dimensions?.length ? report.dimensions : undefined,
    measures: measured ? report.measures : undefined,
    pivot: report.pivot?.length ? report.pivot : undefined,
    totals: report.totals && measured ? true : undefined,
    subtotals: report.subtotals && measured && (report.dimensions?.length ?? 0) > 1 ? true : undefined,
    having: conditions(report.having).every((condition) => known(condition.field)) ? report.having : undefined,
    compare: measured ? report.compare : undefined,
  })
}

function withoutColumn(report: Report, name: string): Report {
  return {
    ...report,
    ...(report.dimensions === undefined ? {} : { dimensions: report.dimensions.filter((dimension) => dimensionField(dimension) !== name) }),
    ...(report.pivot === undefined ? {} : { pivot: report.pivot.filter((dimension) => dimensionField(dimension) !== name) }),
    ...(report.measures === undefined ? {} : { measures: report.measures.filter((measure) => measureColumn(measure) !== name) }),
    ...(report.list === undefined ? {} : { list: report.list.filter((listed) => listed !== name) }),
  }
}

/** The report with the base that a further name asks for. */
function rebased(report: Report | null, name: string, catalog: CatalogBody): Report {
  const object = objectOf(name)
  if (report === null) return { object }
  if (object === '' || object === report.object || object === CONTACT) return chosenRelationship(report, name, catalog)
  // Only from a report on contacts: `useOf` refuses all others before.
  const { records: _records, relationship: _relationship, contacts: _contacts, ...rest } = report
  return chosenRelationship({ ...rest, object }, `${CONTACT}.`, catalog)
}

/** Where an object has several relationships to contact, the first until the reader chooses another. */
function chosenRelationship(report: Report, name: string, catalog: CatalogBody): Report {
  const relationships = indexOf(catalog).explores.get(report.object)?.relationships ?? []
  const [first] = relationships
  if (objectOf(name) !== CONTACT || report.object === CONTACT || report.relationship !== undefined || relationships.length < 2 || first === undefined) return report
  return { ...report, relationship: first.slug }
}

function inserted<T>(items: readonly T[], item: T, at = items.length): T[] {
  return [...items.slice(0, at), item, ...items.slice(at)]
}

function defined(report: Report | Record<string, unknown>): Report {
  return Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined && value !== null)) as Report
}
