import type { CatalogBody } from '../../api/query'
import { CONTACT } from '../../report/edit'
import { indexOf } from '../../report/fields'
import { objectOf } from '../../report/names'
import type { Formula, Report } from '../../report/types'
import { tidy } from '../../report/edit'
import type { Named } from './completion'

/** What becomes of a new formula: a column of the rows, a measure over it, or nothing yet. */
export type FormulaUse = 'rows' | 'column' | 'avg' | 'sum' | 'count_distinct' | 'none'

const NUMERIC = ['number', 'integer', 'currency']

/** The fields that a formula at a place can name: those with one value, of the base object and the contact; once it
 * names a field, only those of the same object. Earlier formulas follow. */
export function formulaFields(report: Report, catalog: CatalogBody, place: number, used: readonly string[]): Named[] {
  const { explores, fields } = indexOf(catalog)
  const named = used.map(objectOf).find((object) => object === report.object || object === CONTACT)
  const base = explores.get(report.object)
  const objects = base === undefined ? [] : [base, ...base.joinable.flatMap((object) => explores.get(object) ?? [])]
  const several = objects.length > 1 && named === undefined
  const own = objects
    .filter(({ object }) => named === undefined || object === named)
    .flatMap(({ object, label, dimensions }) =>
      dimensions.flatMap((dimension): Named[] => {
        const field = fields.get(dimension.name)
        if (field === undefined || field.type === 'multiselect') return []
        return [{ name: field.name, label: several && object !== report.object ? `${label} · ${field.label}` : field.label, type: field.type, kind: 'dimension' }]
      }),
    )
  const earlier = (report.formulas ?? []).slice(0, place).map(({ name }): Named => ({ name, label: name, type: 'number', kind: 'calculation' }))
  return [...own, ...earlier]
}

/** A request that checks a formula by itself and tells its type, whatever the report around it lacks. */
export function checkOf(report: Report, catalog: CatalogBody, place: number, formula: Formula): Report {
  const relationship = report.relationship ?? indexOf(catalog).explores.get(report.object)?.relationships?.[0]?.slug
  return {
    object: report.object,
    list: [formula.name],
    formulas: [...(report.formulas ?? []).slice(0, place), formula],
    ...(relationship === undefined || report.object === CONTACT ? {} : { relationship }),
    ...(report.timezone === undefined ? {} : { timezone: report.timezone }),
  }
}

/** What a formula of a type can become in a report, the likeliest first. */
export function usesOf(report: Report, type: string | null): FormulaUse[] {
  if (report.list !== undefined) return ['column', 'none']
  if (type !== null && NUMERIC.includes(type)) return ['avg', 'sum', 'rows', 'none']
  if (type === null || type === 'boolean' || type === 'date' || type === 'datetime') return ['rows', 'none']
  return ['rows', 'count_distinct', 'none']
}

/** The report with a formula in use. */
export function addedAs(report: Report, catalog: CatalogBody, name: string, use: FormulaUse, type: string | null): Report {
  const related = overRelationship(report, catalog, name)
  switch (use) {
    case 'rows': {
      const dated = type === 'date' || type === 'datetime'
      return tidy({ ...related, dimensions: [...(report.dimensions ?? []), dated ? { field: name, granularity: 'month' } : name] })
    }
    case 'column':
      return { ...related, list: [...(report.list ?? []), name] }
    case 'none':
      return report
    default:
      return tidy({ ...related, measures: [...(report.measures ?? []), `${name}.${use}`] })
  }
}

/** A formula over the contact joins it: where there are several relationships, over the first until another is chosen. */
function overRelationship(report: Report, catalog: CatalogBody, name: string): Report {
  const relationships = indexOf(catalog).explores.get(report.object)?.relationships ?? []
  const expression = report.formulas?.find((formula) => formula.name === name)?.expression ?? ''
  const [first] = relationships
  if (report.object === CONTACT || report.relationship !== undefined || first === undefined || relationships.length < 2 || !expression.includes(`${CONTACT}.`)) return report
  return { ...report, relationship: first.slug }
}
