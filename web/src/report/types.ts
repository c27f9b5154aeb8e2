/** A report request (docs/reference/report.md), as the page builds it. */
export type Granularity =
  | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'hour_of_day' | 'day_of_week' | 'month_of_year'

export type Scalar = string | number | boolean
export type Condition = { field: string; op: string; values?: (Scalar | null)[]; granularity?: Granularity }
export type FilterNode = Condition | { and: FilterNode[] } | { or: FilterNode[] }

export type GroupedDate = { field: string; granularity: Granularity }
export type Binned = { field: string; name: string; bins?: (number | string)[]; width?: number | string }
export type Grouped = { field: string; name: string; groups: { name: string; values: (Scalar | null)[] }[]; others?: string }
export type Dimension = string | GroupedDate | Binned | Grouped

export type FilteredMeasure = { measure: string; name: string; filters: FilterNode }
export type Measure = string | FilteredMeasure

export type SortKey = { field: string; direction: 'asc' | 'desc' }
export type Calculation = { name: string; expression: string }
export type Formula = { name: string; expression: string }
export type Shift = { field: string; shift: [number, string] }
export type Comparison = 'previous' | Shift | (Shift & { name: string })[]

export type Report = {
  object: string
  dimensions?: Dimension[]
  measures?: Measure[]
  list?: string[]
  filters?: FilterNode
  having?: FilterNode
  sort?: SortKey[]
  limit?: number
  pivot?: Dimension[]
  totals?: boolean
  subtotals?: boolean
  relationship?: string
  contacts?: 'any' | 'with' | 'without'
  records?: { object: string; relationship?: string; match: 'with' | 'without' }
  calculations?: Calculation[]
  formulas?: Formula[]
  timezone?: string
  week_start?: 'monday' | 'sunday' | 'saturday'
  snapshot?: string
  compare?: Comparison | null
  after?: string
  moved?: Shift
}

/** The nine visualisations. */
export const CHART_TYPES = ['table', 'bar', 'line', 'area', 'pie', 'single', 'scatter', 'funnel', 'heatmap'] as const
export type ChartType = (typeof CHART_TYPES)[number]

/** How a report is drawn; kept in a Look's and a tile's `chart`. Unknown members are kept as they are. */
export type ChartOptions = {
  type: ChartType
  stacked?: boolean | 'percent'
  /** Names of the measure columns that are drawn, in order; all if absent. */
  series?: string[]
  /** For a change against the period before: whether more is good. */
  good?: 'up' | 'down'
  labels?: boolean
  horizontal?: boolean
  [other: string]: unknown
}
