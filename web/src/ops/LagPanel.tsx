import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call'
import { resumeIngest, type DivertedSender, type IngestAnswer } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { ConfirmDialog } from '../shared/Dialog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { useOps } from './context'
import { barLength, partitionState, type PartitionState } from './lag'
import { Panel, Scroll } from './Panel'
import { useIngest } from './queries'
import { ingestReason, sourceName } from './reasons'

type Resumed = { tenant?: string; source?: string }

/** How far ingest is behind on each partition, why it waits, and which senders are diverted. */
export function LagPanel() {
  const t = useT()
  const { every, tenant } = useOps()
  const ingest = useIngest(every)
  const [resuming, setResuming] = useState<Resumed | null>(null)
  return (
    <Panel id="ops-lag" title={t('ops.lag')} tools={<span className="s12 mut">crosslook-records</span>} asked={ingest} rows={12}>
      {(data) => (
        <>
          <Waits ingest={data} onResume={() => setResuming({})} />
          {data.diverted.filter((sender) => tenant === null || sender.tenant === tenant).map((sender) => (
            <Diverted key={`${sender.tenant} ${sender.source}`} sender={sender} onResume={() => setResuming({ tenant: sender.tenant, source: sender.source })} />
          ))}
          <Partitions ingest={data} />
          <LastError text={data.last_error} />
          {resuming === null ? null : <ResumeDialog resumed={resuming} onClose={() => setResuming(null)} />}
        </>
      )}
    </Panel>
  )
}

function Waits({ ingest, onResume }: { ingest: IngestAnswer; onResume: () => void }) {
  const t = useT()
  if (ingest.state === 'running') return null
  const stopped = ingest.state === 'stopped'
  return (
    <div className={`notice ${stopped ? 'bad' : 'warn'} opsnotice`}>
      <Icon name={stopped ? 'alert' : 'pause'} />
      <div className="grow">
        <p className="strong">{t(stopped ? 'ops.lag.stopped' : 'ops.lag.paused')}</p>
        <p>{ingestReason(stopped ? 'stopped' : 'paused', ingest.reason, t)}</p>
        <div className="row">{stopped ? <button type="button" className="btn xs" onClick={onResume}><Icon name="play" />{t('ops.lag.resume')}</button> : null}</div>
      </div>
    </div>
  )
}

function Diverted({ sender, onResume }: { sender: DivertedSender; onResume: () => void }) {
  const t = useT()
  const formats = useFormats()
  const { zone } = useOps()
  return (
    <div className="notice warn opsnotice">
      <Icon name="warning" />
      <div className="grow">
        <p className="strong">{t('ops.lag.diverted', { source: sourceName(sender.source), tenant: sender.tenant })}</p>
        <p>{t('ops.lag.divertedText', { refused: sender.refused, of: sender.of, until: formats.instant(sender.until, zone) })}</p>
        <div className="row"><button type="button" className="btn xs" onClick={onResume}><Icon name="play" />{t('ops.lag.resumeSender')}</button></div>
      </div>
    </div>
  )
}

const SIGNS = {
  normal: { kind: 'ok', icon: 'checkCircle' },
  behind: { kind: 'warn', icon: 'warning' },
  unknown: { kind: 'off', icon: 'help' },
} as const satisfies Record<PartitionState, unknown>

function Partitions({ ingest }: { ingest: IngestAnswer }) {
  const t = useT()
  const formats = useFormats()
  const most = Math.max(0, ...ingest.partitions.map((item) => item.lag))
  return (
    <Scroll label={t('ops.lag')}>
      <table className="t opslag">
        <caption className="vh">{t('ops.lag')}</caption>
        <thead>
          <tr>
            <th scope="col" className="n">{t('ops.lag.partition')}</th>
            <th scope="col" className="n">{t('ops.lag.end')}</th>
            <th scope="col" className="n">{t('ops.lag.staged')}</th>
            <th scope="col" className="n">{t('ops.lag.lag')}</th>
            <td className="opsbarcell" />
            <th scope="col" className="n">{t('ops.lag.behind')}</th>
            <th scope="col">{t('ops.lag.state')}</th>
          </tr>
        </thead>
        <tbody>
          {ingest.partitions.map((item) => {
            const state = partitionState(item)
            const { kind, icon } = SIGNS[state]
            return (
              <tr key={item.partition}>
                <th scope="row" className="n plain">{item.partition}</th>
                <td className="n">{formats.number(item.end_offset)}</td>
                <td className="n">{formats.number(item.staged_offset)}</td>
                <td className="n strong">{formats.number(item.lag)}</td>
                <td className="opsbarcell"><span className="opsbar"><i className={state} style={{ width: `${barLength(item.lag, most)}%` }} /></span></td>
                <td className="n">{item.seconds_behind === null ? '–' : formats.duration(item.seconds_behind)}</td>
                <td><span className={`state ${kind}`}><Icon name={icon} />{t(`ops.lag.${state}`)}</span></td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroll>
  )
}

function LastError({ text }: { text: string | null }) {
  const t = useT()
  if (text === null) return null
  return (
    <details className="opslast">
      <summary><span className="state warn"><Icon name="warning" />{t('ops.lag.lastError')}</span></summary>
      <p className="mono opswords">{text}</p>
    </details>
  )
}

function ResumeDialog({ resumed, onClose }: { resumed: Resumed; onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const resume = useMutation({
    mutationFn: () => call(resumeIngest({ query: resumed })),
    onSuccess: (answer) => client.setQueryData(['ingest', '*'], answer),
  })
  const one = resumed.source !== undefined
  return (
    <ConfirmDialog
      title={one ? t('ops.resume.sender', { source: sourceName(resumed.source ?? '') }) : t('ops.resume')}
      text={t(one ? 'ops.resume.senderText' : 'ops.resume.text')}
      action={t(one ? 'ops.lag.resumeSender' : 'ops.lag.resume')}
      danger={false}
      onConfirm={async () => void (await resume.mutateAsync())}
      onClose={onClose}
    />
  )
}
