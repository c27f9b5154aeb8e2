import { Menu } from '@mantine/core'
import type { RunAnswer, SnapshotAnswer } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { useOps } from './context'
import { useEndedRun } from './queries'
import { runReason } from './reasons'
import type { SnapshotAction } from './SnapshotDialog'
import { StepBar } from './StepBar'
import { failedStep, partOf, seconds } from './steps'

/** A published or failed run. */
export function RunRow({ item, longest, onDetails, onAction }: {
  item: SnapshotAnswer
  longest: number
  onDetails: () => void
  onAction: (action: SnapshotAction) => void
}) {
  const t = useT()
  const formats = useFormats()
  const { zone } = useOps()
  const run = useEndedRun(item.run).data
  const at = run?.started_at ?? item.as_of
  const failed = item.outcome === 'failed'
  const name = at === null ? item.run : formats.instant(at, zone, { year: false, zoneName: false })
  return (
    <tr>
      <th scope="row" className="plain">
        <button type="button" className="opslink" onClick={onDetails}>{name}</button>
        <span className="s12 mut">{run === undefined ? ' ' : t(`ops.trigger.${run.trigger}`)}</span>
      </th>
      <td className="opsresult"><Result item={item} /></td>
      <td className="opsstepcell"><StepBar steps={item.steps} longest={longest} failed={failed} /></td>
      <td className="n">{formats.duration(seconds(item.steps))}</td>
      <td className="n">{failed ? '–' : formats.compact(item.rows)}</td>
      <td className="opsact">
        <Menu position="bottom-end">
          <Menu.Target><button type="button" className="btn ghost xs sq" aria-label={t('ops.runs.actions', { name })}><Icon name="more" /></button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Icon name="list" />} onClick={onDetails}>{t('ops.runs.details')}</Menu.Item>
            {failed || item.current ? null : <Menu.Item leftSection={<Icon name="undo" />} onClick={() => onAction({ kind: 'restore', item })}>{t('ops.runs.restore')}</Menu.Item>}
            {failed ? null : <Menu.Item leftSection={<Icon name="pin" />} onClick={() => onAction({ kind: item.pinned ? 'unpin' : 'pin', item })}>{t(item.pinned ? 'ops.runs.unpin' : 'ops.runs.pin')}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </td>
    </tr>
  )
}

function Result({ item }: { item: SnapshotAnswer }) {
  const t = useT()
  if (item.outcome === 'failed') {
    const step = failedStep(item.steps)
    return (
      <>
        <span className="state bad"><Icon name="alert" />{step === null ? t('ops.runs.failed') : t('ops.runs.failedIn', { part: t(`ops.part.${partOf(step)}`) })}</span>
        <span className="s12 sub opsreason">{runReason(item.reason, t)}</span>
      </>
    )
  }
  return (
    <>
      <span className="state ok"><Icon name="checkCircle" />{t('ops.runs.published')}</span>
      {item.current ? <span className="pill acc">{t('ops.runs.current')}</span> : null}
      {item.pinned ? <span className="pill"><Icon name="pin" />{t('ops.runs.pinned')}</span> : null}
      {item.failed_objects.length > 0 ? <span className="state warn opsreason"><Icon name="warning" />{t('ops.runs.failedObjects', { count: item.failed_objects.length })}</span> : null}
    </>
  )
}

/** The run that is under way. */
export function ActiveRunRow({ run, longest }: { run: RunAnswer; longest: number }) {
  const t = useT()
  const formats = useFormats()
  const { zone } = useOps()
  return (
    <tr>
      <th scope="row" className="plain">
        {formats.instant(run.started_at, zone, { year: false, zoneName: false })}
        <span className="s12 mut">{t(`ops.trigger.${run.trigger}`)}</span>
      </th>
      <td className="opsresult"><span className="state info"><Icon name="refresh" />{t(`ops.run.${run.state}`)}</span></td>
      <td className="opsstepcell"><StepBar steps={run.steps} longest={longest} failed={false} /></td>
      <td className="n">{formats.duration(seconds(run.steps))}</td>
      <td className="n">–</td>
      <td />
    </tr>
  )
}
