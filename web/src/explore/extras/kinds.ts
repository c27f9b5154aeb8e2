import type { MessageId } from '../../i18n'
import { columnsOf } from '../../report/edit'
import type { Report } from '../../report/types'

/** The advanced parts of a report, in the order of the menu. */
export const EXTRAS = ['calculation', 'formula', 'measure', 'group', 'having', 'compare', 'options'] as const
export type ExtrasKind = (typeof EXTRAS)[number]

/** What is edited: a part of a kind, or a new one (`index` null). The index counts calculations, formulas, measures, the
 * parts of `having`, and for groups the dimensions with those of the pivot behind them. `field`: what a new group is of. */
export type ExtrasPlace = { kind: ExtrasKind; index: number | null; field?: string }

export const MAX_FORMULAS = 20
export const MAX_FILTERED = 20

/** Why a part of this kind cannot be added to the report now, or null. */
export function whyNot(kind: ExtrasKind, report: Report): MessageId | null {
  if (kind === 'formula') return (report.formulas?.length ?? 0) >= MAX_FORMULAS ? 'extras.why.formulas' : null
  if (kind === 'options') return null
  if (report.list !== undefined) return 'extras.why.list'
  const measures = report.measures?.length ?? 0
  switch (kind) {
    case 'measure':
      return report.measures?.filter((measure) => typeof measure !== 'string').length === MAX_FILTERED ? 'extras.why.filtered' : null
    case 'calculation':
      return columnsOf(report) === 0 ? 'extras.why.columns' : null
    case 'having':
    case 'compare':
      return measures === 0 ? 'extras.why.measures' : null
    default:
      return null
  }
}
