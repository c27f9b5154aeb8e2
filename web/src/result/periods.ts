import type { ResultBody } from '../api/query'
import type { Condition, FilterNode, Report } from '../report/types'
import type { ResultColumn } from './columns'

/** A period of which the report covers `days` of `of` days. */
export type PartPeriod = { days: number; of: number }

const DAY_MS = 86_400_000
const WEEKDAY = { monday: 1, saturday: 6, sunday: 0 } as Record<string, number>
const UNITS = ['week', 'month', 'quarter', 'year']

/** Days are counted since 1970, so that nothing depends on the reader's clock. */
export const dayNumber = (iso: string): number => Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY_MS

/** The calendar day of an instant in a zone. */
export function localDay(instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date(instant))
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** The first day of the period in which a day lies. */
export function periodStart(day: number, unit: string, weekStart: string): number {
  const date = new Date(day * DAY_MS)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  switch (unit) {
    case 'week':
      return day - ((date.getUTCDay() - (WEEKDAY[weekStart] ?? 1) + 7) % 7)
    case 'month':
      return Date.UTC(year, month, 1) / DAY_MS
    case 'quarter':
      return Date.UTC(year, month - (month % 3), 1) / DAY_MS
    case 'year':
      return Date.UTC(year, 0, 1) / DAY_MS
    default:
      return day
  }
}

/** A day some units later; a day that does not exist becomes the month's last. */
export function addUnits(day: number, count: number, unit: string): number {
  if (unit === 'day') return day + count
  if (unit === 'week') return day + 7 * count
  const months = count * (unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1)
  const date = new Date(day * DAY_MS)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) / DAY_MS
}

/** First and last day, both included, that the report's filters leave of a field. */
export type Span = { from: number; to: number }

/** Periods of the first dated dimension that filters or the state of the data cut. */
export function partPeriods(result: ResultBody, report: Report, dimensions: ResultColumn[], weekStart: string, zone: string): Map<string, PartPeriod> {
  const parts = new Map<string, PartPeriod>()
  const dated = dimensions.find((column) => UNITS.includes(column.shape.granularity ?? ''))
  if (dated?.field == null || dated.shape.granularity == null) return parts
  const unit = dated.shape.granularity
  const today = dayNumber(localDay(result.snapshot.as_of, zone))
  const span = spanOf(report.filters, dated.field, today, weekStart)
  const starts = [...new Set(result.rows.map((row) => row[dated.index]).filter((value): value is string => typeof value === 'string'))]
  const last = Math.max(...starts.map(dayNumber))
  // Data end with the snapshot, unless the field looks ahead: due dates, bookings.
  if (last <= today) span.to = Math.min(span.to, today)
  for (const start of starts) {
    const from = dayNumber(start)
    const end = addUnits(from, 1, unit)
    const days = Math.min(end - 1, span.to) - Math.max(from, span.from) + 1
    if (days > 0 && days < end - from) parts.set(start, { days, of: end - from })
  }
  return parts
}

/** What the conditions that always hold leave of a field. */
export function spanOf(filters: FilterNode | undefined, field: string, today: number, weekStart: string): Span {
  const span: Span = { from: -Infinity, to: Infinity }
  for (const condition of always(filters)) {
    if (condition.field !== field || condition.granularity !== undefined) continue
    const cut = cutOf(condition, today, weekStart)
    span.from = Math.max(span.from, cut.from)
    span.to = Math.min(span.to, cut.to)
  }
  return span
}

function always(node: FilterNode | undefined): Condition[] {
  if (node === undefined) return []
  if ('and' in node) return node.and.flatMap(always)
  if ('or' in node) return node.or.length === 1 ? always(node.or[0]) : []
  return [node]
}

function cutOf({ op, values = [] }: Condition, today: number, weekStart: string): Span {
  const [first, second] = values
  const open: Span = { from: -Infinity, to: Infinity }
  if (typeof first === 'number' && typeof second === 'string') return relative(op, first, second, today, weekStart) ?? open
  if (typeof first !== 'string') return open
  if (op === 'in_this' || op === 'to_date') {
    const from = periodStart(today, first, weekStart)
    return { from, to: op === 'to_date' ? today : addUnits(from, 1, first) - 1 }
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(first)) return open
  const day = dayNumber(first)
  switch (op) {
    case 'on':
    case 'eq':
      return { from: day, to: day }
    case 'between':
      return { from: day, to: typeof second === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(second) ? dayNumber(second) : Infinity }
    case 'gte':
      return { ...open, from: day }
    case 'gt':
    case 'after':
      return { ...open, from: day + 1 }
    case 'lte':
      return { ...open, to: day }
    case 'lt':
    case 'before':
      return { ...open, to: day - 1 }
    default:
      return open
  }
}

function relative(op: string, count: number, unit: string, today: number, weekStart: string): Span | null {
  if (unit === 'hour') return null
  const current = periodStart(today, unit, weekStart)
  switch (op) {
    case 'in_last':
      return { from: addUnits(today, -count, unit), to: today }
    case 'in_next':
      return { from: today, to: addUnits(today, count, unit) }
    case 'in_previous':
      return { from: addUnits(current, -count, unit), to: current - 1 }
    default:
      return null
  }
}

