import { useId, useMemo, useState } from 'react'
import type { CatalogBody } from '../../api/query'
import type { ProblemItem } from '../../api/call'
import type { MessageId } from '../../i18n'
import { useT } from '../../i18n/useT'
import type { Report } from '../../report/types'
import { TextInput } from '../../shared/inputs'
import { CheckLine } from './CheckLine'
import { expressionColumns } from './columns'
import { DialogForm } from './DialogForm'
import { saveCalculation } from './edits'
import { ExpressionEditor } from './ExpressionEditor'
import { CALCULATION_FUNCTIONS } from './functions'
import { InsertPanel } from './InsertPanel'
import { messageAt, mistakeAt } from './mistakes'
import { freeName, isCalculationName, namesOf } from './naming'
import { templatesFor } from './templates'
import { useDryRun } from './useDryRun'
import { useExpression } from './useExpression'

export type ExtrasDialogProps = { report: Report; catalog: CatalogBody; index: number | null; field?: string | undefined; onSave: (report: Report) => void; onClose: () => void }

/** A column computed from other columns: its name, and its expression with completion and errors at the character. */
export function CalculationDialog({ report, catalog, index, onSave, onClose }: ExtrasDialogProps) {
  const t = useT()
  const id = useId()
  const place = index ?? report.calculations?.length ?? 0
  const before = index === null ? undefined : report.calculations?.[index]
  const taken = useMemo(() => namesOf(report, before?.name), [report, before])
  const [name, setName] = useState(before?.name ?? freeName(t('extras.calculation.first'), taken))
  // A template names the calculation until its reader does.
  const [named, setNamed] = useState(before !== undefined)
  const expression = useExpression(before?.expression ?? '')
  const [attempted, setAttempted] = useState(false)
  const [refused, setRefused] = useState<{ text: string; problems: readonly ProblemItem[] } | null>(null)
  const columns = useMemo(() => expressionColumns(report, catalog, t, place), [report, catalog, t, place])
  const templates = useMemo(
    () => templatesFor(columns, (message: MessageId, values) => t(message, values), taken),
    [columns, t, taken],
  )
  const nameError = !isCalculationName(name.trim()) ? t('extras.calculation.badName') : taken.has(name.trim()) ? t('extras.name.taken', { name: name.trim() }) : null
  const checked = (text: string) => saveCalculation(report, index, { name: nameError === null ? name.trim() : (before?.name ?? freeName('checked', taken)), expression: text })
  const run = useDryRun(expression.text.trim() === '' ? null : checked(expression.text))
  const problems = run.problems ?? (refused?.text === expression.text ? refused.problems : [])
  const pointer = `/calculations/${place}`
  const mistake = mistakeAt(problems, `${pointer}/expression`, expression.text)
  const missing = attempted && expression.text.trim() === '' ? { message: t('extras.expression.missing'), span: null, suggestion: null } : null
  const shownName = attempted || name.trim() !== '' ? (nameError ?? (nameError === null ? messageAt(problems, `${pointer}/name`) : null)) : null
  const shown = mistake ?? missing
  const errors = attempted ? [...(shownName === null ? [] : [{ id: `${id}-name`, text: shownName }]), ...(shown === null ? [] : [{ id: `${id}-expression`, text: shown.message }])] : []
  const save = async () => {
    setAttempted(true)
    if (nameError !== null || expression.text.trim() === '') return
    const next = checked(expression.text)
    const found = await run.check(next)
    setRefused({ text: expression.text, problems: found })
    if (!found.some((problem) => problem.pointer.startsWith(pointer))) onSave(next)
  }
  return (
    <DialogForm
      title={t(index === null ? 'extras.calculation.new' : 'extras.calculation.edit')}
      intro={t('extras.calculation.intro')}
      size="760px"
      errors={errors}
      changed={expression.text !== (before?.expression ?? '')}
      onSave={() => void save()}
      onClose={onClose}
    >
      {index === null && templates.length > 0 ? (
        <div className="row wrap" role="group" aria-label={t('extras.templates')}>
          <span className="mut s12">{t('extras.templates')}</span>
          {templates.map((template) => (
            <button
              key={template.id}
              type="button"
              className="btn xs"
              onClick={() => {
                if (!named) setName(template.name)
                expression.replace({ text: template.expression, caret: template.expression.length })
              }}
            >
              {t(template.id)}
            </button>
          ))}
        </div>
      ) : null}
      <TextInput id={`${id}-name`} label={t('extras.name')} value={name} maxLength={100} error={shownName} hint={t('extras.calculation.nameHint')} onChange={(text) => { setName(text); setNamed(text.trim() !== '') }} autoComplete="off" />
      <ExpressionEditor
        id={`${id}-expression`}
        label={t('extras.expression')}
        hint={t('extras.expression.hint')}
        names={columns}
        functions={CALCULATION_FUNCTIONS}
        mistake={shown}
        {...{ expression }}
        status={<CheckLine run={run} type={shown !== null || run.problems?.length !== 0 ? null : (run.columns.find((column) => column.name === name.trim())?.type ?? null)} elsewhere={mistake === null && shownName === null ? (problems[0]?.message ?? null) : null} />}
      />
      <InsertPanel title={t('extras.insert.columns')} names={columns} functions={CALCULATION_FUNCTIONS} onPut={expression.put} />
    </DialogForm>
  )
}
