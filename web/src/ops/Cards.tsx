import type { ReactNode } from 'react'
import type { SnapshotBlock } from '../api/query'
import type { IngestAnswer, SnapshotAnswer } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { Icon, type IconName } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { useOps } from './context'
import { ingestState, normal, waitingEvents } from './lag'
import { useFreshness, useIngest, useSnapshots } from './queries'

/** How fresh the reports are, and whether events arrive. `freshnessOf`: the tenant whose reports are asked, null where
 * none is known; `asking`: not known yet. */
export function Cards({ freshnessOf, asking }: { freshnessOf: string | null; asking: boolean }) {
  const { every, tenant, may } = useOps()
  const snapshots = useSnapshots(every)
  const ingest = useIngest(every)
  const freshness = useFreshness(may('reports:read') ? freshnessOf : null, every)
  const current = snapshots.data?.items.find((item) => item.current)
  const fresh = freshness.data ?? null
  const none = snapshots.data !== undefined && current === undefined
  return (
    <div className="opscards">
      <CurrentCard error={snapshots.data === undefined ? snapshots.error : null} again={() => void snapshots.refetch()} current={current} none={none} fresh={fresh} />
      <NextCard error={freshness.data === undefined ? freshness.error : null} again={() => void freshness.refetch()} fresh={fresh} known={freshness.data !== undefined || !may('reports:read') || (freshnessOf === null && !asking)} />
      <WaitingCard ingest={ingest.data} error={ingest.data === undefined ? ingest.error : null} again={() => void ingest.refetch()} current={current} ready={snapshots.data !== undefined} only={tenant === null ? null : fresh} />
      <IngestCard ingest={ingest.data} error={ingest.data === undefined ? ingest.error : null} again={() => void ingest.refetch()} />
    </div>
  )
}

type Failing = { error: Error | null; again: () => void }

function CurrentCard({ error, again, current, none, fresh }: Failing & { current: SnapshotAnswer | undefined; none: boolean; fresh: SnapshotBlock | null }) {
  const t = useT()
  const formats = useFormats()
  const { zone } = useOps()
  const title = t('ops.card.current')
  if (error !== null) return <Card title={title} error={error} again={again} />
  if (none) return <Card title={title} value={t('ops.card.current.none')} text={t('ops.card.current.noneText')} />
  if (current?.as_of == null) return <Card title={title} />
  const facts = { objects: current.objects, rows: formats.compact(current.rows) }
  return (
    <Card
      title={title}
      pill={fresh === null ? null : fresh.stale ? <Pill kind="warn" icon="warning" text={t('ops.card.late')} /> : <Pill kind="ok" icon="checkCircle" text={t('ops.card.onTime')} />}
      value={formats.instant(current.as_of, zone)}
      text={t('ops.card.current.text', { time: formats.clock(current.published_at ?? current.as_of, zone, { zoneName: false }), ...facts })}
    />
  )
}

function NextCard({ error, again, fresh, known }: Failing & { fresh: SnapshotBlock | null; known: boolean }) {
  const t = useT()
  const formats = useFormats()
  const { may } = useOps()
  const title = t('ops.card.next')
  if (error !== null) return <Card title={title} error={error} again={again} />
  if (fresh === null) return known ? <Card title={title} value="–" text={may('reports:read') ? t('ops.card.next.unknown') : t('ops.needs', { permission: 'reports:read' })} /> : <Card title={title} />
  const left = (new Date(fresh.next_refresh_at).getTime() - Date.now()) / 1000
  return (
    <Card
      title={title}
      value={formats.instant(fresh.next_refresh_at, fresh.zone, { year: false })}
      text={left > 0 ? t('ops.card.next.text', { time: formats.duration(left), zone: fresh.zone }) : t('ops.card.next.due', { zone: fresh.zone })}
    />
  )
}

/** `only`: the freshness of the one tenant that is shown; else messages of all tenants count. */
function WaitingCard({ error, again, ingest, current, ready, only }: Failing & { ingest: IngestAnswer | undefined; current: SnapshotAnswer | undefined; ready: boolean; only: SnapshotBlock | null }) {
  const t = useT()
  const formats = useFormats()
  const title = t('ops.card.waiting')
  if (only !== null) return <Card title={title} value={formats.number(only.waiting_events)} text={t('ops.card.waiting.text')} />
  if (error !== null) return <Card title={title} error={error} again={again} />
  if (ingest === undefined || !ready) return <Card title={title} />
  return <Card title={title} value={formats.number(waitingEvents(ingest, current))} text={t('ops.card.waiting.text')} />
}

const PILLS = {
  running: { kind: 'ok', icon: 'checkCircle' },
  behind: { kind: 'warn', icon: 'warning' },
  paused: { kind: 'warn', icon: 'pause' },
  stopped: { kind: 'bad', icon: 'alert' },
} as const

function IngestCard({ error, again, ingest }: Failing & { ingest: IngestAnswer | undefined }) {
  const t = useT()
  const formats = useFormats()
  const title = t('ops.card.ingest')
  if (error !== null) return <Card title={title} error={error} again={again} />
  if (ingest === undefined) return <Card title={title} />
  const state = ingestState(ingest)
  const all = ingest.partitions.length
  const good = normal(ingest)
  return (
    <Card
      title={title}
      pill={<Pill {...PILLS[state]} text={t(`ops.ingest.${state}`, { count: all - good })} />}
      value={t('ops.card.ingest.rate', { rate: formats.number(ingest.rates.staged_per_second, ingest.rates.staged_per_second > 0 && ingest.rates.staged_per_second < 10 ? 1 : 0) })}
      text={t('ops.card.ingest.text', { good, all, error: ingest.last_error === null ? 'none' : 'some' })}
    />
  )
}

function Pill({ kind, icon, text }: { kind: string; icon: IconName; text: string }) {
  return <span className={`pill ${kind}`}><Icon name={icon} />{text}</span>
}

/** One figure. Without a value it loads; with an error it says so alone. */
function Card({ title, pill, value, text, error, again }: { title: string; pill?: ReactNode; value?: string; text?: string; error?: Error; again?: () => void }) {
  const t = useT()
  return (
    <section className="card opscard">
      <div className="row"><h2 className="grow">{title}</h2>{pill}</div>
      {error === undefined ? null : <ProblemNotice error={error} again={again} compact />}
      {error !== undefined || value !== undefined ? null : (
        <div role="status" aria-label={t('common.loading')}><div className="sk opsbig" /><div className="sk opssmall" /></div>
      )}
      {value === undefined ? null : <p className="opsvalue">{value}</p>}
      {text === undefined ? null : <p className="s12 mut">{text}</p>}
    </section>
  )
}
