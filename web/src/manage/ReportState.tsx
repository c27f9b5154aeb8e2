import type { SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useCatalog } from '../shared/catalog'
import { Icon } from '../shared/Icon'
import { shownState } from './inReports'
import { useRefreshTime } from './refreshTime'

/** Where an object stands with regard to reports: icon and words, and below them when, or the way out. */
export function ReportState({ schema, below = true }: { schema: SchemaBody; below?: boolean }) {
  const t = useT()
  const catalog = useCatalog()
  const time = useRefreshTime()
  const shown = shownState(schema.in_reports, catalog.data?.pending.find((each) => each.object === schema.object))
  return (
    <>
      <span className={`state ${shown.tone}`}>
        <Icon name={shown.icon} />
        {t(shown.id, { count: shown.count, at: shown.at === null ? '' : time.day(shown.at) })}
      </span>
      {below && shown.below !== null ? (
        <div className="s12 mut statebelow">
          {t(shown.below.id, { from: shown.below.from === null ? '' : time.short(shown.below.from), text: shown.below.text })}
        </div>
      ) : null}
    </>
  )
}
