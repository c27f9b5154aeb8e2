import { dimensionColumn, measureColumn } from '../../report/names'
import type { Report } from '../../report/types'
import { SLUG } from '../../shared/slug'

const CALCULATION = /^\p{L}[\p{L}\p{N} _%-]{0,99}$/u
const MOST = 100

/** Whether a calculation can have this name. */
export const isCalculationName = (name: string): boolean => CALCULATION.test(name)

/** Whether a formula, a group or a filtered measure can have this name. */
export const isColumnName = (name: string): boolean => SLUG.test(name)

/** All names that a report gives or uses as columns, without `except`. */
export function namesOf(report: Report, except?: string): Set<string> {
  const names = [
    report.object,
    ...(report.dimensions ?? []).map(dimensionColumn),
    ...(report.pivot ?? []).map(dimensionColumn),
    ...(report.measures ?? []).map(measureColumn),
    ...(report.calculations ?? []).map(({ name }) => name),
    ...(report.formulas ?? []).map(({ name }) => name),
  ]
  return new Set(names.filter((name) => name !== except))
}

/** The wanted name of a calculation, with a number behind it where it is taken; without characters that it cannot have. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const clean = wanted.replace(/[^\p{L}\p{N} _%-]/gu, ' ').replace(/\s+/g, ' ').replace(/^[^\p{L}]+/u, '').trim().slice(0, MOST - 4)
  for (let number = 1; ; number += 1) {
    const next = number === 1 ? clean : `${clean} ${number}`
    if (!taken.has(next)) return next
  }
}
