import { useMemo, useRef } from 'react'
import type { CatalogBody } from '../api/query'
import { addField, addMeasure, moveDimension, placeOf, removeColumn, replaceDimension, useOf } from '../report/edit'
import type { FieldInfo } from '../report/fields'
import type { Report } from '../report/types'
import type { PickerActions } from './picker/actions'

/** What the picker's rows do. The object stays the same, so that rows are not drawn again for each change. */
export function usePickerActions(report: Report | null, catalog: CatalogBody, onReport: (report: Report | null) => void, ask: { filter: (field: FieldInfo) => void; group: (field: FieldInfo) => void; menu: (field: FieldInfo, anchor: HTMLElement) => void }): PickerActions {
  const latest = useRef({ report, catalog, onReport, ask })
  latest.current = { report, catalog, onReport, ask }
  return useMemo(() => {
    const now = () => latest.current
    // The picker shows a moment later that an object cannot be combined with the first field's.
    const refused = (object: string) => !useOf(now().report, now().catalog, object).can
    const added = (field: FieldInfo): Report | null => {
      const { report: current, catalog: known } = now()
      return placeOf(current, field.name) !== null || refused(field.object) ? current : addField(current, field, known)
    }
    return {
      toggleField: (field) => {
        const { report: current, onReport: set } = now()
        set(current !== null && placeOf(current, field.name) !== null ? removeColumn(current, field.name) : added(field))
      },
      toggleMeasure: (measure) => {
        const { report: current, catalog: known, onReport: set } = now()
        if (refused(measure.object)) return
        set(placeOf(current, measure.name) === null ? addMeasure(current, measure.name, known) : current === null ? null : removeColumn(current, measure.name))
      },
      setGranularity: (field, granularity) => {
        const report = added(field)
        if (report !== null) now().onReport(replaceDimension(report, field.name, { field: field.name, granularity }))
      },
      pivot: (field) => {
        const { report: current, catalog: known, onReport: set } = now()
        const place = placeOf(current, field.name)
        if (refused(field.object)) return
        if (current === null || place === null) set(addField(current, field, known, 'pivot'))
        else set(moveDimension(current, field.name, place === 'pivot' ? 'rows' : 'pivot'))
      },
      filter: (field) => now().ask.filter(field),
      sort: (column, direction) => {
        const { report: current, onReport: set } = now()
        if (current !== null) set({ ...current, sort: [{ field: column, direction }] })
      },
      group: (field) => now().ask.group(field),
      openMenu: (field, anchor) => now().ask.menu(field, anchor),
      chooseRelationship: (slug) => {
        const { report: current, onReport: set } = now()
        if (current !== null) set({ ...current, relationship: slug })
      },
    }
  }, [])
}
