import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import type { ImportBodyAnswer, SchemaBody } from '../api/schema'
import { reportableOf, suggestReports } from '../first/suggestions'
import { useRich, useT } from '../i18n/useT'
import { reportPath } from '../report/url'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { RowErrors } from './RowErrors'
import { UndoDialog } from './UndoDialog'

/** What an import has done, when reports show it, and what to do next. */
export function ResultCard({ result, schema, name, onMore }: { result: ImportBodyAnswer; schema: SchemaBody; name: string; onMore: () => void }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  const { tenant, may } = useTenant()
  const catalog = useCatalog()
  const [undoing, setUndoing] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const snapshot = catalog.data?.snapshot ?? null
  const from = snapshot?.next_refresh_at ?? schema.in_reports.from
  const explore = catalog.data?.explores.find((one) => one.object === schema.object)
  const [suggestion] = suggestReports(explore ?? reportableOf(schema), catalog.data)
  const reportable = explore !== undefined && suggestion !== undefined
  return (
    <section className="card importresult" aria-labelledby="import-done">
      <span className={`resulticon ${result.refused > 0 ? 'warn' : 'ok'}`}><Icon name={result.refused > 0 ? 'warning' : 'checkCircle'} /></span>
      <h2 id="import-done" tabIndex={-1} ref={heading}>{t('imports.result.title', { count: result.accepted })}</h2>
      <p className="sub">
        {result.refused > 0 ? `${t('imports.result.refused', { count: result.refused })} ` : ''}
        {from == null ? t('imports.result.later') : rich('imports.result.from', { instant: formats.instant(from, snapshot?.zone ?? 'UTC'), relative: formats.relative(from) })}
        {schema.in_reports.state === 'not_reportable' ? ` ${t('imports.result.notReportable')}` : ''}
      </p>
      <div className="row wrap">
        {reportable && may('reports:read') ? <Link className="btn primary" to={reportPath(tenant, { report: suggestion.report, chart: suggestion.chart })}>{t('imports.result.report')}</Link> : null}
        <button type="button" className="btn" onClick={onMore}>{t('imports.result.more')}</button>
        <Link className="btn" to={`/t/${encodeURIComponent(tenant)}/data/imports`}>{t('imports.all')}</Link>
        {result.import === null ? null : <button type="button" className="btn ghost" onClick={() => setUndoing(true)}><Icon name="undo" />{t('imports.undo')}</button>}
      </div>
      {result.errors.length > 0 ? <RowErrors errors={result.errors} refused={result.refused} name={name} /> : null}
      {undoing && result.import !== null ? <UndoDialog past={{ import: result.import, accepted: result.accepted }} name={name} onClose={() => setUndoing(false)} /> : null}
    </section>
  )
}
