import type { FieldInfo, MeasureInfo } from '../../report/fields'
import type { Granularity } from '../../report/types'

/** What the picker asks of the builder. */
export type PickerActions = {
  toggleField: (field: FieldInfo) => void
  toggleMeasure: (measure: MeasureInfo) => void
  setGranularity: (field: FieldInfo, granularity: Granularity) => void
  pivot: (field: FieldInfo) => void
  filter: (field: FieldInfo) => void
  sort: (column: string, direction: 'asc' | 'desc') => void
  group: (field: FieldInfo) => void
  openMenu: (field: FieldInfo, anchor: HTMLElement) => void
  chooseRelationship: (slug: string) => void
}
