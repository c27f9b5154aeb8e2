import type { ColumnBody, ResultBody } from '../api/query'
import { indexOf, type CatalogIndex, type FieldInfo } from '../report/fields'
import { dimensionColumn, dimensionField, measureColumn, objectOf } from '../report/names'
import type { Dimension, Report } from '../report/types'
import type { Catalog } from '../shared/catalog'
import { EMPTY, type Cell, type Formats, type Shape } from '../shared/formats'
import type { ColourToken, Colours } from './colours'
import { partPeriods, type PartPeriod } from './periods'

/** What a measure's column holds: its value, its value in a period before, or the change since. */
export type Variant = 'value' | 'before' | 'delta'

/** A column of a result, with all that is needed to show it. */
export type ResultColumn = {
  /** Its place in each row of the result. */
  index: number
  name: string
  /** The whole label, pivot values included. */
  label: string
  /** The label under the head of its pivot group. */
  head: string
  kind: ColumnBody['kind']
  shape: Shape
  /** The field that it groups by or lists; null for figures. */
  field: string | null
  /** Labels of options by their values, and their order; null where the field has none. */
  options: Map<string, string> | null
  /** Of a figure: its name without pivot values. */
  base: string
  /** Of a figure: the name of its measure, without comparison and pivot values. */
  measure: string
  variant: Variant
  /** Of a comparison: the name of its period, if it has one. */
  period: string | null
  pivot: Cell[] | null
  /** Whether its parts add up to their whole. */
  additive: boolean
  /** Whether the records behind its figures can be listed. */
  drillable: boolean
}

/** Columns that stand under the same values of the pivot. */
export type PivotGroup = { key: string; values: Cell[]; columns: ResultColumn[] }

/** A result as it is read and shown. */
export type ResultModel = {
  columns: ResultColumn[]
  dimensions: ResultColumn[]
  figures: ResultColumn[]
  /** The groups of a pivot, in their order; null without one. */
  groups: PivotGroup[] | null
  /** The fields of the pivot, as columns that show its values. */
  pivots: ResultColumn[]
  isList: boolean
  /** Periods of which the report covers only a part, by their first day. */
  parts: Map<string, PartPeriod>
  weekStart: string
  zone: string
}

/** Reads a result with the report that it answers and the catalog that names its fields. */
export function readResult(result: ResultBody, report: Report, catalog: Catalog): ResultModel {
  const index = indexOf(catalog)
  const weekStart = result.week_start
  const zone = report.timezone ?? result.snapshot.zone
  const byColumn = new Map<string, Dimension>((report.dimensions ?? []).map((dimension) => [dimensionColumn(dimension), dimension]))
  const pivots = (report.pivot ?? []).map((dimension) => pivotColumn(dimension, index))
  const read = result.columns.map((column, place) =>
    column.kind === 'dimension' || column.kind === 'field'
      ? dimensionOf(column, place, byColumn.get(column.name) ?? column.name, index)
      : figureOf(column, place, report, index),
  )
  const columns = pivots.length === 1 ? inOptionOrder(read, pivots[0]?.options ?? null) : read
  const figures = columns.filter((column) => column.field === null)
  const dimensions = columns.filter((column) => column.kind === 'dimension')
  return {
    columns,
    dimensions,
    figures,
    groups: (report.pivot?.length ?? 0) > 0 ? groupsOf(figures) : null,
    pivots,
    isList: report.list !== undefined,
    parts: partPeriods(result, report, dimensions, weekStart, zone),
    weekStart,
    zone,
  }
}

/** The columns of a pivot in the order of its options, as pickers and charts have them; the service answers them by value. */
function inOptionOrder(columns: ResultColumn[], options: Map<string, string> | null): ResultColumn[] {
  if (options === null) return columns
  const order = new Map([...options.keys()].map((value, at) => [value, at]))
  const rank = ({ pivot }: ResultColumn): number => {
    const value = pivot?.[0]
    return pivot === null ? -1 : value === null ? Infinity : (order.get(String(value)) ?? order.size)
  }
  return [...columns].sort((a, b) => (rank(a) === rank(b) ? a.index - b.index : rank(a) - rank(b)))
}

function dimensionOf(column: ColumnBody, index: number, dimension: Dimension, catalog: CatalogIndex): ResultColumn {
  const field = dimensionField(dimension)
  const info = catalog.fields.get(field)
  const banded = typeof dimension !== 'string' && 'name' in dimension
  const granularity = typeof dimension !== 'string' && 'granularity' in dimension ? dimension.granularity : null
  return {
    ...plain(column, index),
    field,
    shape: { type: banded ? 'text' : column.type, granularity, scale: info?.scale ?? null, currency: info?.currency ?? null },
    options: banded && 'bins' in dimension ? null : optionsOf(info),
  }
}

function pivotColumn(dimension: Dimension, catalog: CatalogIndex): ResultColumn {
  const field = dimensionField(dimension)
  const info = catalog.fields.get(field)
  const name = dimensionColumn(dimension)
  return dimensionOf({ name, label: info?.label ?? name, kind: 'dimension', type: info?.type ?? 'text' }, -1, dimension, catalog)
}

const optionsOf = (info: FieldInfo | undefined): Map<string, string> | null =>
  info === undefined || info.options.length === 0 ? null : new Map(info.options.map((option) => [option.value, option.label]))

function figureOf(column: ColumnBody, index: number, report: Report, catalog: CatalogIndex): ResultColumn {
  const base = column.pivot == null ? column.name : (column.name.split('|')[0] ?? column.name)
  const { measure, variant, period } = split(base)
  const asked = (report.measures ?? []).find((candidate) => measureColumn(candidate) === measure)
  const source = asked === undefined || typeof asked === 'string' ? measure : asked.measure
  const info = catalog.measures.get(source)
  const filtered = asked !== undefined && typeof asked !== 'string'
  const calculated = column.kind === 'calculation'
  const own = filtered || calculated || info === undefined ? measure : info.label
  return {
    ...plain(column, index),
    head: column.pivot == null ? column.label : headOf(column.label, own),
    shape: { type: column.type, scale: info?.scale ?? null, currency: info?.currency ?? null },
    base,
    measure,
    variant,
    period,
    pivot: column.pivot ?? null,
    additive: !calculated && variant === 'value' && adds(source, report, catalog),
    drillable: !calculated && variant !== 'delta' && !source.endsWith('.count_distinct'),
  }
}

const plain = (column: ColumnBody, index: number): ResultColumn => ({
  index,
  name: column.name,
  label: column.label,
  head: column.label,
  kind: column.kind,
  shape: { type: column.type },
  field: null,
  options: null,
  base: column.name,
  measure: column.name,
  variant: 'value',
  period: null,
  pivot: null,
  additive: false,
  drillable: false,
})

/** A figure's name in parts: `ticket.count@m1:delta` is the change of ticket.count since the period m1. */
function split(base: string): { measure: string; variant: Variant; period: string | null } {
  const at = base.lastIndexOf('@')
  if (at < 0) return { measure: base, variant: 'value', period: null }
  const [measure, rest] = [base.slice(0, at), base.slice(at + 1)]
  if (rest === 'delta') return { measure, variant: 'delta', period: null }
  if (rest === 'previous') return { measure, variant: 'before', period: null }
  return rest.endsWith(':delta') ? { measure, variant: 'delta', period: rest.slice(0, -6) } : { measure, variant: 'before', period: rest }
}

/** A label without the values of the pivot, which stand above it. */
function headOf(label: string, own: string): string {
  if (!label.startsWith(own)) return label
  const rest = label.slice(own.length)
  return own + rest.slice(0, Math.max(0, rest.search(/\s?: /)))
}

/** Counts and sums of the base's records add up, unless a record stands in several groups: under each of its tags or contacts. */
function adds(measure: string, report: Report, catalog: CatalogIndex): boolean {
  if (objectOf(measure) !== report.object || !/\.(count|sum)$/.test(measure)) return false
  const fields = [...(report.dimensions ?? []), ...(report.pivot ?? [])].map(dimensionField)
  if (fields.some((field) => catalog.fields.get(field)?.type === 'multiselect')) return false
  const many = catalog.explores.get(report.object)?.relationships.find((relationship) => relationship.slug === report.relationship)?.many ?? false
  return !(many && fields.some((field) => objectOf(field) !== report.object))
}

function groupsOf(figures: ResultColumn[]): PivotGroup[] {
  const groups = new Map<string, PivotGroup>()
  for (const column of figures) {
    const key = JSON.stringify(column.pivot)
    const group = groups.get(key) ?? { key, values: column.pivot ?? [], columns: [] }
    group.columns.push(column)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** A cell's value in words: options by their labels, days of the week by their names. */
export function showCell(value: Cell | undefined, column: ResultColumn, model: Pick<ResultModel, 'weekStart'>, formats: Formats, style: 'long' | 'short' = 'long'): string {
  if (value === null || value === undefined || value === '') return EMPTY
  if (Array.isArray(value)) return value.length === 0 ? EMPTY : value.map((item) => column.options?.get(item) ?? item).join(', ')
  if (typeof value === 'string' && column.options !== null) return column.options.get(value) ?? value
  if (column.shape.granularity === 'day_of_week') return formats.weekday(Number(value), model.weekStart)
  return formats.cell(value, column.shape, style)
}

/** A figure in words: the values of its row, of its pivot, and its measure. `group` is null for the totals. */
export function figureWords(group: Cell[] | null, column: ResultColumn, model: ResultModel, formats: Formats): string[] {
  const values = (group ?? []).map((value, place) => {
    const dimension = model.dimensions[place]
    return dimension === undefined ? String(value ?? EMPTY) : showCell(value, dimension, model, formats)
  })
  const pivoted = column.pivot === null ? [] : [groupLabel({ values: column.pivot }, model, formats)]
  return [...values, ...pivoted, column.head]
}

/** A figure's words as a title. */
export const figureName = (...figure: Parameters<typeof figureWords>): string => figureWords(...figure).join(' · ')

/** The values of a pivot's group in words. */
export function groupLabel(group: Pick<PivotGroup, 'values'>, model: ResultModel, formats: Formats, style: 'long' | 'short' = 'long'): string {
  return group.values
    .map((value, place) => {
      const column = model.pivots[place]
      return column === undefined ? String(value ?? EMPTY) : showCell(value, column, model, formats, style)
    })
    .join(' · ')
}

/** The colour of a pivot's group: of its value, where there is one pivot. */
export function groupToken(group: PivotGroup, model: ResultModel, colours: Colours): ColourToken {
  const [first] = model.pivots
  if (model.pivots.length === 1 && first !== undefined) return colours.of(first.field ?? '', group.values[0] ?? null, first.options)
  return colours.of(model.pivots.map((column) => column.field).join('|'), group.key, null)
}

/** Whether a column holds figures, which stand at the right edge. */
export const isFigure = (column: ResultColumn): boolean =>
  column.field === null || (column.kind === 'field' && isNumeric(column))

/** A figure as a number for drawing; null where there is none. */
export function figure(value: Cell | undefined): number | null {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value === '') return null
  const read = Number(value)
  return Number.isFinite(read) ? read : null
}

const MOMENTS = new Set(['date', 'datetime'])
const PARTS_OF_CLOCK = new Set(['hour_of_day', 'day_of_week', 'month_of_year'])

/** Whether a column's values are periods that follow each other. */
export const isDated = (column: ResultColumn): boolean =>
  column.shape.granularity != null ? !PARTS_OF_CLOCK.has(column.shape.granularity) : MOMENTS.has(column.shape.type)

/** Whether figures of a column can be drawn: times cannot. */
export const isNumeric = (column: ResultColumn): boolean => ['integer', 'number', 'currency'].includes(column.shape.type)
