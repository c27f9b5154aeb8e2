import { CHART_TYPES, type ChartType } from '../report/types'

/** How a Look is drawn: one of the nine, the table for anything else. */
export const chartType = (type: string | null): ChartType => CHART_TYPES.find((known) => known === type) ?? 'table'
