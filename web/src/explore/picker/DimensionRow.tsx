import { memo } from 'react'
import type { MessageId } from '../../i18n'
import { useT } from '../../i18n/useT'
import { isFiltered, placeOf } from '../../report/edit'
import { dimensionColumn, dimensionField } from '../../report/names'
import type { FieldInfo } from '../../report/fields'
import type { Granularity, Report } from '../../report/types'
import { Icon, TypeGlyph } from '../../shared/Icon'
import { dragged } from '../drag'
import type { PickerActions } from './actions'

const PERIODS: Granularity[] = ['day', 'week', 'month', 'quarter', 'year']

/** A dimension: a click adds or removes it; its filter and further actions stand beside it. */
export const DimensionRow = memo(function DimensionRow({ field, report, actions }: { field: FieldInfo; report: Report | null; actions: PickerActions }) {
  const t = useT()
  const place = placeOf(report, field.name)
  const used = [...(report?.dimensions ?? []), ...(report?.pivot ?? [])].find((dimension) => dimensionField(dimension) === field.name)
  const granularity = used !== undefined && typeof used !== 'string' && 'granularity' in used ? used.granularity : null
  const filtered = isFiltered(report, field.name)
  return (
    <>
      <div className="fld" data-pressed={place !== null}>
        <button type="button" className="fmain" aria-pressed={place !== null} title={field.description ?? undefined} draggable onDragStart={(event) => dragged(event, { kind: 'field', name: field.name })} onClick={() => actions.toggleField(field)}>
          <span className="g row"><TypeGlyph type={field.type} /></span>
          <span className="grow trunc">{field.label}</span>
        </button>
        <button type="button" className={`act ${filtered ? 'on' : ''}`} aria-label={t('explore.filterBy', { field: field.label })} aria-pressed={filtered} onClick={() => actions.filter(field)}><Icon name="filter" /></button>
        <button type="button" className="act" aria-haspopup="menu" aria-label={t('explore.fieldMenu', { field: field.label })} onClick={(event) => actions.openMenu(field, event.currentTarget)}><Icon name="more" /></button>
        {place === null || place === 'value' ? null : <span className="where">{t(`explore.place.${place}` as MessageId)}</span>}
        {place === null ? null : <Icon name="check" className="g" />}
      </div>
      {place !== null && place !== 'list' && field.granularities.length > 0 ? (
        <div className="grains" role="group" aria-label={t('explore.granularity', { field: field.label })}>
          {PERIODS.filter((found) => field.granularities.includes(found)).map((found) => (
            <button key={found} type="button" aria-pressed={granularity === found} onClick={() => actions.setGranularity(field, found)}>{t(`explore.grain.${found}` as MessageId)}</button>
          ))}
        </div>
      ) : null}
    </>
  )
}, (before, after) => before.field === after.field && before.actions === after.actions && signature(before) === signature(after))

/** What a row draws of the report: without a change of it, the row is not drawn again. */
function signature({ field, report }: { field: FieldInfo; report: Report | null }): string {
  const used = [...(report?.dimensions ?? []), ...(report?.pivot ?? [])].find((dimension) => dimensionField(dimension) === field.name)
  return `${placeOf(report, field.name)} ${used === undefined ? '' : dimensionColumn(used)} ${isFiltered(report, field.name)}`
}
