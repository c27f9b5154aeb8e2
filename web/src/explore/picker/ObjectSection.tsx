import { memo, useState } from 'react'
import { Link } from 'react-router'
import type { CatalogBody } from '../../api/query'
import { useT } from '../../i18n/useT'
import { CONTACT, placeOf } from '../../report/edit'
import { indexOf } from '../../report/fields'
import type { Report } from '../../report/types'
import { useTenant } from '../../session/SessionProvider'
import { Icon, objectIcon, TypeGlyph } from '../../shared/Icon'
import type { PickerActions } from './actions'
import { DimensionRow } from './DimensionRow'
import { MeasureRow } from './MeasureRow'
import type { Section } from './sections'

/** Hundreds of rows help nobody to find one: the search does. */
const FIRST = 40

/** The first dimensions or measures of an object, and those that the report uses. */
function firstOf<T extends { name: string }>(all: readonly T[], report: Report | null, whole: boolean): readonly T[] {
  return whole || all.length <= FIRST ? all : all.filter((item, at) => at < FIRST || placeOf(report, item.name) !== null)
}

/** One object with its dimensions, then its measures. A closed one draws none of them. */
export const ObjectSection = memo(function ObjectSection({ section, catalog, report, actions, open, onToggle, when }: {
  section: Section
  catalog: CatalogBody
  report: Report | null
  actions: PickerActions
  open: boolean
  onToggle: (open: boolean) => void
  when: (from: string) => string
}) {
  const t = useT()
  const { tenant } = useTenant()
  const { explore, use, dimensions, measures, pending } = section
  const isBase = explore.object === report?.object
  const missing = !use.can && use.reason === 'no_relationship'
  const change = catalog.pending.find((item) => item.object === explore.object)
  const heading = `object-${explore.object}`
  const [whole, setWhole] = useState(false)
  const hidden = [dimensions, measures].reduce((sum, all) => sum + all.length - firstOf(all, report, whole).length, 0)
  return (
    <section className={isBase || report === null ? 'objsection' : 'objsection objsep'} aria-labelledby={heading}>
      <button type="button" className="obj" id={heading} aria-expanded={open && !missing} aria-disabled={missing || undefined} aria-describedby={missing ? `${heading}-why` : undefined} onClick={() => (missing ? undefined : onToggle(!open))}>
        <Icon name={open && !missing ? 'chevronDown' : 'chevronRight'} className="ch" />
        <Icon name={objectIcon(explore.object, explore.integration)} />
        <span className="grow trunc">{explore.label}</span>
        {isBase ? <span className="pill acc">{t('explore.base')}</span> : null}
        {change?.change === 'deleted' ? <Icon name="hourglass" /> : null}
        {explore.object === CONTACT && use.can && use.as === 'contact' ? <LinkedBy report={report} catalog={catalog} /> : null}
      </button>
      {change?.change === 'deleted' ? <p className="by">{t('explore.leaving')}</p> : null}
      {missing ? (
        <p className="blocked" id={`${heading}-why`}>
          {t('explore.noRelationship')} <Link to={`/t/${encodeURIComponent(tenant)}/data/objects/${report?.object ?? ''}`}>{t('explore.addRelationship')}</Link>
        </p>
      ) : null}
      {open && !missing ? (
        <>
          {explore.object === CONTACT ? <Relationships report={report} catalog={catalog} actions={actions} /> : null}
          {dimensions.length + pending.length > 0 ? <p className="grp" id={`${heading}-d`}>{t('explore.dimensions')}<span>{dimensions.length + pending.length}</span></p> : null}
          <ul aria-labelledby={`${heading}-d`}>
            {firstOf(dimensions, report, whole).map((field) => <li key={field.name}><DimensionRow field={field} report={report} actions={actions} /></li>)}
            {pending.map((field) => (
              <li key={field.name}>
                <div className="fld" role="button" tabIndex={0} aria-disabled="true">
                  <TypeGlyph type={field.type} /><span className="grow">{field.label}<small>{when(change?.from ?? '')}</small></span><Icon name="hourglass" className="g" />
                </div>
              </li>
            ))}
          </ul>
          {measures.length > 0 ? <p className="grp" id={`${heading}-m`}>{t('explore.measures')}<span>{measures.length}</span></p> : null}
          <ul aria-labelledby={`${heading}-m`}>
            {firstOf(measures, report, whole).map((measure) => <li key={measure.name}><MeasureRow measure={measure} report={report} actions={actions} /></li>)}
          </ul>
          {hidden > 0 ? (
            <button type="button" className="fld morefields" onClick={() => setWhole(true)}><Icon name="more" />{t('explore.moreFields', { count: hidden })}</button>
          ) : null}
        </>
      ) : null}
    </section>
  )
}, unchanged)

type SectionProps = { section: Section; catalog: CatalogBody; report: Report | null; open: boolean; actions: PickerActions }

/** Whether a section would be drawn as before: a closed one shows only its name, its place and the state of its object. */
function unchanged(before: SectionProps, after: SectionProps): boolean {
  if (before.open !== after.open || before.catalog !== after.catalog || before.actions !== after.actions) return false
  if (drawn(before) !== drawn(after)) return false
  const closed = !after.open && after.section.explore.object !== CONTACT
  return closed || (before.report === after.report && before.section.dimensions === after.section.dimensions && before.section.measures === after.section.measures)
}

/** What a closed section draws of the report. */
function drawn({ section, report }: SectionProps): string {
  const { use, explore } = section
  return `${use.can ? use.as : use.reason} ${explore.object === report?.object} ${report === null}`
}

function LinkedBy({ report, catalog }: { report: Report | null; catalog: CatalogBody }) {
  const t = useT()
  const relationships = report === null ? [] : (indexOf(catalog).explores.get(report.object)?.relationships ?? [])
  const chosen = relationships.find((relationship) => relationship.slug === report?.relationship) ?? relationships[0]
  return chosen === undefined ? null : <span className="linkedby"><Icon name="link" />{t('explore.linkedBy', { relationship: chosen.label })}</span>
}

/** Which relationship joins the contact, where the object has several. */
function Relationships({ report, catalog, actions }: { report: Report | null; catalog: CatalogBody; actions: PickerActions }) {
  const t = useT()
  const relationships = report === null ? [] : (indexOf(catalog).explores.get(report.object)?.relationships ?? [])
  if (report === null || report.object === CONTACT || relationships.length < 2) return null
  return (
    <div className="grains" role="group" aria-label={t('explore.joinBy')}>
      {relationships.map((relationship, index) => (
        <button key={relationship.slug} type="button" aria-pressed={(report.relationship ?? (index === 0 ? relationship.slug : '')) === relationship.slug} onClick={() => actions.chooseRelationship(relationship.slug)}>
          {relationship.label}
        </button>
      ))}
    </div>
  )
}
