import type { ExtrasDialogProps } from './CalculationDialog'

export function FilteredMeasureDialog(_props: ExtrasDialogProps) {
  return null
}
