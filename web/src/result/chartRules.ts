import type { MessageId } from '../i18n'
import { indexOf } from '../report/fields'
import { dimensionField, measureColumn } from '../report/names'
import { CHART_TYPES, type ChartOptions, type ChartType, type Dimension, type Report } from '../report/types'
import type { Catalog } from '../shared/catalog'

/** Why a report cannot be drawn in a way: a text and its numbers. */
export type Reason = { id: MessageId; values: Record<string, number | string> }

/** What the rules look at. */
export type Ingredients = {
  dimensions: number
  pivots: number
  /** Measures whose figures can be drawn. */
  figures: number
  dated: boolean
  isList: boolean
}

const CLOCK = ['hour_of_day', 'day_of_week', 'month_of_year']

/** What a report has to draw with. */
export function ingredientsOf(report: Report, catalog: Catalog): Ingredients {
  const index = indexOf(catalog)
  const measures = (report.measures ?? []).filter((measure) => {
    const type = index.measures.get(typeof measure === 'string' ? measure : measure.measure)?.type
    return type !== 'date' && type !== 'datetime'
  })
  return {
    dimensions: report.dimensions?.length ?? 0,
    pivots: report.pivot?.length ?? 0,
    figures: measures.length + (report.calculations?.length ?? 0),
    dated: (report.dimensions ?? []).some((dimension) => isTime(dimension, catalog)),
    isList: report.list !== undefined,
  }
}

function isTime(dimension: Dimension, catalog: Catalog): boolean {
  if (typeof dimension !== 'string' && 'granularity' in dimension) return !CLOCK.includes(dimension.granularity)
  if (typeof dimension !== 'string') return false
  return ['date', 'datetime'].includes(indexOf(catalog).fields.get(dimensionField(dimension))?.type ?? '')
}

/** Why this report cannot be drawn as this type; null where it can. */
export function blockedBecause(type: ChartType, report: Report, catalog: Catalog): Reason | null {
  return reasonOf(type, ingredientsOf(report, catalog))
}

/** The rules. A pivot counts as a dimension where both make a grid. */
export function reasonOf(type: ChartType, has: Ingredients): Reason | null {
  const values = { dimensions: has.dimensions + has.pivots, measures: has.figures }
  if (type === 'table') return null
  if (has.isList) return { id: 'result.needs.summary', values: {} }
  const needs = (id: MessageId): Reason => ({ id, values })
  switch (type) {
    case 'bar':
    case 'line':
    case 'area':
      if (has.dimensions < 1 || has.figures < 1) return needs(`result.needs.${type}`)
      return null
    case 'pie':
      return has.dimensions === 1 && has.pivots === 0 && has.figures >= 1 ? null : needs('result.needs.pie')
    case 'single':
      return has.figures >= 1 && has.pivots === 0 && (has.dimensions === 0 || (has.dimensions === 1 && has.dated)) ? null : needs('result.needs.single')
    case 'scatter':
      return has.dimensions >= 1 && has.pivots === 0 && has.figures >= 2 ? null : needs('result.needs.scatter')
    case 'funnel':
      if (has.pivots > 0) return needs('result.needs.funnel')
      return (has.dimensions === 0 && has.figures >= 2) || (has.dimensions === 1 && has.figures >= 1) ? null : needs('result.needs.funnel')
    case 'heatmap':
      return has.dimensions + has.pivots === 2 && has.dimensions >= 1 && has.figures >= 1 ? null : needs('result.needs.heatmap')
  }
}

/** The types that can draw this report, in the order of the picker. */
export const possibleTypes = (report: Report, catalog: Catalog): ChartType[] =>
  CHART_TYPES.filter((type) => blockedBecause(type, report, catalog) === null)

/** What a report is drawn as, until its reader chooses. */
export function suggest(report: Report, catalog: Catalog): ChartOptions {
  const has = ingredientsOf(report, catalog)
  if (has.isList || has.figures === 0) return { type: 'table' }
  if (has.dimensions === 0) return has.pivots === 0 ? { type: 'single' } : { type: 'table' }
  if (has.dimensions > 2) return { type: 'table' }
  if (has.pivots > 0) return { type: 'bar' }
  return { type: has.dated && has.dimensions === 1 ? 'line' : 'bar' }
}

/** The chart, or a table where the report can no longer be drawn that way. */
export const drawable = (chart: ChartOptions, report: Report, catalog: Catalog): ChartType =>
  blockedBecause(chart.type, report, catalog) === null ? chart.type : 'table'

/** The names of the measures of a report, in order. */
export const measureNames = (report: Report): string[] => [
  ...(report.measures ?? []).map(measureColumn),
  ...(report.calculations ?? []).map((calculation) => calculation.name),
]
