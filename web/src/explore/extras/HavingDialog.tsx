import type { ExtrasDialogProps } from './CalculationDialog'

export function HavingDialog(_props: ExtrasDialogProps) {
  return null
}
