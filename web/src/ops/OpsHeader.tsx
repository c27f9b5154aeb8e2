import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { useOps } from './context'
import { useIngest, useSnapshots } from './queries'
import { runReason } from './reasons'
import type { Refresh } from './useRefreshRun'

/** Title, when the figures were read, and the two things an operator does most. */
export function OpsHeader({ paused, onPause, refresh }: { paused: boolean; onPause: (paused: boolean) => void; refresh: Refresh }) {
  const t = useT()
  const formats = useFormats()
  const { every, zone, tenant } = useOps()
  const read = Math.max(useSnapshots(every).dataUpdatedAt, useIngest(every).dataUpdatedAt)
  const busy = refresh.active || refresh.asking
  return (
    <>
      <div className="opstitle">
        <h1>{tenant === null ? t('ops.title') : t('ops.titleOf', { tenant })}</h1>
        {read === 0 ? null : <span className="s12 mut">{t(paused ? 'ops.updatedPaused' : 'ops.updated', { time: formats.clock(new Date(read).toISOString(), zone) })}</span>}
        <span className="grow" />
        <button type="button" className="btn" onClick={() => onPause(!paused)}>
          <Icon name={paused ? 'play' : 'pause'} />{t(paused ? 'ops.resumeUpdates' : 'ops.pauseUpdates')}
        </button>
        <button type="button" className="btn primary" aria-disabled={busy} aria-describedby={busy ? 'ops-run' : undefined} onClick={() => (busy ? undefined : refresh.start())}>
          <Icon name="refresh" />{t('ops.refresh')}
        </button>
      </div>
      <RefreshNotice refresh={refresh} />
    </>
  )
}

/** How the run that was asked for goes: its end is announced, its progress is only shown. */
function RefreshNotice({ refresh }: { refresh: Refresh }) {
  const t = useT()
  const formats = useFormats()
  const { zone } = useOps()
  const { run, active, covers } = refresh
  if (refresh.error !== null) return <div className="opsrun"><ProblemNotice error={refresh.error} again={refresh.start} compact /></div>
  const said = run === null || active ? '' : run.state === 'published' ? t('ops.run.published') : t('ops.run.failed')
  return (
    <>
      <p className="vh" role="status">{said}</p>
      {run === null ? null : (
        <div id="ops-run" className={`notice compact opsrun ${active ? '' : run.state === 'published' ? 'ok' : 'bad'}`}>
          <Icon name={active ? 'refresh' : run.state === 'published' ? 'checkCircle' : 'alert'} />
          <div className="grow">
            <p className="strong">{active ? t(`ops.run.${run.state}`) : said}</p>
            <p className="sub">
              {active
                ? t('ops.run.since', { time: formats.clock(run.started_at, zone) })
                : run.state === 'published' ? t('ops.run.publishedText') : runReason(run.reason, t)}
              {covers ? null : <> {t('ops.run.notCovered')}</>}
            </p>
          </div>
          {active ? <progress className="opsprogress" max={1} value={run.progress} aria-label={t('ops.run.progress')} /> : (
            <button type="button" className="btn ghost xs sq" aria-label={t('common.close')} onClick={refresh.dismiss}><Icon name="close" /></button>
          )}
        </div>
      )}
    </>
  )
}
