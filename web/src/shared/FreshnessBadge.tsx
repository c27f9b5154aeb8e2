import { Popover } from '@mantine/core'
import type { SnapshotBlock } from '../api/query'
import { useRich, useT } from '../i18n/useT'
import { useFormats } from './formats'
import { Icon } from './Icon'

const bold = (chunks: React.ReactNode[]) => <b>{chunks}</b>

/** As of when the data are and when they are refreshed next: instants and zones come from the API, never a fixed hour.
 * `snapshot` is null before the first refresh; then `next` is when that comes, if it is known. */
export function FreshnessBadge({ snapshot, next = null }: { snapshot: SnapshotBlock | null; next?: { at: string; zone: string } | null }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  if (snapshot === null) {
    return (
      <span className="badge">
        <Icon name="clock" />
        <span>
          {t('common.fresh.none')}
          {next === null ? null : (
            <> · {rich('common.fresh.first', { b: bold, instant: formats.instant(next.at, next.zone), relative: formats.relative(next.at) })}</>
          )}
        </span>
      </span>
    )
  }
  const { as_of: asOf, next_refresh_at: due, zone } = snapshot
  const year = new Date(asOf).getUTCFullYear() !== new Date(due).getUTCFullYear()
  const late = (snapshot as { due_at?: string | null }).due_at ?? due
  return (
    <Popover position="bottom-start" width={340} withinPortal trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={`badge ${snapshot.stale ? 'warn' : 'ok'}`}>
          <Icon name={snapshot.stale ? 'warning' : 'checkCircle'} />
          {snapshot.stale ? (
            <span>{rich('common.fresh.late', { b: bold, due: formats.instant(late, zone), instant: formats.instant(asOf, zone) })}</span>
          ) : (
            <span className="freshtext">
              <span>{rich('common.fresh.asOf', { b: bold, instant: formats.instant(asOf, zone) })}</span>
              <span className="freshdot"> · </span>
              <span>{rich('common.fresh.next', { b: bold, instant: formats.instant(due, zone, { year }) })}</span>
            </span>
          )}
          <Icon name="chevronDown" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('common.fresh.title')}>
        <Freshness snapshot={snapshot} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Freshness({ snapshot }: { snapshot: SnapshotBlock }) {
  const t = useT()
  const rich = useRich()
  const formats = useFormats()
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  const zones = own === snapshot.zone ? [snapshot.zone] : [snapshot.zone, own]
  return (
    <div className="pop" tabIndex={-1} data-autofocus>
      <h3>{t('common.fresh.title')}</h3>
      <p className="s13 sub">{t('common.fresh.explain')}</p>
      {zones.map((zone) => (
        <div key={zone}>
          <p className="s12 mut">
            {zone === snapshot.zone
              ? t('common.fresh.reportZone', { zone, offset: formats.offset(snapshot.as_of, zone) })
              : t('common.fresh.yourZone', { zone })}
          </p>
          <p className="s13">{rich('common.fresh.asOf', { b: bold, instant: formats.instant(snapshot.as_of, zone) })}</p>
          <p className="s13">{rich('common.fresh.next', { b: bold, instant: formats.instant(snapshot.next_refresh_at, zone) })} ({formats.relative(snapshot.next_refresh_at)})</p>
        </div>
      ))}
      <p className="s13 sub">{t('common.fresh.waiting', { count: snapshot.waiting_events ?? 0 })}</p>
      <p className="mono mut">{t('common.fresh.snapshot', { id: snapshot.id })}</p>
    </div>
  )
}
