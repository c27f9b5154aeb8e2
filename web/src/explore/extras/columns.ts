import type { CatalogBody } from '../../api/query'
import type { MessageId } from '../../i18n'
import type { useT } from '../../i18n/useT'
import { indexOf } from '../../report/fields'
import { dimensionColumn, dimensionField, measureColumn } from '../../report/names'
import type { Comparison, Dimension, Measure, Report } from '../../report/types'
import type { Named } from './completion'
import { namesIn } from './expression'

type T = ReturnType<typeof useT>

const PIVOTED_SHOWN = 40

/** The columns of a report's result, in order, before its calculations and those that a pivot makes. */
export function measureColumns(report: Report, catalog: CatalogBody, t: T): Named[] {
  return (report.measures ?? []).flatMap((measure) => {
    const column: Named = { name: measureColumn(measure), label: measureLabel(measure, catalog, t), type: measureType(measure, catalog), kind: 'measure' }
    return [column, ...variants(report.compare).map(({ suffix, id, period }) => ({ ...column, name: column.name + suffix, label: t(id, { label: column.label, period }) }))]
  })
}

/** What a calculation can name: dimensions, measures and what a comparison adds, calculations before `upTo`, and the
 * columns of a pivot by a field with options. */
export function expressionColumns(report: Report, catalog: CatalogBody, t: T, upTo = report.calculations?.length ?? 0): Named[] {
  const measures = measureColumns(report, catalog, t)
  return [
    ...measures,
    ...(report.calculations ?? []).slice(0, upTo).map(({ name }): Named => ({ name, label: name, type: 'number', kind: 'calculation' })),
    ...(report.dimensions ?? []).map((dimension): Named => ({ name: dimensionColumn(dimension), label: dimensionLabel(dimension, catalog, t), type: dimensionType(dimension, catalog), kind: 'dimension' })),
    ...pivoted(report, catalog, measures, t),
  ]
}

/** The columns that conditions on results can test: figures. Under a pivot a measure, and what is computed from one, has a
 * column for each value and none of its own. */
export function havingColumns(report: Report, catalog: CatalogBody, t: T): Named[] {
  const measures = measureColumns(report, catalog, t)
  const calculations = (report.calculations ?? []).map(({ name }): Named => ({ name, label: name, type: 'number', kind: 'calculation' }))
  if ((report.pivot ?? []).length === 0) return [...measures, ...calculations]
  const spread = new Set(measures.map(({ name }) => name))
  for (const { name, expression } of report.calculations ?? []) if (namesIn(expression).some((used) => spread.has(used))) spread.add(name)
  return [...pivoted(report, catalog, [...measures, ...calculations.filter(({ name }) => spread.has(name))], t), ...calculations.filter(({ name }) => !spread.has(name))]
}

function pivoted(report: Report, catalog: CatalogBody, measures: readonly Named[], t: T): Named[] {
  const [only, ...others] = report.pivot ?? []
  if (typeof only !== 'string' || others.length > 0) return []
  const options = indexOf(catalog).fields.get(only)?.options ?? []
  if (options.length === 0) return []
  const values = [...options, { value: 'null', label: t('common.noValue') }]
  return measures
    .flatMap((measure) => values.map(({ value, label }) => ({ ...measure, name: `${measure.name}|${value}`, label: t('extras.column.pivoted', { label: measure.label, value: label }) })))
    .slice(0, PIVOTED_SHOWN)
}

function variants(compare: Comparison | null | undefined): { suffix: string; id: MessageId; period: string }[] {
  if (compare === undefined || compare === null) return []
  if (!Array.isArray(compare)) return [{ suffix: '@previous', id: 'extras.column.previous', period: '' }, { suffix: '@delta', id: 'extras.column.delta', period: '' }]
  return compare.flatMap(({ name }) => [
    { suffix: `@${name}`, id: 'extras.column.named' as const, period: name },
    { suffix: `@${name}:delta`, id: 'extras.column.namedDelta' as const, period: name },
  ])
}

/** The label of a dimension's column. */
export function dimensionLabel(dimension: Dimension, catalog: CatalogBody, t: T): string {
  if (typeof dimension !== 'string' && 'name' in dimension) return dimension.name
  const name = dimensionField(dimension)
  const label = indexOf(catalog).fields.get(name)?.label ?? name
  return typeof dimension === 'string' ? label : t('extras.column.grain', { label, grain: t(`extras.grain.${dimension.granularity}` as MessageId) })
}

/** The label of a measure's column: of one with filters of its own, its name. */
export function measureLabel(measure: Measure, catalog: CatalogBody, t: T): string {
  if (typeof measure !== 'string') return measure.name
  const known = indexOf(catalog).measures.get(measure)
  if (known !== undefined) return known.label
  const at = measure.lastIndexOf('.')
  return at < 0 ? measure : t('extras.column.aggregate', { label: measure.slice(0, at), aggregate: t(`extras.aggregate.${measure.slice(at + 1)}` as MessageId) })
}

/** The type of a measure, as far as the catalog tells; those of formulas are numbers unless a dry run says otherwise. */
export function measureType(measure: Measure, catalog: CatalogBody): string {
  const name = typeof measure === 'string' ? measure : measure.measure
  return indexOf(catalog).measures.get(name)?.type ?? 'number'
}

function dimensionType(dimension: Dimension, catalog: CatalogBody): string {
  if (typeof dimension !== 'string' && 'name' in dimension) return 'text'
  return indexOf(catalog).fields.get(dimensionField(dimension))?.type ?? 'text'
}
