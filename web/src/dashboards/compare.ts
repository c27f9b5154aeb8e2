import type { Condition, Report } from '../report/types'
import type { Comparing } from './board'

export type ShiftBy = [number, string]

const MOST = 1_000
const DAY_MS = 86_400_000

/** How far before a date filter's period the one before it lies; null where the filter has no such period. */
export function periodBefore(condition: Condition): ShiftBy | null {
  if (condition.granularity !== undefined) return null
  const [first, second] = condition.values ?? []
  switch (condition.op) {
    case 'in_last':
    case 'in_next':
    case 'in_previous':
      return typeof first === 'number' && typeof second === 'string' ? within([first, second]) : null
    case 'in_this':
    case 'to_date':
      return typeof first === 'string' ? [1, first] : null
    case 'on':
      return isDay(first) ? [1, 'day'] : null
    case 'between':
      return isDay(first) && isDay(second) ? between(first, second) : null
    default:
      return null
  }
}

const within = (shift: ShiftBy): ShiftBy | null => (shift[0] >= 1 && shift[0] <= MOST ? shift : null)

/** Whole months are compared with as many months before, anything else with as many days. */
function between(first: string, last: string): ShiftBy | null {
  const [from, to] = [day(first), day(last)]
  if (to < from) return null
  const after = new Date(to + DAY_MS)
  const begin = new Date(from)
  if (begin.getUTCDate() === 1 && after.getUTCDate() === 1) {
    return within([(after.getUTCFullYear() - begin.getUTCFullYear()) * 12 + after.getUTCMonth() - begin.getUTCMonth(), 'month'])
  }
  return within([Math.round((to - from) / DAY_MS) + 1, 'day'])
}

const isDay = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
const day = (iso: string) => Date.parse(`${iso}T00:00:00Z`)

/** The shift that a choice of comparison means for a date filter. */
export function shiftOf(comparing: Comparing, condition: Condition): ShiftBy | null {
  const period = periodBefore(condition)
  if (comparing === 'none' || period === null) return null
  return comparing === 'year' ? [1, 'year'] : period
}

/** Whether a tile can show a comparison: a single figure, or one measure over time. Its own comparison stays as it is. */
export function comparable(report: Report, chart: string): boolean {
  const dimensions = report.dimensions ?? []
  if (report.list !== undefined || (report.compare ?? null) !== null || (report.measures ?? []).length === 0) return false
  if (report.calculations?.length || report.pivot?.length || report.subtotals) return false
  if (dimensions.length === 0) return true
  const [only] = dimensions
  const dated = typeof only === 'object' && 'granularity' in only && !only.granularity.includes('_of_')
  return (chart === 'line' || chart === 'area') && dimensions.length === 1 && dated && report.measures?.length === 1
}
