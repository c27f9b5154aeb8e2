import { useState } from 'react'
import type { RunAnswer, SnapshotAnswer } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { EmptyState } from '../shared/EmptyState'
import { useFormats } from '../shared/formats'
import { useOps } from './context'
import { Panel, Scroll } from './Panel'
import { useSnapshots } from './queries'
import { ActiveRunRow, RunRow } from './RunRow'
import { RunDetails } from './RunDetails'
import { SnapshotDialog, type SnapshotAction } from './SnapshotDialog'
import { StepLegend } from './StepBar'
import { inParts, seconds } from './steps'

const FIRST = 8

/** The last runs with their steps; published ones are the snapshots that can be read again. */
export function RunsPanel({ active }: { active: RunAnswer | null }) {
  const t = useT()
  const formats = useFormats()
  const { every } = useOps()
  const snapshots = useSnapshots(every)
  const [all, setAll] = useState(false)
  const [details, setDetails] = useState<SnapshotAnswer | null>(null)
  const [action, setAction] = useState<SnapshotAction | null>(null)
  const items = snapshots.data?.items ?? []
  const shown = all ? items : items.slice(0, FIRST)
  const longest = Math.max(0, ...shown.map((item) => seconds(item.steps)), active === null ? 0 : seconds(active.steps))
  const parts = new Set(shown.flatMap((item) => inParts(item.steps).map(({ part }) => part)))
  return (
    <Panel id="ops-runs" title={t('ops.runs')} tools={parts.size === 0 ? null : <StepLegend shown={parts} />} asked={snapshots} rows={6}>
      {() => (
        <>
          {items.length === 0 && active === null ? <EmptyState icon="clock" title={t('ops.runs.empty')} text={t('ops.runs.emptyText')} level={3} /> : (
            <Scroll label={t('ops.runs')}>
              <table className="t tall opsruns">
                <caption className="vh">{t('ops.runs')}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t('ops.runs.started')}</th>
                    <th scope="col">{t('ops.runs.result')}</th>
                    <th scope="col">{t('ops.runs.steps')}</th>
                    <th scope="col" className="n">{t('ops.runs.length')}</th>
                    <th scope="col" className="n">{t('ops.runs.rows')}</th>
                    <th scope="col"><span className="vh">{t('common.more')}</span></th>
                  </tr>
                </thead>
                <tbody>
                  {active === null ? null : <ActiveRunRow run={active} longest={longest} />}
                  {shown.map((item) => <RunRow key={item.run} item={item} longest={longest} onDetails={() => setDetails(item)} onAction={setAction} />)}
                </tbody>
              </table>
            </Scroll>
          )}
          {items.length > FIRST ? (
            <div className="opsmore"><button type="button" className="btn ghost xs" aria-expanded={all} onClick={() => setAll(!all)}>{all ? t('ops.fewer') : t('ops.runs.all', { count: formats.number(items.length) })}</button></div>
          ) : null}
          {details === null ? null : <RunDetails item={details} onClose={() => setDetails(null)} />}
          {action === null ? null : <SnapshotDialog action={action} onClose={() => setAction(null)} />}
        </>
      )}
    </Panel>
  )
}
