import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import type { ImportBodyAnswer, ImportMode, SchemaBody, UndoneBody } from '../api/schema'
import { reportableOf, suggestReports } from '../first/suggestions'
import { useRich, useT } from '../i18n/useT'
import { reportPath } from '../report/url'
import { useTenant } from '../session/SessionProvider'
import { useCatalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { useTooOld } from './pastImports'
import { RowErrors } from './RowErrors'
import { UndoDialog, UndoneWords } from './UndoDialog'

type Done = { result: ImportBodyAnswer; schema: SchemaBody; name: string; mode: ImportMode; onMore: () => void }

/** What an import has done, when reports show it, and what to do next; once it was undone, that. */
export function ResultCard(done: Done) {
  const { result, name } = done
  const [undone, setUndone] = useState<UndoneBody | null>(null)
  const [undoing, setUndoing] = useState(false)
  return (
    <>
      {undone === null ? <Imported {...done} onUndo={() => setUndoing(true)} /> : <Undone undone={undone} onMore={done.onMore} />}
      {undoing && result.import !== null ? <UndoDialog past={{ import: result.import, accepted: result.accepted }} name={name} onUndone={setUndone} onClose={() => setUndoing(false)} /> : null}
    </>
  )
}

function Imported({ result, schema, name, mode, onMore, onUndo }: Done & { onUndo: () => void }) {
  const t = useT()
  const { tenant, may } = useTenant()
  const catalog = useCatalog()
  const { tooOld } = useTooOld()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const explore = catalog.data?.explores.find((one) => one.object === schema.object)
  const [suggestion] = suggestReports(explore ?? reportableOf(schema), catalog.data)
  const reportable = explore !== undefined && suggestion !== undefined
  const old = result.import !== null && tooOld.includes(result.import)
  return (
    <section className="card importresult" aria-labelledby="import-done">
      <span className={`resulticon ${result.refused > 0 ? 'warn' : 'ok'}`}><Icon name={result.refused > 0 ? 'warning' : 'checkCircle'} /></span>
      <h2 id="import-done" tabIndex={-1} ref={heading}>{t('imports.result.title', { count: result.accepted })}</h2>
      <p className="sub"><WhenShown result={result} schema={schema} mode={mode} /></p>
      <div className="row wrap">
        {reportable && may('reports:read') ? <Link className="btn primary" to={reportPath(tenant, { report: suggestion.report, chart: suggestion.chart })}>{t('imports.result.report')}</Link> : null}
        <button type="button" className="btn" onClick={onMore}>{t('imports.result.more')}</button>
        <Link className="btn" to={`/t/${encodeURIComponent(tenant)}/data/imports`}>{t('imports.all')}</Link>
        {result.import === null || old ? null : <button type="button" className="btn ghost" onClick={onUndo}><Icon name="undo" />{t('imports.undo')}</button>}
      </div>
      {old ? <p className="s13 sub">{t('imports.undo.tooOld')}</p> : null}
      {result.errors.length > 0 ? <RowErrors errors={result.errors} refused={result.refused} name={name} /> : null}
    </section>
  )
}

/** When reports show the rows, and which rows they do not. */
function WhenShown({ result, schema, mode }: Pick<Done, 'result' | 'schema' | 'mode'>) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  const snapshot = useCatalog().data?.snapshot ?? null
  const from = snapshot?.next_refresh_at ?? schema.in_reports.from
  return (
    <>
      {result.refused > 0 ? `${t('imports.result.refused', { count: result.refused })} ` : ''}
      {from == null ? t('imports.result.later') : rich('imports.result.from', { instant: formats.instant(from, snapshot?.zone ?? 'UTC'), relative: formats.relative(from) })}
      {mode === 'patch' ? ` ${t('imports.result.patch')}` : ''}
      {schema.in_reports.state === 'not_reportable' ? ` ${t('imports.result.notReportable')}` : ''}
    </>
  )
}

function Undone({ undone, onMore }: { undone: UndoneBody; onMore: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  return (
    <section className="card importresult" aria-labelledby="import-undone">
      <span className="resulticon"><Icon name="undo" /></span>
      <h2 id="import-undone">{t('imports.result.undoneTitle')}</h2>
      <div><UndoneWords undone={undone} /></div>
      <div className="row wrap">
        <button type="button" className="btn" onClick={onMore}>{t('imports.result.more')}</button>
        <Link className="btn" to={`/t/${encodeURIComponent(tenant)}/data/imports`}>{t('imports.all')}</Link>
      </div>
    </section>
  )
}
