import type { ExtrasDialogProps } from './CalculationDialog'

export function GroupDialog(_props: ExtrasDialogProps) {
  return null
}
