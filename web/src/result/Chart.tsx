import type { ResultBody } from '../api/query'
import type { ChartOptions, Report } from '../report/types'
import type { ResultColumn, ResultModel } from './columns'

export type ChartProps = {
  chart: ChartOptions
  model: ResultModel
  result: ResultBody
  report: Report
  /** In pixels; 248 unless told. */
  height?: number
  hovered?: number | null
  onHover?: (row: number | null) => void
  /** A figure was chosen: the place of its row in the result, and its column. */
  onPick?: (row: number, column: ResultColumn) => void
  /** What the chart shows, in one sentence. */
  description: string
}

/** A result as a chart. A table is drawn by ResultTable. */
export function Chart({ description, height = 248 }: ChartProps) {
  return <div role="img" aria-label={description} style={{ height }} />
}
