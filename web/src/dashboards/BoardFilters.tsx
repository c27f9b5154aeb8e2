import { useT } from '../i18n/useT'
import type { Catalog } from '../shared/catalog'
import type { Comparing } from './board'
import type { CrossFilter } from './crossFilter'
import { FilterChips } from './FilterBar'
import type { BoardFilter } from './filterList'
import { CompareChip, CrossChips } from './MoreChips'

type Props = {
  filters: readonly BoardFilter[]
  comparing: Comparing
  crossed: readonly CrossFilter[]
  catalog: Catalog
  objects: readonly string[]
  zone: string | undefined
  titleOf: (tile: string) => string
  onFilters: (filters: BoardFilter[]) => void
  onComparing: (comparing: Comparing) => void
  onCrossed: (crossed: CrossFilter[]) => void
  onMap: ((field: string) => void) | null
  /** Goes back to what everybody sees; null where nothing was changed. */
  onReset: (() => void) | null
}

/** What the tiles are filtered by and compared with. */
export function BoardFilters({ filters, comparing, crossed, catalog, objects, zone, titleOf, onFilters, onComparing, onCrossed, onMap, onReset }: Props) {
  const t = useT()
  return (
    <div className="row wrap boardfilters" role="group" aria-label={t('dashboards.filters')}>
      <span className="s12 sub filterslabel" aria-hidden="true">{t('dashboards.filters')}</span>
      <FilterChips {...{ filters, catalog, objects, zone, onMap }} onChange={onFilters} />
      <CrossChips {...{ crossed, catalog, titleOf }} onRemove={(picked) => onCrossed(crossed.filter((each) => each !== picked))} />
      <span className="vr" />
      <CompareChip comparing={comparing} filters={filters} onChange={onComparing} />
      {onReset === null ? null : (
        <button type="button" className="btn ghost sm noprint" title={t('dashboards.filter.saveAs')} onClick={onReset}>{t('dashboards.filter.reset')}</button>
      )}
    </div>
  )
}
