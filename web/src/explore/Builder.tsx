import { Drawer } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { lazy, Suspense, useState } from 'react'
import { useNavigate, type BlockerFunction } from 'react-router'
import type { CatalogBody } from '../api/query'
import { useT } from '../i18n/useT'
import { columnsOf, isRunnable, toList, toSummary } from '../report/edit'
import type { FieldInfo } from '../report/fields'
import type { ResultColumn } from '../result/columns'
import { ExportMenu } from '../result/ExportMenu'
import { JoinBadge } from '../result/JoinBadge'
import { ResultCard } from '../result/ResultCard'
import { useReport } from '../result/useReport'
import { useTenant } from '../session/SessionProvider'
import { FreshnessBadge } from '../shared/FreshnessBadge'
import type { Cell } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { Switch } from '../shared/inputs'
import { useUnsavedGuard } from '../shared/useUnsavedGuard'
import { ExtrasChips } from './extras/ExtrasChips'
import type { ExtrasPlace } from './extras/kinds'
import { ExtrasMenu } from './extras/ExtrasMenu'
import { BuilderHeader } from './header/BuilderHeader'
import { FieldPicker } from './picker/FieldPicker'
import { RowMenu } from './picker/RowMenu'
import { FiltersRow, firstCondition, type NewFilter } from './question/FiltersRow'
import { ModeSwitch } from './question/ModeSwitch'
import { Shelf } from './question/Shelf'
import { QuickStart } from './QuickStart'
import { useDraft } from './useDraft'
import type { OpenLook } from './useLook'
import { usePickerActions } from './usePickerActions'
import { useShortcuts } from './useShortcuts'

// What opens over the report is loaded when it is opened for the first time.
const SqlPanel = lazy(() => import('../result/SqlPanel').then((module) => ({ default: module.SqlPanel })))
const DrillPanel = lazy(() => import('../result/DrillPanel').then((module) => ({ default: module.DrillPanel })))
const ExtrasDialogs = lazy(() => import('./extras/ExtrasDialogs').then((module) => ({ default: module.ExtrasDialogs })))
const SaveDialog = lazy(() => import('./header/SaveDialog').then((module) => ({ default: module.SaveDialog })))

const DELAY_MS = 300

const REPORTS = /^\/t\/[^/]+\/reports(?:\/|$)/

/** Moves that lose nothing: to another report, and to a record, from which Back leads to the question in the address. */
const staysAtReport: BlockerFunction = ({ nextLocation }) => REPORTS.test(nextLocation.pathname) || (nextLocation.state as { record?: boolean } | null)?.record === true

/** Builds one report: fields on the left, the question above, its answer below. */
export function Builder({ catalog, look, badLink, onReload }: { catalog: CatalogBody; look: OpenLook | null; badLink: boolean; onReload: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const control = useDraft(look?.draft ?? null, catalog)
  const { draft, setReport, setChart } = control
  const { report } = draft
  const [auto, setAuto] = useState(true)
  const [forced, setForced] = useState(report)
  const [added, setAdded] = useState<NewFilter | null>(null)
  const [extra, setExtra] = useState<ExtrasPlace | null>(null)
  const [menu, setMenu] = useState<{ field: FieldInfo; anchor: HTMLElement } | null>(null)
  const [saving, setSaving] = useState<'over' | 'new' | 'dashboard' | null>(null)
  const [sql, setSql] = useState(false)
  const [drill, setDrill] = useState<{ row: Cell[] | null; column: ResultColumn; figure: string } | null>(null)
  const [fields, setFields] = useState(false)
  const [said, announce] = useState('')
  const [settled] = useDebouncedValue(report, DELAY_MS)
  const asked = auto ? settled : forced
  const runnable = isRunnable(report)
  const title = draft.name === '' ? t('explore.untitled') : draft.name
  const { state, cancel, retry } = useReport(isRunnable(asked) ? asked : null, { snapshot: catalog.snapshot?.id ?? null })
  const actions = usePickerActions(report, catalog, setReport, {
    filter: (field) => {
      if (report === null) setReport({ object: field.object, filters: { and: [firstCondition(field)] } })
      else setAdded({ field, condition: firstCondition(field), group: null })
      setFields(false)
    },
    group: (field) => setExtra({ kind: 'group', index: null, field: field.name }),
    menu: (field, anchor) => setMenu({ field, anchor }),
  })
  const run = () => {
    setForced(report)
    if (asked === report) retry()
  }
  useShortcuts({ run, save: () => (runnable ? setSaving(look === null ? 'new' : 'over') : undefined), undo: control.undo, redo: control.redo })
  const leaving = useUnsavedGuard(control.changed && report !== null && saving === null, staysAtReport, t('explore.unsaved.text'))
  const onSaved = (saved: OpenLook, dashboard: { id: string; name: string } | null) => {
    setSaving(null)
    control.load(saved.draft)
    notifications.show({ message: dashboard === null ? t('explore.saved', { name: saved.look.name }) : t('explore.savedTo', { dashboard: dashboard.name }) })
    // At once: what is typed while a transition lasts would be lost with the builder that it leaves.
    void navigate(`/t/${encodeURIComponent(tenant)}/reports/${saved.look.id}`, { replace: look?.look.id === saved.look.id, flushSync: true })
  }
  const picker = <FieldPicker catalog={catalog} report={report} actions={actions} />
  return (
    <div className="shell">
      <div className="pickerat wideonly">{picker}</div>
      <main className="main" id="main" tabIndex={-1}>
        <BuilderHeader control={control} saved={look !== null} runnable={runnable} onSave={setSaving} onSql={() => setSql(true)} exportMenu={runnable ? <ExportMenu report={report} title={title} snapshot={state.data?.snapshot ?? catalog.snapshot} /> : null} />
        <div className="row wrap bbadges">
          <FreshnessBadge snapshot={catalog.snapshot} />
          {runnable && state.data?.join != null ? <JoinBadge join={state.data.join} report={report} catalog={catalog} /> : null}
          <span className="grow" />
          <Switch label={t('explore.auto')} on={auto} onChange={(on) => { setAuto(on); setForced(report) }} />
          {auto ? null : <button type="button" className="btn sm" onClick={run}><Icon name="play" />{t('explore.run')}</button>}
        </div>
        {badLink ? <p className="notice warn compact" role="alert"><Icon name="warning" />{t('explore.badLink')}</p> : null}
        {report === null ? (
          <QuickStart catalog={catalog} onChoose={(suggestion, name) => control.start({ report: suggestion.report, chart: suggestion.chart, byHand: false, name })} />
        ) : (
          <>
            <section className="card question" aria-label={t('explore.filters')}>
              <FiltersRow report={report} catalog={catalog} onReport={setReport} added={added} onAdded={setAdded}>
                <ModeSwitch list={report.list !== undefined} onChange={(list) => setReport(list ? toList(report) : toSummary(report, catalog))} />
                <ExtrasMenu report={report} catalog={catalog} onOpen={(kind) => setExtra({ kind, index: null })} />
              </FiltersRow>
              <Shelf report={report} catalog={catalog} onReport={setReport} announce={announce} />
              <div className="qrow extras">
                <ExtrasChips report={report} catalog={catalog} onReport={setReport} onEdit={(kind, index) => setExtra({ kind, index })} />
              </div>
            </section>
            <ResultCard report={asked ?? report} chart={draft.chart} onChart={setChart} onReport={(patch) => setReport({ ...report, ...patch })} state={state} catalog={catalog} onCancel={cancel} onRetry={retry} onDrill={(row, column, figure) => setDrill({ row, column, figure })} title={title} />
          </>
        )}
        <p className="vh" role="status">{said}</p>
      </main>
      <div className="dock narrowonly">
        <button type="button" className="btn" onClick={() => setFields(true)}><Icon name="list" />{t('explore.fields.open', { count: report === null ? 0 : columnsOf(report) + (report.pivot?.length ?? 0) })}</button>
        <button type="button" className="btn primary" aria-disabled={!runnable} onClick={() => (runnable ? setSaving(look === null ? 'new' : 'over') : undefined)}>{t('common.save')}</button>
      </div>
      <Drawer opened={fields} onClose={() => setFields(false)} position="left" size="min(320px, 100%)" title={t('explore.fields')} closeButtonProps={{ 'aria-label': t('common.close') }}>{fields ? picker : null}</Drawer>
      {menu === null ? null : <RowMenu field={menu.field} anchor={menu.anchor} report={report} actions={actions} onClose={() => setMenu(null)} />}
      <Suspense>
        {report === null || extra === null ? null : <ExtrasDialogs open={extra} report={report} catalog={catalog} onReport={setReport} onClose={() => setExtra(null)} />}
        {saving !== null && runnable ? (
          <SaveDialog report={report} chart={draft.chart} name={saving === 'new' && look !== null ? '' : draft.name} over={saving === 'over' ? look : null} toDashboard={saving === 'dashboard'} onSaved={onSaved} onReload={() => { setSaving(null); onReload() }} onClose={() => setSaving(null)} />
        ) : null}
        {sql && runnable ? <SqlPanel report={report} onClose={() => setSql(false)} /> : null}
        {drill !== null && isRunnable(asked) ? <DrillPanel report={asked} {...drill} onClose={() => setDrill(null)} /> : null}
      </Suspense>
      {leaving}
    </div>
  )
}

