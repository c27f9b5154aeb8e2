import { tidy } from '../../report/edit'
import { dimensionColumn, dimensionField, measureColumn } from '../../report/names'
import type { Calculation, Condition, Dimension, FilteredMeasure, FilterNode, Formula, Measure, Report } from '../../report/types'
import { without } from '../../filters/tree'
import { namesIn, renameIn } from './expression'
import type { ExtrasKind } from './kinds'

/** The options of a report that stand as chips, each with what taking it away changes. */
export const OPTIONS = ['contacts', 'relationship', 'records', 'timezone', 'week_start', 'snapshot', 'subtotals'] as const
export type Option = (typeof OPTIONS)[number]

/** The report with a calculation, at its place or at the end. What names it follows a change of its name. */
export function saveCalculation(report: Report, index: number | null, calculation: Calculation): Report {
  const before = index === null ? undefined : report.calculations?.[index]
  const based = renamed(report, before?.name, calculation.name)
  return { ...based, calculations: put(based.calculations, index, calculation) }
}

/** The report with a formula, at its place or at the end. What names it follows a change of its name. */
export function saveFormula(report: Report, index: number | null, formula: Formula): Report {
  const before = index === null ? undefined : report.formulas?.[index]
  const based = renamed(report, before?.name, formula.name)
  return { ...based, formulas: put(based.formulas, index, formula) }
}

/** The report with a measure that has filters of its own, in place of a measure or at the end. */
export function saveFiltered(report: Report, index: number | null, measure: FilteredMeasure): Report {
  const before = index === null ? undefined : report.measures?.[index]
  const based = renamed(report, before === undefined ? undefined : measureColumn(before), measure.name, before === undefined || typeof before === 'string')
  return { ...based, measures: put<Measure>(based.measures, index, measure) }
}

/** The dimensions of a report with those of its pivot behind them, as places of groups count them. */
export const groupable = (report: Report): Dimension[] => [...(report.dimensions ?? []), ...(report.pivot ?? [])]

/** The report with a grouped dimension, in place of one or at the end of the rows. */
export function saveGroup(report: Report, index: number | null, dimension: Dimension): Report {
  const before = index === null ? undefined : groupable(report)[index]
  const old = before === undefined ? undefined : dimensionColumn(before)
  // A filter on the field itself stays a filter on the field: only a name that a group gave is renamed everywhere.
  const named = before !== undefined && typeof before !== 'string' && 'name' in before
  const based = renamed(report, old, dimensionColumn(dimension), !named)
  const rows = based.dimensions?.length ?? 0
  return index !== null && index >= rows
    ? { ...based, pivot: put(based.pivot, index - rows, dimension) }
    : { ...based, dimensions: put(based.dimensions, index, dimension) }
}

/** The report without a part, and without what needs it: a formula takes the measures and calculations over it along. */
export function removeExtra(report: Report, kind: ExtrasKind, index: number): Report {
  switch (kind) {
    case 'calculation': {
      const name = report.calculations?.[index]?.name
      return name === undefined ? report : tidied(withoutName({ ...report, calculations: cut(report.calculations, index) }, name))
    }
    case 'formula': {
      const name = report.formulas?.[index]?.name
      return name === undefined ? report : tidied(withoutName({ ...report, formulas: cut(report.formulas, index) }, name, true))
    }
    case 'measure': {
      const measure = report.measures?.[index]
      return measure === undefined ? report : tidied(withoutName({ ...report, measures: cut(report.measures, index) }, measureColumn(measure)))
    }
    case 'group': {
      const dimension = groupable(report)[index]
      if (dimension === undefined) return report
      const rows = report.dimensions?.length ?? 0
      const left = index < rows ? { ...report, dimensions: cut(report.dimensions, index) } : { ...report, pivot: cut(report.pivot, index - rows) }
      return tidied(withoutName(left, dimensionColumn(dimension)))
    }
    case 'having':
      return tidied({ ...report, having: without(report.having, index) } as Report)
    case 'compare':
      return withoutComparison(report)
    case 'options':
      return withoutOption(report, OPTIONS[index])
  }
}

/** The report without its comparison, and without what names its columns. */
export function withoutComparison(report: Report): Report {
  const { compare: _compare, ...rest } = report
  const compared = (name: string) => /@/.test(name)
  return tidied(prunedBy(rest, compared))
}

/** The report without one of its options. */
export function withoutOption(report: Report, option: Option | undefined): Report {
  return tidied(Object.fromEntries(Object.entries(report).filter(([member]) => member !== option)) as Report)
}

function put<T>(items: readonly T[] | undefined, index: number | null, item: T): T[] {
  return index === null ? [...(items ?? []), item] : (items ?? []).map((old, at) => (at === index ? item : old))
}

const cut = <T>(items: readonly T[] | undefined, index: number): T[] => (items ?? []).filter((_, at) => at !== index)

/** Whether a name is that of a column or one that it makes: of a comparison, a pivot, a granularity, or measures. */
function refers(used: string, name: string, measures: boolean): boolean {
  return used === name || (used.startsWith(name) && (measures ? '@|:.' : '@|:').includes(used.charAt(name.length)))
}

/** The report with a name changed wherever it is used; with `columns`, only where columns of the result are named. */
function renamed(report: Report, old: string | undefined, name: string, columns = false): Report {
  if (old === undefined || old === name) return report
  const rename = (used: string) => (refers(used, old, !columns) ? name + used.slice(old.length) : used)
  const ofResult: Report = {
    ...report,
    ...member('sort', report.sort?.map((key) => ({ ...key, field: rename(key.field) }))),
    ...member('having', mapped(report.having, (condition) => ({ ...condition, field: rename(condition.field) }))),
    ...member('calculations', report.calculations?.map((calculation) => ({ ...calculation, expression: renameIn(calculation.expression, rename) }))),
  }
  if (columns) return ofResult
  const field = (dimension: Dimension): Dimension => (typeof dimension === 'string' ? rename(dimension) : { ...dimension, field: rename(dimension.field) })
  const conditions = (node: FilterNode | undefined) => mapped(node, (condition) => ({ ...condition, field: rename(condition.field) }))
  const measure = (found: Measure): Measure =>
    typeof found === 'string' ? rename(found) : { ...found, measure: rename(found.measure), filters: conditions(found.filters) ?? found.filters }
  return {
    ...ofResult,
    ...member('dimensions', report.dimensions?.map(field)),
    ...member('pivot', report.pivot?.map(field)),
    ...member('measures', report.measures?.map(measure)),
    ...member('list', report.list?.map(rename)),
    ...member('filters', conditions(report.filters)),
    ...member('formulas', report.formulas?.map((formula) => ({ ...formula, expression: renameIn(formula.expression, rename) }))),
  }
}

function withoutName(report: Report, name: string, measures = false): Report {
  return prunedBy(report, (used) => refers(used, name, measures))
}

/** The report without what names something that is gone; what that takes away takes its own users along. */
function prunedBy(report: Report, gone: (name: string) => boolean): Report {
  const keeps = (part: Calculation | Formula) => !namesIn(part.expression).some(gone)
  const left: Report = {
    ...report,
    ...member('dimensions', report.dimensions?.filter((dimension) => !gone(dimensionField(dimension)))),
    ...member('pivot', report.pivot?.filter((dimension) => !gone(dimensionField(dimension)))),
    ...member('measures', report.measures?.filter((measure) => !gone(typeof measure === 'string' ? measure : measure.measure))),
    ...member('list', report.list?.filter((listed) => !gone(listed))),
    ...member('calculations', report.calculations?.filter(keeps)),
    ...member('formulas', report.formulas?.filter(keeps)),
    ...member('sort', report.sort?.filter((key) => !gone(key.field))),
    filters: pruned(report.filters, gone),
    having: pruned(report.having, gone),
  } as Report
  const next = [
    ...(report.calculations ?? []).filter((part) => !keeps(part)).map(({ name }) => ({ name, measures: false })),
    ...(report.formulas ?? []).filter((part) => !keeps(part)).map(({ name }) => ({ name, measures: true })),
    ...(report.dimensions ?? []).filter((dimension) => gone(dimensionField(dimension))).map((dimension) => ({ name: dimensionColumn(dimension), measures: false })),
    ...(report.measures ?? []).filter((measure) => typeof measure !== 'string' && gone(measure.measure)).map((measure) => ({ name: measureColumn(measure), measures: false })),
  ]
  return next.reduce((found, { name, measures }) => withoutName(found, name, measures), left)
}

function mapped(node: FilterNode | undefined, change: (condition: Condition) => Condition): FilterNode | undefined {
  if (node === undefined) return undefined
  if ('field' in node) return change(node)
  const each = (part: FilterNode) => mapped(part, change) ?? part
  return 'and' in node ? { and: node.and.map(each) } : { or: node.or.map(each) }
}

function pruned(node: FilterNode | undefined, gone: (name: string) => boolean): FilterNode | undefined {
  if (node === undefined) return undefined
  if ('field' in node) return gone(node.field) ? undefined : node
  const left = ('and' in node ? node.and : node.or).flatMap((part) => pruned(part, gone) ?? [])
  if (left.length === 0) return undefined
  return 'and' in node ? { and: left } : { or: left }
}

function member<K extends keyof Report>(name: K, value: Report[K] | undefined): Partial<Report> {
  return value === undefined ? {} : { [name]: value }
}

/** The report as `tidy` makes it, without empty lists of what the page adds here. */
function tidied(report: Report): Report {
  const { calculations, formulas, list, ...rest } = report
  return tidy({
    ...rest,
    ...(calculations?.length ? { calculations } : {}),
    ...(formulas?.length ? { formulas } : {}),
    ...(list?.length ? { list } : {}),
  })
}
