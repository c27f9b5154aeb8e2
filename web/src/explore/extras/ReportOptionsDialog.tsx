import type { ExtrasDialogProps } from './CalculationDialog'

export function ReportOptionsDialog(_props: ExtrasDialogProps) {
  return null
}
