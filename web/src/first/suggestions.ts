import type { CatalogBody, ExploreBody } from '../api/query'
import type { SchemaBody } from '../api/schema'
import type { MessageId } from '../i18n'
import type { ChartOptions, Report } from '../report/types'

/** What a suggestion needs to know of an object; the catalog's explores have it. */
export type Reportable = Pick<ExploreBody, 'object' | 'label' | 'joinable'> & {
  relationships: { slug: string }[]
  dimensions: { name: string; label: string; type: string; measures: string[]; built_in?: boolean }[]
}

export type Suggestion = { title: { id: MessageId; values: Record<string, string> }; report: Report; chart: ChartOptions }

type Field = Reportable['dimensions'][number]

const CONTACT = 'contact'
const COUNTRY = 'contact.country'

/** Three reports that say something about an object: how many over time, of which kind, and how much by country.
 * `catalog` tells whether contacts have a country; without it they have, as they are built. */
export function suggestReports(explore: Reportable, catalog?: Pick<CatalogBody, 'explores'>): Suggestion[] {
  if (explore.object === CONTACT) return ofContacts(explore)
  const contact = catalog?.explores.find((other) => other.object === CONTACT)
  const country = explore.joinable.includes(CONTACT) && (contact === undefined || contact.dimensions.some((field) => field.name === COUNTRY))
  const wished = [overTime(explore), byChoice(explore), byCountry(explore, country), ...rest(explore, country)]
  return wished.filter((suggestion) => suggestion !== null).slice(0, 3)
}

function ofContacts(explore: Reportable): Suggestion[] {
  const objects = explore.label
  const month = { field: 'contact.created_at', granularity: 'month' as const }
  return [
    { title: { id: 'first.suggest.createdPerMonth', values: { objects } }, report: report(CONTACT, { dimensions: [month], measures: ['contact.count'] }), chart: { type: 'line' } },
    { title: { id: 'first.suggest.byField', values: { objects, field: labelIn(explore, COUNTRY) } }, report: report(CONTACT, { dimensions: [COUNTRY], measures: ['contact.count'] }), chart: { type: 'bar' } },
    { title: { id: 'first.suggest.total', values: { objects } }, report: report(CONTACT, { measures: ['contact.count'] }), chart: { type: 'single' } },
  ]
}

const labelIn = (explore: Reportable, name: string) => explore.dimensions.find((field) => field.name === name)?.label ?? name

const own = (explore: Reportable, ...types: string[]): Field[] =>
  explore.dimensions.filter((field) => types.includes(field.type) && field.built_in !== true)

function report(object: string, parts: Partial<Report>): Report {
  return { object, ...parts }
}

/** A report that uses the contact, over the first relationship where there are several. */
function withContact(explore: Reportable, parts: Partial<Report>): Report {
  const [first, ...others] = explore.relationships
  return report(explore.object, { ...parts, ...(others.length > 0 && first !== undefined ? { relationship: first.slug } : {}) })
}

function overTime(explore: Reportable): Suggestion | null {
  const [date] = [...own(explore, 'date', 'datetime'), ...explore.dimensions.filter((field) => field.name === `${explore.object}._updated_at`)]
  if (date === undefined) return null
  return {
    title: { id: 'first.suggest.perMonth', values: { objects: explore.label, date: date.label } },
    report: report(explore.object, { dimensions: [{ field: date.name, granularity: 'month' }], measures: [`${explore.object}.count`] }),
    chart: { type: 'line' },
  }
}

function byChoice(explore: Reportable): Suggestion | null {
  const [choice] = own(explore, 'dropdown', 'boolean', 'multiselect')
  if (choice === undefined) return null
  const count = `${explore.object}.count`
  const joined = explore.joinable.includes(CONTACT)
  const parts = { dimensions: [choice.name], measures: joined ? [count, 'contact.count'] : [count] }
  return {
    title: { id: joined ? 'first.suggest.byFieldWithContacts' : 'first.suggest.byField', values: { objects: explore.label, field: choice.label } },
    report: joined ? withContact(explore, parts) : report(explore.object, parts),
    chart: { type: 'bar' },
  }
}

/** The first amount, else the first number: added up if it is money, else averaged. */
function amountOf(explore: Reportable): { field: Field; measure: string; total: boolean } | null {
  const [field] = [...own(explore, 'currency'), ...own(explore, 'number')]
  if (field === undefined) return null
  const total = field.type === 'currency'
  const measure = `${field.name}.${total ? 'sum' : 'avg'}`
  return field.measures.includes(measure) ? { field, measure, total } : null
}

function byCountry(explore: Reportable, country: boolean): Suggestion | null {
  const amount = amountOf(explore)
  if (!country) return null
  const values = { objects: explore.label, field: amount?.field.label ?? '' }
  const id = amount === null ? 'first.suggest.byCountry' : amount.total ? 'first.suggest.totalByCountry' : 'first.suggest.averageByCountry'
  const measures = [amount?.measure ?? `${explore.object}.count`]
  return { title: { id, values }, report: withContact(explore, { dimensions: [COUNTRY], measures }), chart: { type: 'bar', horizontal: true } }
}

/** What is left where an object has no choice, no date or no country. */
function rest(explore: Reportable, country: boolean): (Suggestion | null)[] {
  const amount = amountOf(explore)
  const values = { objects: explore.label, field: amount?.field.label ?? '' }
  const [text] = own(explore, 'text')
  return [
    amount === null ? null : {
      title: { id: amount.total ? 'first.suggest.sum' : 'first.suggest.average', values },
      report: report(explore.object, { measures: [amount.measure] }), chart: { type: 'single' },
    },
    country && amount !== null ? { title: { id: 'first.suggest.byCountry', values }, report: withContact(explore, { dimensions: [COUNTRY], measures: [`${explore.object}.count`] }), chart: { type: 'bar' } } : null,
    { title: { id: 'first.suggest.total', values }, report: report(explore.object, { measures: [`${explore.object}.count`] }), chart: { type: 'single' } },
    text === undefined ? null : {
      title: { id: 'first.suggest.byField', values: { objects: explore.label, field: text.label } },
      report: report(explore.object, { dimensions: [text.name], measures: [`${explore.object}.count`] }), chart: { type: 'bar', horizontal: true },
    },
  ]
}

/** What reports will show of an object that is not in a snapshot yet, from its definition. */
export function reportableOf(schema: SchemaBody): Reportable {
  const relationships = (schema.relationships ?? []).filter((relationship) => relationship.target === CONTACT)
  const measures: Record<string, string[]> = { number: ['sum', 'avg'], currency: ['sum', 'avg'] }
  return {
    object: schema.object,
    label: schema.labels?.plural ?? schema.object,
    joinable: relationships.length > 0 ? [CONTACT] : [],
    relationships,
    dimensions: (schema.fields ?? []).map((field) => {
      const name = `${schema.object}.${field.slug}`
      return { name, label: field.label ?? field.slug, type: field.type, measures: (measures[field.type] ?? []).map((measure) => `${name}.${measure}`) }
    }),
  }
}
