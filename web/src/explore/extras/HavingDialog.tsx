import { useId, useMemo, useState } from 'react'
import { useT } from '../../i18n/useT'
import { useFormats } from '../../shared/formats'
import { Icon } from '../../shared/Icon'
import { SelectInput, TextInput } from '../../shared/inputs'
import type { Report } from '../../report/types'
import type { ExtrasDialogProps } from './CalculationDialog'
import { havingColumns } from './columns'
import type { Named } from './completion'
import { DialogForm } from './DialogForm'
import { conditionOf, draftOf, havingOf, newRow, operatorsFor, valuesOf, withColumn, type HavingRow } from './having'

/** Conditions on the figures of the result. */
export function HavingDialog({ report, catalog, onSave, onClose }: ExtrasDialogProps) {
  const t = useT()
  const id = useId()
  const { locale } = useFormats()
  const columns = useMemo(() => havingColumns(report, catalog, t), [report, catalog, t])
  const [draft, setDraft] = useState(() => {
    const made = draftOf(report.having, columns, locale)
    const [first] = columns
    return made.rows.length === 0 && made.others.length === 0 && first !== undefined ? { ...made, rows: [newRow([], first)] } : made
  })
  const [attempted, setAttempted] = useState(false)
  const columnOf = (row: HavingRow) => columns.find(({ name }) => name === row.column)
  const errorOf = (row: HavingRow) => {
    const column = columnOf(row)
    return conditionOf(row, column?.type ?? 'number', locale) === null ? t('extras.having.missing', { column: column?.label ?? row.column }) : null
  }
  const errors = draft.rows.flatMap((row) => {
    const text = errorOf(row)
    return text === null ? [] : [{ id: `${id}-${row.key}-0`, text }]
  })
  const change = (next: HavingRow) => setDraft({ ...draft, rows: draft.rows.map((row) => (row.key === next.key ? next : row)) })
  const saveAs = (having: Report['having']) => {
    const { having: _having, ...rest } = report
    onSave(having === undefined ? rest : { ...rest, having })
  }
  const save = () => {
    setAttempted(true)
    if (errors.length === 0) saveAs(havingOf(draft, columns, locale))
  }
  const [first] = columns
  return (
    <DialogForm
      title={t('extras.having.title')}
      intro={t('extras.having.intro')}
      errors={attempted ? errors : []}
      onSave={save}
      onClose={onClose}
      extra={report.having === undefined ? null : <button type="button" className="btn ghost" onClick={() => saveAs(undefined)}><Icon name="trash" />{t('extras.having.clear')}</button>}
    >
      <div className="xstack">
        {first === undefined ? <p className="notice compact">{t('extras.having.pivot')}</p> : null}
        {draft.rows.map((row, at) => (
          <ConditionRow
            key={row.key}
            {...{ id, row, at, columns }}
            error={attempted ? errorOf(row) : null}
            onRow={change}
            onRemove={() => setDraft({ ...draft, rows: draft.rows.filter((other) => other !== row) })}
          />
        ))}
        {draft.others.length === 0 ? null : <p className="mut s12">{t('extras.having.kept', { count: draft.others.length })}</p>}
        <div className="row wrap">
          {first === undefined ? null : <button type="button" className="add" onClick={() => setDraft({ ...draft, rows: [...draft.rows, newRow(draft.rows, first)] })}><Icon name="plus" />{t('extras.having.add')}</button>}
          {draft.rows.length + draft.others.length > 1 ? <span className="mut s12">{t('extras.having.and')}</span> : null}
        </div>
      </div>
    </DialogForm>
  )
}

function ConditionRow({ id, row, at, columns, error, onRow, onRemove }: {
  id: string
  row: HavingRow
  at: number
  columns: readonly Named[]
  error: string | null
  onRow: (row: HavingRow) => void
  onRemove: () => void
}) {
  const t = useT()
  const column = columns.find(({ name }) => name === row.column)
  const type = column?.type ?? 'number'
  const dated = type === 'date' || type === 'datetime'
  const count = valuesOf(row.op, type)
  const choose = (name: string) => {
    const next = columns.find((found) => found.name === name)
    if (next !== undefined) onRow(withColumn(row, column, next))
  }
  return (
    <div className="xrow" role="group" aria-label={t('extras.having.row', { number: at + 1 })}>
      <SelectInput className="xwide" label={t('extras.having.column')} hideLabel={at > 0} value={row.column} options={columns.map(({ name, label }) => ({ value: name, label }))} onChange={choose} />
      <SelectInput className="xop" label={t('extras.having.op')} hideLabel={at > 0} value={row.op} options={operatorsFor(type).map(({ op, label }) => ({ value: op, label: t(label) }))} onChange={(op) => onRow({ ...row, op })} />
      {Array.from({ length: count }, (_, place) => (
        <TextInput
          key={place}
          id={`${id}-${row.key}-${place}`}
          label={count === 1 ? t('extras.having.value') : t(place === 0 ? 'filters.from' : 'filters.to')}
          hideLabel={at > 0}
          type={dated ? 'date' : 'text'}
          inputMode={dated ? undefined : 'decimal'}
          value={row.values[place] ?? ''}
          error={place === 0 ? error : null}
          onChange={(text) => onRow({ ...row, values: Array.from({ length: count }, (_unused, index) => (index === place ? text : (row.values[index] ?? ''))) })}
        />
      ))}
      <button type="button" className={`btn ghost sq ${at === 0 ? 'xtrash' : ''}`} aria-label={t('extras.having.drop', { number: at + 1 })} onClick={onRemove}><Icon name="trash" /></button>
    </div>
  )
}
