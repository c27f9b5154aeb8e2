import { conditions, parts } from '../../filters/tree'
import { describeCondition } from '../../filters/describe'
import type { CatalogBody } from '../../api/query'
import type { MessageId } from '../../i18n'
import type { useT } from '../../i18n/useT'
import { indexOf } from '../../report/fields'
import { dimensionField } from '../../report/names'
import type { Comparison, Report } from '../../report/types'
import type { Formats } from '../../shared/formats'
import { dimensionLabel, havingColumns, measureLabel } from './columns'
import { groupable, OPTIONS, type Option } from './edits'
import type { ExtrasKind } from './kinds'

type T = ReturnType<typeof useT>

/** An advanced part of a report in words: what it is, and its content. */
export type ExtrasChip = { kind: ExtrasKind; index: number; name: string; value: string }

/** The chips of a report, in the order of the menu. */
export function chipsOf(report: Report, catalog: CatalogBody, t: T, formats: Formats): ExtrasChip[] {
  return [
    ...(report.calculations ?? []).map(({ name, expression }, index): ExtrasChip => ({ kind: 'calculation', index, name, value: `= ${expression}` })),
    ...(report.formulas ?? []).map(({ name, expression }, index): ExtrasChip => ({ kind: 'formula', index, name, value: `= ${expression}` })),
    ...measureChips(report, catalog, t, formats),
    ...groupChips(report, catalog, t),
    ...havingChips(report, catalog, t, formats),
    ...(report.compare === undefined || report.compare === null ? [] : [{ kind: 'compare' as const, index: 0, name: t('extras.kind.compare'), value: comparisonText(report.compare, t) }]),
    ...OPTIONS.flatMap((option, index): ExtrasChip[] => {
      const words = optionText(report, option, catalog, t)
      return words === null ? [] : [{ kind: 'options', index, name: words.name, value: words.value }]
    }),
  ]
}

function measureChips(report: Report, catalog: CatalogBody, t: T, formats: Formats): ExtrasChip[] {
  const { fields } = indexOf(catalog)
  return (report.measures ?? []).flatMap((measure, index): ExtrasChip[] => {
    if (typeof measure === 'string') return []
    const tests = conditions(measure.filters).map((condition) => {
      const field = fields.get(condition.field)
      if (field === undefined) return condition.field
      const words = describeCondition(condition, field, t, formats)
      return [words.field, words.operator, words.value].filter(Boolean).join(' ')
    })
    return [{ kind: 'measure', index, name: measure.name, value: t('extras.chip.measure', { measure: measureLabel(measure.measure, catalog, t), filters: tests.join(', ') }) }]
  })
}

function groupChips(report: Report, catalog: CatalogBody, t: T): ExtrasChip[] {
  return groupable(report).flatMap((dimension, index): ExtrasChip[] => {
    if (typeof dimension === 'string' || !('name' in dimension)) return []
    const label = dimensionLabel(dimensionField(dimension), catalog, t)
    const value =
      'groups' in dimension
        ? t('extras.chip.groups', { label, names: dimension.groups.map((group) => group.name).join(', ') })
        : dimension.bins !== undefined
          ? t('extras.chip.bins', { label, count: dimension.bins.length + 1 })
          : t('extras.chip.width', { label, width: String(dimension.width ?? '') })
    return [{ kind: 'group', index, name: dimension.name, value }]
  })
}

function havingChips(report: Report, catalog: CatalogBody, t: T, formats: Formats): ExtrasChip[] {
  const columns = havingColumns(report, catalog, t)
  const { measures } = indexOf(catalog)
  return parts(report.having).map((part, index): ExtrasChip => {
    const name = t('extras.kind.having')
    if (part.kind === 'other') return { kind: 'having', index, name, value: t('filters.other') }
    const tests = (part.kind === 'condition' ? [part.condition] : part.conditions).map((condition) => {
      const column = columns.find((found) => found.name === condition.field)
      const source = measures.get(condition.field.split(/[|@]/)[0] ?? '')
      const words = describeCondition(
        condition,
        { label: column?.label ?? condition.field, type: column?.type ?? 'number', options: [], currency: source?.currency ?? null, scale: source?.scale ?? null },
        t,
        formats,
      )
      return [words.field, words.operator, words.value].filter(Boolean).join(' ')
    })
    return { kind: 'having', index, name, value: tests.join(` ${t('extras.or')} `) }
  })
}

/** What a report is compared with, in words: the previous snapshot, 1 month before. */
export function comparisonText(compare: Comparison, t: T): string {
  if (compare === 'previous') return t('extras.compare.snapshot')
  const periods = Array.isArray(compare) ? compare : [compare]
  return periods.map(({ shift: [count, unit] }) => t('extras.compare.before', { count, unit })).join(', ')
}

function optionText(report: Report, option: Option, catalog: CatalogBody, t: T): { name: string; value: string } | null {
  const name = t(`extras.option.${option}`)
  const { explores } = indexOf(catalog)
  switch (option) {
    case 'contacts':
      return report.contacts === undefined || report.contacts === 'any' ? null : { name, value: t(`extras.contacts.${report.contacts}`) }
    case 'relationship': {
      const found = explores.get(report.object)?.relationships ?? []
      const chosen = found.find(({ slug }) => slug === report.relationship)
      return chosen === undefined || found.length < 2 ? null : { name, value: chosen.label }
    }
    case 'records':
      return report.records === undefined
        ? null
        : { name, value: t(`extras.records.${report.records.match}` as MessageId, { object: explores.get(report.records.object)?.label ?? report.records.object }) }
    case 'timezone':
      return report.timezone === undefined ? null : { name, value: report.timezone }
    case 'week_start':
      return report.week_start === undefined ? null : { name, value: t(`extras.week.${report.week_start}`) }
    case 'snapshot':
      return report.snapshot === undefined || report.snapshot === 'current'
        ? null
        : { name, value: report.snapshot === 'previous' ? t('extras.snapshot.previous') : report.snapshot }
    case 'subtotals':
      return report.subtotals === true ? { name, value: t('common.yes') } : null
  }
}
