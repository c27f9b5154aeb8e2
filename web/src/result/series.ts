import type { ResultBody } from '../api/query'
import type { ChartOptions } from '../report/types'
import type { Cell, Formats } from '../shared/formats'
import { measureToken, type ColourToken, type Colours } from './colours'
import { addUnits, dayNumber } from './periods'
import { figure, groupLabel, groupToken, isDated, isNumeric, showCell, type ResultColumn, type ResultModel } from './columns'

/** One line, or one colour of bars. `values` stand at the categories' places; null is a gap. */
export type Series = {
  key: string
  label: string
  token: ColourToken
  values: (number | null)[]
  /** The row of the result that each value comes from. */
  rows: (number | null)[]
  column: ResultColumn
  /** A value in a period before, which is drawn dashed. */
  before: boolean
}

/** `row`: the first row of the result that it comes from; null for a period without any. */
export type Category = { value: Cell; label: string; long: string; row: number | null; part: boolean }

/** What bars, lines and areas are drawn from. */
export type Drawing = {
  categories: Category[]
  series: Series[]
  /** The sum of all series at each category; null unless figures of this measure add up. */
  totals: (number | null)[] | null
  dated: boolean
  dimension: ResultColumn
  measures: ResultColumn[]
  /** All categories and series before the first ones were taken. */
  of: { categories: number; series: number }
}

/** Categories past these are in the table only: a chart of more says nothing. */
export const MOST_CATEGORIES = 50
export const MOST_POINTS = 1_000
export const MOST_SERIES = 14

/** One column for each measure that could be drawn, without the values of a pivot. */
export function measuresToDraw(model: ResultModel): ResultColumn[] {
  const seen = new Set<string>()
  return model.figures.filter((column) => {
    if (seen.has(column.base) || !isNumeric(column)) return false
    seen.add(column.base)
    return true
  })
}

const unitOf = (column: ResultColumn): string => (column.shape.type === 'currency' ? (column.shape.currency ?? 'currency') : 'number')

/** Whether all figures could stand on one axis. */
export const oneUnit = (columns: readonly ResultColumn[]): boolean => new Set(columns.map(unitOf)).size < 2

/** Whether the colours are values of a second dimension: then one measure is drawn, whatever was chosen. */
export const isSplit = (model: ResultModel): boolean => model.groups === null && model.dimensions.length === 2

/** Names of the measures that are drawn: those that were chosen, else those that share an axis with the first. */
export function drawnMeasures(model: ResultModel, chart: ChartOptions): string[] {
  const choices = measuresToDraw(model)
  const chosen = choices.filter((column) => chart.series?.some((name) => name === column.base || name === column.name))
  if (chosen.length > 0) return chosen.slice(0, isSplit(model) ? 1 : undefined).map((column) => column.base)
  const [first] = choices
  if (first === undefined) return []
  // Under a pivot, or with a second dimension, colours are its values: one measure at a time.
  if (model.groups !== null || model.dimensions.length > 1) return [first.base]
  return choices
    .filter((column) => column.variant !== 'delta' && unitOf(column) === unitOf(first) && (column.kind !== 'calculation' || first.kind === 'calculation'))
    .map((column) => column.base)
}

/** The result as categories and series; null where there is nothing to draw. */
export function drawingOf(result: ResultBody, model: ResultModel, chart: ChartOptions, colours: Colours, formats: Formats): Drawing | null {
  const [dimension, second] = model.dimensions
  const drawn = drawnMeasures(model, chart)
  if (dimension === undefined || drawn.length === 0) return null
  const measures = measuresToDraw(model).filter((column) => drawn.includes(column.base))
  const split = second !== undefined && isSplit(model)
  const found = categoriesOf(result, model, split ? [dimension] : model.dimensions, formats)
  const categories = model.dimensions.length === 1 || split ? inTime(found, dimension, model, formats) : found
  const all = split ? bySecond(result, model, second, measures[0] as ResultColumn, categories, colours, formats) : byColumn(result, model, drawn, categories, colours, formats)
  const dated = isDated(dimension)
  const most = dated ? MOST_POINTS : MOST_CATEGORIES
  const series = all.slice(0, MOST_SERIES)
  const kept = categories.slice(0, most)
  return {
    categories: kept,
    series: series.map((line) => ({ ...line, values: line.values.slice(0, most), rows: line.rows.slice(0, most) })),
    totals: adds(measures, all, model, split) ? kept.map((_, at) => sum(all.map((line) => line.values[at] ?? null))) : null,
    dated,
    dimension,
    // Past the most series nothing is drawn: a title must not name what is left out.
    measures: measures.filter((column) => series.some((line) => line.column.base === column.base)),
    of: { categories: categories.length, series: all.length },
  }
}

export type Stacking = 'none' | 'stacked' | 'percent'

/** How the series stand. Parts that do not add up stand side by side, until the reader wants them stacked. */
export function stackOf(chart: ChartOptions, drawing: Drawing): Stacking {
  if (chart.type === 'line' || drawing.series.length < 2) return 'none'
  return stackingOf(chart, drawing.totals !== null)
}

/** As `stackOf`, where only the measure is known. */
export function stackingOf(chart: ChartOptions, additive: boolean): Stacking {
  if (chart.stacked === undefined) return additive ? 'stacked' : 'none'
  if (chart.stacked === 'percent') return additive ? 'percent' : 'none'
  return chart.stacked ? 'stacked' : 'none'
}

/** Whether bars are a list of rows, each with its figure. */
export const isBarList = (model: ResultModel, chart: ChartOptions): boolean =>
  chart.type === 'bar' && chart.horizontal === true && model.groups === null && model.dimensions.length === 1 && drawnMeasures(model, chart).length === 1

/** Whether the parts that a chart draws add up. */
export function addsUp(model: ResultModel, chart: ChartOptions): boolean {
  const drawn = drawnMeasures(model, chart)
  const measure = measuresToDraw(model).find((column) => column.base === drawn[0])
  return drawn.length === 1 && measure?.additive === true && (model.groups !== null || model.dimensions.length === 2)
}

/** A sum over series is a true total only of one measure whose parts add up. */
const adds = (measures: ResultColumn[], all: Series[], model: ResultModel, split: boolean): boolean =>
  measures.length === 1 && measures[0]?.additive === true && (model.groups !== null || split) && all.length > 0

function sum(values: (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null)
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
}

function categoriesOf(result: ResultBody, model: ResultModel, dimensions: ResultColumn[], formats: Formats): Category[] {
  const seen = new Map<string, Category>()
  result.rows.forEach((cells, row) => {
    const values = dimensions.map((column) => cells[column.index] ?? null)
    const key = JSON.stringify(values)
    if (seen.has(key)) return
    const [value] = values
    const say = (style: 'short' | 'long') => dimensions.map((column) => showCell(cells[column.index], column, model, formats, style)).join(' · ')
    seen.set(key, { value: value ?? null, label: say('short'), long: say('long'), row, part: typeof value === 'string' && model.parts.has(value) && dimensions[0]?.shape.granularity != null })
  })
  return [...seen.values()]
}

const STEPS = ['day', 'week', 'month', 'quarter', 'year']

/** Periods in their order, with those between them that have no row: a line must not close a gap. */
function inTime(categories: Category[], dimension: ResultColumn, model: ResultModel, formats: Formats): Category[] {
  if (!isDated(dimension)) return categories
  const dated = categories.filter((category) => typeof category.value === 'string').sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1))
  const rest = categories.filter((category) => typeof category.value !== 'string')
  const unit = dimension.shape.granularity ?? 'day'
  const [first, last] = [dated[0], dated.at(-1)]
  if (!STEPS.includes(unit) || first === undefined || last === undefined) return [...dated, ...rest]
  const known = new Map(dated.map((category) => [String(category.value), category]))
  const filled: Category[] = []
  const end = dayNumber(String(last.value))
  for (let day = dayNumber(String(first.value)); day <= end; day = addUnits(day, 1, unit)) {
    if (filled.length > MOST_POINTS) return [...dated, ...rest]
    const value = new Date(day * 86_400_000).toISOString().slice(0, 10)
    filled.push(known.get(value) ?? { value, label: showCell(value, dimension, model, formats, 'short'), long: showCell(value, dimension, model, formats), row: null, part: false })
  }
  return [...filled, ...rest]
}

function byColumn(result: ResultBody, model: ResultModel, drawn: string[], categories: Category[], colours: Colours, formats: Formats): Series[] {
  const columns = model.figures.filter((column) => drawn.includes(column.base))
  const values = drawn.filter((base) => !base.includes('@'))
  return columns.map((column) => {
    const group = model.groups?.find((candidate) => candidate.columns.includes(column))
    const pivot = group === undefined || group.values.length === 0 ? null : group
    const place = values.indexOf(column.measure)
    const named = pivot === null ? null : groupLabel(pivot, model, formats)
    return {
      key: column.name,
      label: named === null ? column.head : drawn.length > 1 ? `${named} · ${column.head}` : named,
      token: pivot === null ? measureToken(Math.max(place, 0), values.length) : groupToken(pivot, model, colours),
      values: categories.map((category) => (category.row === null ? null : figure(result.rows[category.row]?.[column.index]))),
      rows: categories.map((category) => category.row),
      column,
      before: column.variant === 'before',
    }
  })
}

function bySecond(result: ResultBody, model: ResultModel, second: ResultColumn, measure: ResultColumn, categories: Category[], colours: Colours, formats: Formats): Series[] {
  const first = model.dimensions[0] as ResultColumn
  const place = new Map(categories.map((category, at) => [JSON.stringify(category.value), at]))
  const lines = new Map<string, Series>()
  result.rows.forEach((cells, row) => {
    const value = cells[second.index] ?? null
    const key = JSON.stringify(value)
    const line = lines.get(key) ?? {
      key,
      label: showCell(value, second, model, formats),
      token: colours.of(second.field ?? '', value, second.options),
      values: categories.map(() => null),
      rows: categories.map(() => null),
      column: measure,
      before: false,
    }
    const at = place.get(JSON.stringify(cells[first.index] ?? null))
    if (at !== undefined) {
      line.values[at] = figure(cells[measure.index])
      line.rows[at] = row
    }
    lines.set(key, line)
  })
  const order = [...(second.options?.keys() ?? [])]
  const rank = (line: Series): number => {
    const at = order.indexOf(JSON.parse(line.key) as string)
    return line.key === 'null' ? Infinity : at < 0 ? order.length : at
  }
  return [...lines.values()].sort((a, b) => rank(a) - rank(b))
}
