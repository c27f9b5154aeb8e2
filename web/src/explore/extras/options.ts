import type { CatalogBody } from '../../api/query'
import { CONTACT, tidy } from '../../report/edit'
import { indexOf } from '../../report/fields'
import { dimensionField, objectOf } from '../../report/names'
import { conditions } from '../../filters/tree'
import type { Report } from '../../report/types'
import { namesIn } from './expression'

/** Whether a report uses the contact beside its base: then records without one cannot be shown. */
export function usesContact(report: Report): boolean {
  if (report.object === CONTACT) return false
  const names = [
    ...[...(report.dimensions ?? []), ...(report.pivot ?? [])].map(dimensionField),
    ...(report.measures ?? []).flatMap((measure) => (typeof measure === 'string' ? [measure] : [measure.measure, ...conditions(measure.filters).map(({ field }) => field)])),
    ...(report.list ?? []),
    ...conditions(report.filters).map(({ field }) => field),
    ...(report.formulas ?? []).flatMap(({ expression }) => namesIn(expression)),
  ]
  return names.some((name) => objectOf(name) === CONTACT)
}

/** The options of a report as they are edited; an empty text follows what is usual. */
export type OptionsDraft = {
  contacts: string
  relationship: string
  records: string
  recordsOver: string
  timezone: string
  week_start: string
  snapshot: string
  subtotals: boolean
}

export function draftOf(report: Report): OptionsDraft {
  return {
    contacts: report.contacts ?? 'any',
    relationship: report.relationship ?? '',
    records: report.records === undefined ? '' : `${report.records.match}:${report.records.object}`,
    recordsOver: report.records?.relationship ?? '',
    timezone: report.timezone ?? '',
    week_start: report.week_start ?? '',
    snapshot: report.snapshot ?? 'current',
    subtotals: report.subtotals ?? false,
  }
}

/** The report with the options of a draft: those that follow what is usual are left out. */
export function optioned(report: Report, draft: OptionsDraft, catalog: CatalogBody): Report {
  const { contacts: _c, relationship: _r, records: _e, timezone: _t, week_start: _w, snapshot: _s, subtotals: _b, ...rest } = report
  const onContact = report.object === CONTACT
  const [match, object] = draft.records.split(':')
  const over = relationshipsOf(catalog, object ?? '')
  const recordsOver = over.length > 1 ? (over.some(({ slug }) => slug === draft.recordsOver) ? draft.recordsOver : over[0]?.slug) : undefined
  return tidy({
    ...rest,
    ...(!onContact && draft.contacts !== 'any' ? { contacts: draft.contacts as 'with' | 'without' } : {}),
    ...(!onContact && draft.relationship !== '' ? { relationship: draft.relationship } : {}),
    ...(onContact && object !== undefined ? { records: { object, match: match as 'with' | 'without', ...(recordsOver === undefined ? {} : { relationship: recordsOver }) } } : {}),
    ...(draft.timezone === '' ? {} : { timezone: draft.timezone }),
    ...(draft.week_start === '' ? {} : { week_start: draft.week_start as 'monday' | 'sunday' | 'saturday' }),
    ...(draft.snapshot === 'current' ? {} : { snapshot: draft.snapshot }),
    ...(draft.subtotals ? { subtotals: true } : {}),
  })
}

/** The relationships that lead from an object to the contact. */
export const relationshipsOf = (catalog: CatalogBody, object: string) => indexOf(catalog).explores.get(object)?.relationships ?? []

/** The objects whose records a report on contacts can ask for. */
export const linkedObjects = (catalog: CatalogBody) => catalog.explores.filter(({ joinable }) => joinable.includes(CONTACT))

/** All time zones, as the browser knows them. */
export const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
