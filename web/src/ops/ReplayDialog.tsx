import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../api/call'
import { getProgress } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { Dialog } from '../shared/Dialog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { replay, type ReplayTally, type Selection } from './moves'
import { refusal } from './reasons'

/** Counts what a replay would do, does it, and says what became of the events. */
export function ReplayDialog({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const count = useQuery({
    queryKey: ['quarantine', '*', 'replay', selection.chosen],
    queryFn: () => replay(selection.chosen, true),
    staleTime: Infinity,
    gcTime: 0,
  })
  const run = useMutation({
    mutationFn: () => replay(selection.chosen, false),
    onSettled: () => client.invalidateQueries({ queryKey: ['quarantine'], predicate: (query) => query.queryKey[2] !== 'replay' }),
  })
  const blocked = count.data === undefined || count.data.moved === 0 || run.isPending
  return (
    <Dialog title={t('ops.replay.title', { count: selection.events })} onClose={onClose}>
      {run.isSuccess ? <Done tally={run.data} /> : (
        <>
          <p className="sub">{t('ops.replay.text')}</p>
          {count.isError ? <ProblemNotice error={count.error} again={() => void count.refetch()} compact /> : null}
          {count.isPending ? <p className="opscounting" role="status">{t('ops.counting')}</p> : null}
          {count.data === undefined ? null : <Forecast tally={count.data} />}
          {run.isPending ? <Progress all={count.data?.moved ?? selection.events} /> : null}
          {run.isError ? <ProblemNotice error={run.error} compact /> : null}
        </>
      )}
      <div className="row actions">
        <button type="button" className={`btn ${run.isSuccess ? 'primary' : ''}`} onClick={onClose}>{t(run.isSuccess ? 'common.close' : 'common.cancel')}</button>
        {run.isSuccess ? null : (
          <button type="button" className="btn primary" aria-disabled={blocked} aria-describedby="ops-forecast" onClick={() => (blocked ? undefined : run.mutate())}>
            {t('ops.replay.action', { count: count.data?.moved ?? selection.events })}
          </button>
        )}
      </div>
    </Dialog>
  )
}

/** What a replay would do now. */
function Forecast({ tally }: { tally: ReplayTally }) {
  const t = useT()
  return (
    <div className="opsforecast" id="ops-forecast" role="status">
      {tally.moved > 0 ? <p><span className="state ok"><Icon name="checkCircle" />{t('ops.replay.admitted', { count: tally.moved })}</span></p> : null}
      {tally.matched === 0 ? <p>{t('ops.replay.nothing')}</p> : null}
      {tally.moved === 0 && tally.matched > 0 ? <p><span className="state warn"><Icon name="warning" />{t('ops.replay.none')}</span></p> : null}
      <Refusals tally={tally} />
    </div>
  )
}

function Done({ tally }: { tally: ReplayTally }) {
  const t = useT()
  return (
    <div className="opsforecast" role="status">
      <p><span className="state ok"><Icon name="checkCircle" />{t('ops.replay.done', { count: tally.moved })}</span></p>
      <Refusals tally={tally} />
    </div>
  )
}

function Refusals({ tally }: { tally: ReplayTally }) {
  const t = useT()
  const formats = useFormats()
  const refused = tally.refused.reduce((sum, item) => sum + item.count, 0)
  if (refused === 0) return null
  return (
    <>
      <p>{t('ops.replay.refused', { count: refused })}</p>
      <ul className="opsbullets">{tally.refused.map((item) => <li key={item.code}>{refusal(item.code, t)}: {formats.number(item.count)}</li>)}</ul>
    </>
  )
}

function Progress({ all }: { all: number }) {
  const t = useT()
  const progress = useQuery({
    queryKey: ['quarantine', '*', 'replay', 'progress'],
    queryFn: ({ signal }) => call(getProgress({ signal })),
    refetchInterval: 1000,
    gcTime: 0,
  })
  const running = progress.data?.running ?? null
  return (
    <div className="opsforecast">
      <p className="s13">{t('ops.replay.running')}</p>
      <progress className="opsprogress wide" max={Math.max(all, 1)} value={running === null ? undefined : progress.data?.done} aria-label={t('ops.replay.progress')} />
    </div>
  )
}
