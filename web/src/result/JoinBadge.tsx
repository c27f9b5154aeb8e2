import '../styles/result.css'
import { Popover } from '@mantine/core'
import type { JoinBody, ProblemItem, ResultBody } from '../api/query'
import { useRich, useT } from '../i18n/useT'
import { indexOf } from '../report/fields'
import type { Report } from '../report/types'
import type { Catalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'

/** How many records have a contact and how many do not; its popover says which of them the report leaves out. */
export function JoinBadge({ join, report, catalog }: { join: JoinBody | null; report: Report; catalog: Catalog }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  if (join === null) return null
  const explore = indexOf(catalog).explores.get(report.object)
  const relationship = explore?.relationships.find((candidate) => candidate.slug === join.relationship)
  const records = explore?.label ?? report.object
  const [kept, dropped] = [formats.number(join.kept), formats.number(join.dropped)]
  const without = report.contacts === 'without'
  const values = { kept, dropped, records }
  return (
    <Popover width={320} position="bottom-start" withinPortal>
      <Popover.Target>
        <button type="button" className="badge join">
          <Icon name="link" />
          <span>{rich('result.join.badge', { b: (chunks) => <b>{chunks}</b>, ...values, records: inSentence(records) })}</span>
          <Icon name="chevronDown" />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="rs-join" role="group" aria-label={t('result.join.title')}>
          <h3>{t('result.join.title')}</h3>
          <p className="sub">{t('result.join.by', { relationship: relationship?.label ?? join.relationship })}</p>
          <ul>
            <li><Icon name={without ? 'minus' : 'check'} />{t(without ? 'result.join.without' : 'result.join.kept', values)}</li>
            <li><Icon name={without ? 'check' : 'minus'} />{t(without ? 'result.join.keptWithout' : report.contacts === 'with' ? 'result.join.droppedOnly' : 'result.join.dropped', values)}</li>
          </ul>
          {relationship?.many ? <p className="sub">{t('result.join.many')}</p> : null}
          <p className="mut">{t('result.join.before')}</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** A label within a sentence begins small, unless it is a name of two words: Zendesk tickets. */
const inSentence = (label: string): string => (label.includes(' ') ? label : label.slice(0, 1).toLocaleLowerCase() + label.slice(1))

/** What the service says about an answer that is right but may surprise. */
export function Warnings({ items, result }: { items: ProblemItem[]; result?: Pick<ResultBody, 'pivot_omitted'> }) {
  const t = useT()
  const omitted = result?.pivot_omitted ?? 0
  const said = items.filter((item) => item.code !== 'pivot_omitted' || omitted === 0)
  if (said.length === 0 && omitted === 0) return null
  return (
    <ul className="rs-warnings" aria-label={t('result.warnings.label')}>
      {omitted > 0 ? <li><Icon name="info" /><span>{t('result.pivot.omitted', { count: omitted })}</span></li> : null}
      {said.map((item) => <li key={item.code + item.pointer}><Icon name="info" /><span>{item.message}</span></li>)}
    </ul>
  )
}
