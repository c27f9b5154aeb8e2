import type { CatalogBody } from '../../api/query'
import type { Report } from '../../report/types'
import { CalculationDialog, type ExtrasDialogProps } from './CalculationDialog'
import { CompareDialog } from './CompareDialog'
import { FilteredMeasureDialog } from './FilteredMeasureDialog'
import { FormulaDialog } from './FormulaDialog'
import { GroupDialog } from './GroupDialog'
import { HavingDialog } from './HavingDialog'
import type { ExtrasKind, ExtrasPlace } from './kinds'
import { ReportOptionsDialog } from './ReportOptionsDialog'
import '../../styles/extras.css'

export type { ExtrasPlace as OpenExtra } from './kinds'

const DIALOGS: Record<ExtrasKind, (props: ExtrasDialogProps) => React.ReactNode> = {
  calculation: CalculationDialog,
  formula: FormulaDialog,
  measure: FilteredMeasureDialog,
  group: GroupDialog,
  having: HavingDialog,
  compare: CompareDialog,
  options: ReportOptionsDialog,
}

/** The dialog of the part that is open. */
export function ExtrasDialogs({ open, report, catalog, onReport, onClose }: {
  open: ExtrasPlace | null
  report: Report
  catalog: CatalogBody
  onReport: (report: Report) => void
  onClose: () => void
}) {
  if (open === null) return null
  const Opened = DIALOGS[open.kind]
  const save = (next: Report) => {
    onReport(next)
    onClose()
  }
  return <Opened key={`${open.kind}${open.index}`} {...{ report, catalog, onClose }} index={open.index} field={open.field} onSave={save} />
}
