import { useId, useMemo, useState } from 'react'
import type { ProblemItem } from '../../api/call'
import { useT } from '../../i18n/useT'
import { CONTACT } from '../../report/edit'
import { slugify } from '../../shared/slug'
import { SelectInput, TextInput } from '../../shared/inputs'
import type { ExtrasDialogProps } from './CalculationDialog'
import { CheckLine } from './CheckLine'
import { DialogForm } from './DialogForm'
import { saveFormula } from './edits'
import { namesIn } from './expression'
import { ExpressionEditor } from './ExpressionEditor'
import { addedAs, checkOf, formulaFields, usesOf, type FormulaUse } from './formulas'
import { FORMULA_FUNCTIONS } from './functions'
import { InsertPanel } from './InsertPanel'
import { messageAt, mistakeAt } from './mistakes'
import { isColumnName, namesOf } from './naming'
import { useDryRun } from './useDryRun'
import { useExpression } from './useExpression'

/** A value computed for each record, of the fields of one object; then used as a field of the report. */
export function FormulaDialog({ report, catalog, index, onSave, onClose }: ExtrasDialogProps) {
  const t = useT()
  const id = useId()
  const place = index ?? report.formulas?.length ?? 0
  const before = index === null ? undefined : report.formulas?.[index]
  const taken = useMemo(() => namesOf(report, before?.name).add(CONTACT), [report, before])
  const [typed, setTyped] = useState(before?.name ?? '')
  const [use, setUse] = useState<FormulaUse | null>(null)
  const expression = useExpression(before?.expression ?? '')
  const [attempted, setAttempted] = useState(false)
  const [refused, setRefused] = useState<{ text: string; problems: readonly ProblemItem[] } | null>(null)
  const name = slugify(typed)
  // Fields of one object: once one is named, those of the other are no longer offered.
  const used = namesIn(expression.text).join(' ')
  const fields = useMemo(() => formulaFields(report, catalog, place, used.split(' ')), [report, catalog, place, used])
  const nameError = !isColumnName(name) ? t('extras.column.badName') : taken.has(name) ? t('extras.name.taken', { name }) : null
  const text = expression.text
  const asked = useMemo(() => checkOf(report, catalog, place, { name: nameError === null ? name : 'checked', expression: text }), [report, catalog, place, name, nameError, text])
  const run = useDryRun(text.trim() === '' ? null : asked)
  const problems = run.problems ?? (refused?.text === text ? refused.problems : [])
  const pointer = `/formulas/${place}`
  const missing = attempted && text.trim() === '' ? { message: t('extras.expression.missing'), span: null, suggestion: null } : null
  const mistake = mistakeAt(problems, `${pointer}/expression`, text) ?? missing
  const shownName = (attempted || typed.trim() !== '' ? nameError : null) ?? messageAt(problems, `${pointer}/name`)
  const type = run.problems?.length === 0 ? (run.columns[0]?.type ?? null) : null
  const uses = usesOf(report, type)
  const errors = attempted ? [...(shownName === null ? [] : [{ id: `${id}-name`, text: shownName }]), ...(mistake === null ? [] : [{ id: `${id}-expression`, text: mistake.message }])] : []
  const save = async () => {
    setAttempted(true)
    if (nameError !== null || text.trim() === '') return
    const found = await run.check(asked)
    setRefused({ text, problems: found })
    if (found.some((problem) => problem.pointer.startsWith(pointer))) return
    const saved = saveFormula(report, index, { name, expression: text })
    onSave(index === null ? addedAs(saved, catalog, name, use ?? uses[0] ?? 'none', type) : saved)
  }
  return (
    <DialogForm
      title={t(index === null ? 'extras.formula.new' : 'extras.formula.edit')}
      intro={t('extras.formula.intro')}
      size="760px"
      errors={errors}
      changed={expression.text !== (before?.expression ?? '')}
      onSave={() => void save()}
      onClose={onClose}
    >
      <div className="xpair">
        <TextInput
          id={`${id}-name`}
          label={t('extras.name')}
          value={typed}
          maxLength={63}
          error={shownName}
          hint={name === '' || name === typed ? t('extras.column.nameHint') : t('extras.column.becomes', { name })}
          onChange={setTyped}
          autoComplete="off"
          placeholder={t('extras.formula.example')}
        />
        {index !== null ? null : (
          <SelectInput label={t('extras.formula.use')} value={use ?? uses[0] ?? 'none'} onChange={(next) => setUse(next as FormulaUse)} options={uses.map((value) => ({ value, label: t(`extras.formula.use.${value}`) }))} hint={t('extras.formula.useHint')} />
        )}
      </div>
      <ExpressionEditor
        id={`${id}-expression`}
        label={t('extras.expression')}
        hint={t('extras.formula.hint')}
        names={fields}
        functions={FORMULA_FUNCTIONS}
        {...{ expression, mistake }}
        status={<CheckLine run={run} type={mistake === null ? type : null} elsewhere={mistake === null && shownName === null ? (problems[0]?.message ?? null) : null} />}
      />
      <InsertPanel title={t('extras.insert.fields')} names={fields} functions={FORMULA_FUNCTIONS} onPut={expression.put} />
    </DialogForm>
  )
}
