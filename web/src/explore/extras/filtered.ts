import type { CatalogBody } from '../../api/query'
import { CONTACT } from '../../report/edit'
import { indexOf, type FieldInfo } from '../../report/fields'
import type { Condition, FilterNode, Report } from '../../report/types'
import { complete, editable, operatorOf, operatorsOf, valuesFor } from '../../filters/operators'
import type { FilterPart } from '../../filters/tree'
import { slugify } from '../../shared/slug'

/** The measures that can have filters of their own, by object; those that the report shows stand first. */
export function measureChoices(report: Report, catalog: CatalogBody): { label: string; measures: { name: string; label: string }[] }[] {
  const { explores } = indexOf(catalog)
  const base = explores.get(report.object)
  const objects = base === undefined ? [] : [base, ...base.joinable.flatMap((object) => explores.get(object) ?? [])]
  const shown = new Set((report.measures ?? []).map((measure) => (typeof measure === 'string' ? measure : measure.measure)))
  return objects.map(({ label, measures }) => ({
    label,
    measures: measures.map(({ name, label: named }) => ({ name, label: named })).toSorted((one, other) => Number(shown.has(other.name)) - Number(shown.has(one.name))),
  }))
}

/** The measures of the report over its formulas: the catalog does not have them. */
export const formulaMeasures = (report: Report, catalog: CatalogBody): string[] =>
  [...new Set((report.measures ?? []).map((measure) => (typeof measure === 'string' ? measure : measure.measure)))].filter((name) => !indexOf(catalog).measures.has(name))

/** A condition on a field before the reader says anything. */
export function emptyCondition(field: FieldInfo): Condition {
  const operator = operatorsOf(field.type)[0]
  return operator === undefined ? { field: field.name, op: 'is_not_empty' } : { field: field.name, op: operator.op, values: valuesFor(operator.kind) }
}

/** Whether a condition says enough to be asked; one made elsewhere is taken as it is. */
export function isComplete(condition: Condition, type: string): boolean {
  const known = operatorOf(editable(condition, type), type)
  return known === null || complete(condition, known.kind)
}

/** A name for a filtered measure from what it filters by: `solved_tickets`. */
export function suggestedName(label: string, found: readonly FilterPart[], fields: ReadonlyMap<string, FieldInfo>): string {
  const [first] = found
  if (first?.kind !== 'condition') return slugify(label)
  const field = fields.get(first.condition.field)
  const [value] = first.condition.values ?? []
  const shown = typeof value === 'string' ? (field?.options.find((option) => option.value === value)?.label ?? value) : (field?.label ?? '')
  return slugify(`${shown} ${label}`)
}

/** The report with the relationship that a measure or filter of the contact needs, where there are several. */
export function related(report: Report, catalog: CatalogBody, measure: string, filters: FilterNode): Report {
  const [first, ...others] = indexOf(catalog).explores.get(report.object)?.relationships ?? []
  const uses = `${measure} ${JSON.stringify(filters)}`.includes(`${CONTACT}.`)
  return first === undefined || others.length === 0 || report.relationship !== undefined || report.object === CONTACT || !uses ? report : { ...report, relationship: first.slug }
}
