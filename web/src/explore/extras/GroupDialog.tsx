import { useId, useMemo, useState } from 'react'
import { FieldMenu } from '../../filters/FieldMenu'
import { useT } from '../../i18n/useT'
import { indexOf, type FieldInfo } from '../../report/fields'
import { dimensionField } from '../../report/names'
import { freeSlug, slugify } from '../../shared/slug'
import { useFormats } from '../../shared/formats'
import { Icon, TypeGlyph } from '../../shared/Icon'
import { Field, SelectInput, TextInput } from '../../shared/inputs'
import type { ExtrasDialogProps } from './CalculationDialog'
import { DialogForm } from './DialogForm'
import { groupable, saveGroup } from './edits'
import { checkOf } from './formulas'
import { draftOf, dimensionOf, errorsOf, howsOf, placeOfGroup, type How } from './grouping'
import { groupErrorText } from './groupText'
import { isColumnName, namesOf } from './naming'
import { RangesEditor } from './RangesEditor'
import { useDryRun } from './useDryRun'
import { ValueGroups } from './ValueGroups'

/** Puts the values of a field into groups, or its numbers into ranges. */
export function GroupDialog({ report, catalog, index, field: given, onSave, onClose }: ExtrasDialogProps) {
  const t = useT()
  const id = useId()
  const { locale } = useFormats()
  const before = index === null ? undefined : groupable(report)[index]
  const named = before !== undefined && typeof before !== 'string' && 'name' in before ? before.name : undefined
  const [chosen, setChosen] = useState(before === undefined ? (given ?? '') : dimensionField(before))
  const field = useFieldOrFormula(chosen, { report, catalog })
  const type = field?.type ?? ''
  const [draft, setDraft] = useState(() => draftOf(before, type, locale))
  const [typed, setTyped] = useState(named ?? '')
  const [attempted, setAttempted] = useState(false)
  const taken = useMemo(() => namesOf(report, named), [report, named])
  const suggested = field === null ? '' : freeSlug(slugify(`${field.label} ${t('extras.kind.group')}`), taken)
  const name = typed.trim() === '' ? suggested : slugify(typed)
  const nameError = !isColumnName(name) ? t('extras.column.badName') : taken.has(name) ? t('extras.name.taken', { name }) : null
  const found = field === null ? [] : errorsOf(draft, type, locale)
  const errors = field === null
    ? [{ id: `${id}-field`, text: t('extras.group.missingField') }]
    : [
        ...(nameError === null ? [] : [{ id: `${id}-name`, text: nameError }]),
        ...found.map((error) => ({ id: `${id}-${error.at}${'key' in error ? error.key : ''}`, text: groupErrorText(error, field, t, locale) })),
      ]
  const errorAt = (at: string) => (attempted ? (errors.find((error) => error.id === `${id}-${at}`)?.text ?? null) : null)
  const pick = (next: string, nextType: string) => {
    setChosen(next)
    setDraft(draftOf(undefined, nextType, locale))
  }
  const save = () => {
    setAttempted(true)
    if (field !== null && errors.length === 0) onSave(saveGroup(report, placeOfGroup(report, index, field.name), dimensionOf(draft, field.name, name, type, locale)))
  }
  const hows = howsOf(type)
  const how = hows.includes(draft.how) ? draft.how : (hows[0] ?? 'values')
  return (
    <DialogForm title={t(index === null ? 'extras.group.new' : 'extras.group.edit')} intro={t('extras.group.intro')} errors={attempted ? errors : []} onSave={save} onClose={onClose}>
      <div className="xpair">
        <Field id={`${id}-field`} label={t('extras.group.field')} error={errorAt('field')} hint={field === null ? t('extras.group.none') : null}>
          {(tied) => (
            <FieldMenu catalog={catalog} base={report.object} accept={({ type: offered }) => howsOf(offered).length > 0} onPick={(picked) => pick(picked.name, picked.type)}>
              {(opens) => (
                <button type="button" className="inp xpick" {...tied} {...opens}>
                  {field === null ? <span className="grow mut">{t('extras.group.choose')}</span> : <><TypeGlyph type={field.type} /><span className="grow trunc">{field.label}</span></>}
                  <Icon name="chevronDown" />
                </button>
              )}
            </FieldMenu>
          )}
        </Field>
        <TextInput id={`${id}-name`} label={t('extras.name')} value={typed} maxLength={63} placeholder={suggested} error={errorAt('name')} hint={name === '' || name === typed ? t('extras.column.nameHint') : t('extras.column.becomes', { name })} onChange={setTyped} autoComplete="off" />
      </div>
      {(report.formulas?.length ?? 0) > 0 && index === null ? (
        <div className="row wrap" role="group" aria-label={t('extras.kind.formula')}>
          <span className="mut s12">{t('extras.kind.formula')}</span>
          {report.formulas?.map((formula) => (
            <button key={formula.name} type="button" className="btn xs" aria-pressed={chosen === formula.name} onClick={() => pick(formula.name, 'number')}>{formula.name}</button>
          ))}
        </div>
      ) : null}
      {field === null ? null : (
        <>
          {hows.length > 1 ? (
            <SelectInput label={t('extras.group.how')} value={how} onChange={(next) => setDraft({ ...draft, how: next as How })} options={hows.map((value) => ({ value, label: t(`extras.group.how.${value}`) }))} />
          ) : null}
          {how === 'values' ? (
            <ValueGroups {...{ id, draft, field, errorAt }} onDraft={setDraft} base={report.object} relationship={report.relationship} />
          ) : (
            <RangesEditor {...{ id, draft, field, how, errorAt }} onDraft={setDraft} />
          )}
        </>
      )}
    </DialogForm>
  )
}

/** The field of the catalog, or a formula as one; a dry run tells its type. */
function useFieldOrFormula(name: string, { report, catalog }: Pick<ExtrasDialogProps, 'report' | 'catalog'>): FieldInfo | null {
  const place = report.formulas?.findIndex((formula) => formula.name === name) ?? -1
  const formula = report.formulas?.[place]
  const run = useDryRun(formula === undefined ? null : checkOf(report, catalog, place, formula))
  const type = run.columns[0]?.type ?? 'number'
  return useMemo(() => {
    const known = indexOf(catalog).fields.get(name)
    if (known !== undefined) return known
    if (formula === undefined) return null
    return { name, object: '', label: name, type, options: [], granularities: [], scale: null, currency: null, description: null, builtIn: false }
  }, [catalog, formula, name, type])
}
