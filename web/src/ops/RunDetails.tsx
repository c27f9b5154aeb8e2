import type { SnapshotAnswer } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { SidePanel } from '../shared/Dialog'
import { useFormats } from '../shared/formats'
import { useOps } from './context'
import { useEndedRun } from './queries'
import { runReason } from './reasons'
import { failedStep, isStep, partOf, seconds } from './steps'

/** All that is known about a run: its steps in words, what it built, and which objects failed. */
export function RunDetails({ item, onClose }: { item: SnapshotAnswer; onClose: () => void }) {
  const t = useT()
  const formats = useFormats()
  const { zone } = useOps()
  const run = useEndedRun(item.run).data
  const failed = item.outcome === 'failed'
  const instant = (iso: string | null | undefined) => (iso == null ? '–' : formats.instant(iso, zone, { seconds: true }))
  const facts: [string, string][] = [
    [t('ops.runs.started'), instant(run?.started_at)],
    [t('ops.details.asOf'), instant(item.as_of)],
    [t('ops.details.published'), instant(item.published_at)],
    [t('ops.details.trigger'), run === undefined ? '–' : t(`ops.trigger.${run.trigger}`)],
  ]
  const built: [string, number][] = [
    [t('ops.details.objects'), item.objects],
    [t('ops.runs.rows'), item.rows],
    [t('ops.details.rebuilt'), item.rebuilt],
    [t('ops.details.carried'), item.carried],
    [t('ops.details.dropped'), item.dropped],
    [t('ops.details.waitingPatches'), item.waiting_patches],
    [t('ops.details.ignoredPatches'), item.ignored_patches],
    [t('ops.details.tooLate'), item.too_late],
    [t('ops.details.shared'), item.shared_references],
  ]
  return (
    <SidePanel title={t('ops.details.title')} onClose={onClose}>
      <div className="opsdetails">
        <p className="mono mut opswords">{item.id ?? item.run}</p>
        {failed ? <p className="strong">{runReason(item.reason, t)}</p> : null}
        {failed && item.reason !== null ? <p className="mono mut opswords">{item.reason}</p> : null}
        <dl className="opsfacts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
        <StepTable item={item} />
        {failed ? null : <dl className="opsfacts">{built.map(([name, value]) => <div key={name}><dt>{name}</dt><dd className="num">{formats.number(value)}</dd></div>)}</dl>}
        {item.failed_objects.length === 0 ? null : (
          <section>
            <h3>{t('ops.details.failedObjects')}</h3>
            <p className="s12 sub">{t('ops.details.failedObjectsText')}</p>
            <ul className="opslist">
              {item.failed_objects.map((object) => (
                <li key={`${object.tenant} ${object.object}`}><span className="strong">{object.tenant} · {object.object}</span><span className="mono opswords">{object.reason}</span></li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </SidePanel>
  )
}

/** A step in words; one that this page does not know stays as it is. */
const stepName = (name: string, t: ReturnType<typeof useT>): string => (isStep(name) ? t(`ops.step.${name}`) : name)

function StepTable({ item }: { item: SnapshotAnswer }) {
  const t = useT()
  const formats = useFormats()
  const all = seconds(item.steps)
  const ended = item.outcome === 'failed' ? failedStep(item.steps) : null
  return (
    <table className="t">
      <caption className="vh">{t('ops.runs.steps')}</caption>
      <thead>
        <tr><th scope="col">{t('ops.details.step')}</th><th scope="col" className="n">{t('ops.details.time')}</th><th scope="col" className="n">{t('ops.details.share')}</th></tr>
      </thead>
      <tbody>
        {item.steps.map((step) => (
          <tr key={step.name}>
            <th scope="row" className="plain"><i className={`opsdot ${partOf(step.name)}`} aria-hidden="true" />{stepName(step.name, t)}</th>
            <td className="n">{step.seconds < 1 ? `${formats.number(Math.round(step.seconds * 1000))} ms` : formats.duration(step.seconds)}</td>
            <td className="n">{all === 0 ? '–' : formats.percent(step.seconds / all)}</td>
          </tr>
        ))}
        {ended === null ? null : <tr><th scope="row" className="plain"><i className={`opsdot ${partOf(ended)}`} aria-hidden="true" />{stepName(ended, t)}</th><td className="n" colSpan={2}><span className="state bad">{t('ops.runs.failed')}</span></td></tr>}
      </tbody>
    </table>
  )
}
