import type { SchemaBody } from '../api/schema'
import { useRich, useT } from '../i18n/useT'
import type { ChartType } from '../report/types'
import { useTenant } from '../session/SessionProvider'
import type { Catalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon, type IconName } from '../shared/Icon'
import { Step } from '../shared/Steps'
import { RefreshNow } from './RefreshNow'
import { reportableOf, suggestReports, type Reportable } from './suggestions'

const ICONS: Partial<Record<ChartType, IconName>> = { line: 'line', bar: 'bar', single: 'single' }
const OBJECTS_MOST = 4

/** Step 3: the reports that will be ready to open after the refresh. */
export function ReadyReports({ objects, catalog, due, waiting }: { objects: SchemaBody[]; catalog: Catalog; due: { at: string; zone: string } | null; waiting: number }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  const { operator } = useTenant()
  const shown = reportables(objects, catalog, t('first.contacts'))
  const instant = due === null ? '' : formats.instant(due.at, due.zone)
  return (
    <Step
      number={3} title={t('first.step3')} state={waiting > 0 ? 'now' : 'later'}
      text={due === null ? t('first.step3.text') : rich('first.step3.textAt', { instant })}
    >
      {shown.map((reportable) => (
        <ul key={reportable.object} className="row wrap firstreports" aria-label={reportable.label}>
          {suggestReports(reportable, catalog).map((suggestion) => (
            <li key={suggestion.title.id} className="badge firstreport">
              <Icon name={ICONS[suggestion.chart.type] ?? 'table'} />{t(suggestion.title.id, suggestion.title.values)}
            </li>
          ))}
        </ul>
      ))}
      {operator ? <RefreshNow /> : null}
    </Step>
  )
}

/** The objects that reports will have, or contacts alone where there is none yet. */
function reportables(objects: SchemaBody[], catalog: Catalog, contacts: string): Reportable[] {
  const found = objects.map(reportableOf).filter((reportable) => reportable.joinable.length > 0).slice(0, OBJECTS_MOST)
  if (found.length > 0) return found
  const contact = catalog.explores.find((explore) => explore.object === 'contact')
  return [contact ?? { object: 'contact', label: contacts, joinable: [], relationships: [], dimensions: [] }]
}
