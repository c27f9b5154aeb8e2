import { Link } from 'react-router'
import type { RecordAnswer } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { nameOf, objectPath, useObjects } from '../manage/objects'
import { useRefreshTime } from '../manage/refreshTime'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { Icon, objectIcon } from '../shared/Icon'
import { RecordFields } from './RecordFields'
import { RecordLinks } from './RecordLinks'
import { RecordTimeline } from './RecordTimeline'
import { whereabouts } from './outcomes'

/** Where a record is, what reports show of it, whom it belongs to, and what became of its events. */
export function RecordCard({ answer, object, id }: { answer: RecordAnswer; object: string; id: string }) {
  const t = useT()
  const time = useRefreshTime()
  const { tenant } = useTenant()
  const catalog = useCatalog()
  const objects = useObjects()
  const schema = objects.data?.find((each) => each.object === object)
  const sign = whereabouts(answer)
  const instant = (iso: string | null) => (iso === null ? t('records.soon') : time.long(iso))
  const name = schema === undefined ? object : nameOf(schema, catalog.data)
  const base = `/t/${encodeURIComponent(tenant)}/data`
  return (
    <>
      <section className="card recordhead" aria-label={t('records.where', { name, id })}>
        <div className="row wrap">
          <span className="sub row"><Icon name={objectIcon(object, schema?.integration)} /></span>
          <h2 className="recordid">{name} <span className="mono">{id}</span></h2>
        </div>
        <div role="status">
          <p className={`state ${sign.tone} recordstate`}><Icon name={sign.icon} />{t(sign.label)}</p>
          <p className="s13">{t(sign.explain, { asOf: instant(answer.as_of), next: instant(time.next), id, name })}</p>
        </div>
        {answer.snapshot_id === null ? <p className="s12 mut">{t('records.noSnapshot')}</p> : null}
        {schema?.in_reports.state === 'not_reportable' ? (
          <p className="s12 sub row"><Icon name="info" /><span>{t('records.notReportable', { name })} <Link className="u" to={objectPath(tenant, object)}>{t('records.openObject')}</Link></span></p>
        ) : null}
        {answer.state === 'unknown' ? (
          <ul className="s13 sub recordtips">
            <li>{t('records.tip.exact')}</li>
            <li>{t('records.tip.import')} <Link className="u" to={`${base}/imports`}>{t('records.tip.imports')}</Link></li>
            <li>{t('records.tip.integration')} <Link className="u" to={`${base}/integrations`}>{t('records.tip.integrations')}</Link></li>
            <li>{t('records.tip.age')}</li>
          </ul>
        ) : null}
      </section>
      {answer.snapshot === null ? null : (
        <div className="recordparts">
          <RecordFields snapshot={answer.snapshot} externalIds={answer.external_ids} schema={schema} />
          {object === 'contact' ? null : <RecordLinks links={answer.links} schema={schema} />}
        </div>
      )}
      {answer.events.length === 0 ? null : <RecordTimeline object={object} events={answer.events} omitted={answer.events_omitted} />}
    </>
  )
}
