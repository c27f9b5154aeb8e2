import type { CatalogBody } from '../../api/query'
import { indexOf, type FieldInfo } from '../../report/fields'
import { dimensionField } from '../../report/names'
import { conditions } from '../../filters/tree'
import type { Comparison, Report, Shift } from '../../report/types'
import { freeSlug, SLUG } from '../../shared/slug'

/** A period to compare with, as it is edited. */
export type Period = { amount: string; unit: string; name: string }
export type CompareDraft = { with: 'previous' | 'periods'; field: string; periods: Period[] }

export const MAX_PERIODS = 3
const MOST = 1_000
const PRESETS: { id: 'year' | 'month' | 'week'; period: Period }[] = [
  { id: 'year', period: { amount: '1', unit: 'year', name: 'last_year' } },
  { id: 'month', period: { amount: '1', unit: 'month', name: 'last_month' } },
  { id: 'week', period: { amount: '1', unit: 'week', name: 'last_week' } },
]

/** Periods that are one click away. */
export const presets = PRESETS

/** The dates of the base object by which a report can be compared; first those that the report groups or filters by. */
export function comparableFields(report: Report, catalog: CatalogBody): FieldInfo[] {
  const { explores, fields } = indexOf(catalog)
  const own = (explores.get(report.object)?.dimensions ?? []).flatMap(({ name }) => fields.get(name) ?? []).filter(({ type }) => type === 'date' || type === 'datetime')
  const used = usedFields(report)
  return own.toSorted((one, other) => Number(used.has(other.name)) - Number(used.has(one.name)))
}

function usedFields(report: Report): Set<string> {
  return new Set([
    ...[...(report.dimensions ?? []), ...(report.pivot ?? [])].map(dimensionField),
    ...conditions(report.filters).map(({ field }) => field),
  ])
}

/** Whether moving a field changes any figure: it groups or filters the report, or a measure or formula reads it. */
export function hasEffect(report: Report, field: string): boolean {
  if (usedFields(report).has(field)) return true
  const read = JSON.stringify([report.measures ?? [], report.formulas ?? []])
  return read.includes(field)
}

/** The comparison of a report as it is edited. */
export function draftOf(compare: Comparison | null | undefined, fields: readonly FieldInfo[]): CompareDraft {
  const first = fields[0]?.name ?? ''
  if (compare === undefined || compare === null || compare === 'previous') {
    return { with: compare === 'previous' || first === '' ? 'previous' : 'periods', field: first, periods: [{ amount: '1', unit: 'month', name: 'last_month' }] }
  }
  const all: (Shift & { name?: string })[] = Array.isArray(compare) ? compare : [compare]
  return {
    with: 'periods',
    field: all[0]?.field ?? first,
    periods: all.map(({ shift: [amount, unit], name }) => ({ amount: String(amount), unit, name: name ?? '' })),
  }
}

/** The number of units of a period, or null. */
export function amountOf(period: Period): number | null {
  const amount = Number(period.amount.trim())
  return /^\d+$/.test(period.amount.trim()) && amount >= 1 && amount <= MOST ? amount : null
}

/** Why a period cannot be asked for; `several`: names are needed, and must differ. */
export function periodError(draft: CompareDraft, at: number): 'amount' | 'name' | 'taken' | null {
  const period = draft.periods[at]
  if (period === undefined) return null
  if (amountOf(period) === null) return 'amount'
  if (draft.periods.length < 2) return null
  if (!SLUG.test(period.name)) return 'name'
  return draft.periods.some((other, index) => index < at && other.name === period.name) ? 'taken' : null
}

/** A further period: the first preset that is not there yet, else one more year back. */
export function nextPeriod(draft: CompareDraft): Period {
  const same = (one: Period, other: Period) => one.amount === other.amount && one.unit === other.unit
  const free = PRESETS.find(({ period }) => !draft.periods.some((found) => same(found, period)))?.period ?? { amount: '2', unit: 'year', name: 'two_years_ago' }
  return { ...free, name: freeSlug(free.name, new Set(draft.periods.map(({ name }) => name))) }
}

/** The draft with names where several periods need them. */
export function named(draft: CompareDraft): CompareDraft {
  if (draft.periods.length < 2) return draft
  const taken = new Set<string>()
  const periods = draft.periods.map((period) => {
    const wanted = period.name === '' ? (PRESETS.find(({ period: preset }) => preset.unit === period.unit && period.amount === '1')?.period.name ?? `${period.unit}_${period.amount}`) : period.name
    const name = period.name === '' ? freeSlug(wanted, taken) : wanted
    taken.add(name)
    return { ...period, name }
  })
  return { ...draft, periods }
}

/** The comparison that a draft describes: one period needs no name. */
export function comparisonOf(draft: CompareDraft): Comparison {
  if (draft.with === 'previous') return 'previous'
  const shifts = draft.periods.map((period) => ({ field: draft.field, shift: [amountOf(period) ?? 1, period.unit] as [number, string], name: period.name }))
  const [only, ...others] = shifts
  if (only !== undefined && others.length === 0) return { field: only.field, shift: only.shift }
  return shifts
}
