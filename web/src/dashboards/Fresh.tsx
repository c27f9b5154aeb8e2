import type { SnapshotBlock } from '../api/query'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { FreshnessBadge } from '../shared/FreshnessBadge'
import { Icon } from '../shared/Icon'

/** As of when the tiles are, and the offer of a newer snapshot: it is never mixed in by itself. */
export function Fresh({ snapshot, newer, showNewest }: { snapshot: SnapshotBlock | null; newer: SnapshotBlock | null; showNewest: () => void }) {
  const t = useT()
  const formats = useFormats()
  return (
    <div className="row wrap boardfresh">
      <FreshnessBadge snapshot={snapshot} />
      <span className="s12 mut">{t('dashboards.oneSnapshot')}</span>
      <span className="newer s12" role="status">
        {newer === null ? null : (
          <>
            <Icon name="refresh" />
            {t('dashboards.newer', { instant: formats.instant(newer.as_of, newer.zone) })}
            <button type="button" className="btn xs" onClick={showNewest}>{t('dashboards.newer.show')}</button>
          </>
        )}
      </span>
    </div>
  )
}
