import { useId, useMemo, useState } from 'react'
import { FieldMenu } from '../../filters/FieldMenu'
import { FilterChip } from '../../filters/FilterChip'
import { conditions, parts, tree, type FilterPart } from '../../filters/tree'
import { useT } from '../../i18n/useT'
import { indexOf } from '../../report/fields'
import { freeSlug, slugify } from '../../shared/slug'
import { Icon } from '../../shared/Icon'
import { Field, FieldError, TextInput } from '../../shared/inputs'
import type { ExtrasDialogProps } from './CalculationDialog'
import { measureLabel } from './columns'
import { DialogForm } from './DialogForm'
import { saveFiltered } from './edits'
import { emptyCondition, formulaMeasures, isComplete, measureChoices, related, suggestedName } from './filtered'
import { isColumnName, namesOf } from './naming'

type Row = { key: number; part: FilterPart }

/** A measure with filters of its own. */
export function FilteredMeasureDialog({ report, catalog, index, onSave, onClose }: ExtrasDialogProps) {
  const t = useT()
  const id = useId()
  const { fields } = indexOf(catalog)
  const before = index === null ? undefined : report.measures?.[index]
  const named = typeof before === 'object' ? before : undefined
  const [measure, setMeasure] = useState(named?.measure ?? (typeof before === 'string' ? before : `${report.object}.count`))
  const [typed, setTyped] = useState(named?.name ?? '')
  const [rows, setRows] = useState<Row[]>(() => parts(named?.filters).map((part, key) => ({ key, part })))
  const [added, setAdded] = useState<number | null>(null)
  const [attempted, setAttempted] = useState(false)
  const taken = useMemo(() => namesOf(report, named?.name), [report, named])
  const found = rows.map(({ part }) => part)
  const suggested = freeSlug(suggestedName(measureLabel(measure, catalog, t), found, fields), taken)
  const name = typed.trim() === '' ? suggested : slugify(typed)
  const nameError = !isColumnName(name) ? t('extras.column.badName') : taken.has(name) ? t('extras.name.taken', { name }) : null
  const unfinished = found.flatMap((part) => (part.kind === 'other' ? [] : conditions(tree([part])))).find((condition) => !isComplete(condition, fields.get(condition.field)?.type ?? 'text'))
  const filtersError = rows.length === 0 ? t('extras.measure.missing') : unfinished === undefined ? null : t('extras.measure.unfinished', { field: fields.get(unfinished.field)?.label ?? unfinished.field })
  const errors = [...(nameError === null ? [] : [{ id: `${id}-name`, text: nameError }]), ...(filtersError === null ? [] : [{ id: `${id}-add`, text: filtersError }])]
  const save = () => {
    setAttempted(true)
    const filters = tree(found)
    if (errors.length > 0 || filters === undefined) return
    onSave(saveFiltered(related(report, catalog, measure, filters), index, { measure, name, filters }))
  }
  const replace = (key: number, part: FilterPart) => setRows(rows.map((row) => (row.key === key ? { key, part } : row)))
  const remove = (key: number) => {
    setRows(rows.filter((row) => row.key !== key))
    document.getElementById(`${id}-add`)?.focus()
  }
  return (
    <DialogForm title={t(named === undefined ? 'extras.measure.new' : 'extras.measure.edit')} intro={t('extras.measure.intro')} errors={attempted ? errors : []} onSave={save} onClose={onClose}>
      <div className="xpair">
        <Field label={t('extras.measure.of')}>
          {(tied) => (
            <select {...tied} className="inp" value={measure} onChange={(event) => setMeasure(event.target.value)}>
              {formulaMeasures(report, catalog).map((made) => <option key={made} value={made}>{measureLabel(made, catalog, t)}</option>)}
              {measureChoices(report, catalog).map((group) => (
                <optgroup key={group.label} label={group.label}>
                  {group.measures.map((choice) => <option key={choice.name} value={choice.name}>{choice.label}</option>)}
                </optgroup>
              ))}
            </select>
          )}
        </Field>
        <TextInput id={`${id}-name`} label={t('extras.name')} value={typed} placeholder={suggested} maxLength={63} error={attempted ? nameError : null} hint={name === typed ? t('extras.column.nameHint') : t('extras.column.becomes', { name })} onChange={setTyped} autoComplete="off" />
      </div>
      <div className="field" role="group" aria-labelledby={`${id}-filters`}>
        <p className="lab" id={`${id}-filters`}>{t('extras.measure.filters')}</p>
        <div className="row wrap">
          {rows.map(({ key, part }) => {
            const field = part.kind === 'condition' ? fields.get(part.condition.field) : undefined
            if (part.kind !== 'condition' || field === undefined) return <OtherChip key={key} label={part.kind === 'condition' ? part.condition.field : t('extras.measure.other')} onRemove={() => remove(key)} />
            return (
              <FilterChip
                key={key}
                field={field}
                condition={part.condition}
                startOpen={added === key}
                onClosed={() => setAdded(null)}
                base={report.object}
                filters={report.filters}
                relationship={report.relationship}
                zone={report.timezone ?? catalog.snapshot?.zone}
                onChange={(condition) => replace(key, { kind: 'condition', condition })}
                onRemove={() => remove(key)}
              />
            )
          })}
          <FieldMenu
            catalog={catalog}
            base={report.object}
            onPick={(field) => {
              const key = Math.max(-1, ...rows.map((row) => row.key)) + 1
              setRows([...rows, { key, part: { kind: 'condition', condition: emptyCondition(field) } }])
              setAdded(key)
            }}
          >
            {(opens) => <button type="button" id={`${id}-add`} className="add" {...opens}><Icon name="plus" />{t('extras.measure.add')}</button>}
          </FieldMenu>
        </div>
        {attempted && filtersError !== null ? <FieldError text={filtersError} /> : null}
      </div>
    </DialogForm>
  )
}

function OtherChip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const t = useT()
  return (
    <span className="fchip">
      <span className="f">{label}</span>
      <button type="button" className="x" aria-label={t('filters.remove', { field: label })} onClick={onRemove}><Icon name="close" /></button>
    </span>
  )
}
