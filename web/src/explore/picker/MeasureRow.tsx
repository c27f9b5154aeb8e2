import { memo } from 'react'
import { useT } from '../../i18n/useT'
import { placeOf } from '../../report/edit'
import type { MeasureInfo } from '../../report/fields'
import type { Report } from '../../report/types'
import { Icon, TypeGlyph } from '../../shared/Icon'
import { dragged } from '../drag'
import type { PickerActions } from './actions'

/** A measure: a click adds or removes it. */
export const MeasureRow = memo(function MeasureRow({ measure, report, actions }: { measure: MeasureInfo; report: Report | null; actions: PickerActions }) {
  const t = useT()
  const used = placeOf(report, measure.name) !== null
  return (
    <div className="fld m" data-pressed={used}>
      <button type="button" className="fmain" aria-pressed={used} draggable onDragStart={(event) => dragged(event, { kind: 'measure', name: measure.name })} onClick={() => actions.toggleMeasure(measure)}>
        <span className="g row"><TypeGlyph type={measure.type} /></span>
        <span className="grow trunc">{measure.label}</span>
      </button>
      {used ? <span className="where">{t('explore.place.value')}</span> : null}
      {used ? <Icon name="check" className="g" /> : null}
    </div>
  )
}, (before, after) => before.measure === after.measure && before.actions === after.actions && placeOf(before.report, before.measure.name) === placeOf(after.report, after.measure.name))
