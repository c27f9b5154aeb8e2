import { useId, useState } from 'react'
import { useT } from '../../i18n/useT'
import { Icon } from '../../shared/Icon'
import { SelectInput, TextInput } from '../../shared/inputs'
import type { ExtrasDialogProps } from './CalculationDialog'
import { comparisonText } from './chips'
import { comparableFields, comparisonOf, draftOf, hasEffect, MAX_PERIODS, named, nextPeriod, periodError, presets, type CompareDraft, type Period } from './comparison'
import { DialogForm } from './DialogForm'
import { withoutComparison } from './edits'

const UNITS = ['hour', 'day', 'week', 'month', 'quarter', 'year']

/** What a report is compared with: the snapshot before, or up to three earlier periods of one of its dates. */
export function CompareDialog({ report, catalog, onSave, onClose }: ExtrasDialogProps) {
  const t = useT()
  const id = useId()
  const fields = comparableFields(report, catalog)
  const [draft, setDraft] = useState(() => draftOf(report.compare, fields))
  const [attempted, setAttempted] = useState(false)
  const errors = draft.with === 'previous' ? [] : draft.periods.flatMap((_, at) => {
    const error = periodError(draft, at)
    return error === null ? [] : [{ id: `${id}-${at}-${error === 'amount' ? 'amount' : 'name'}`, text: t(`extras.compare.error.${error}`) }]
  })
  const save = () => {
    setAttempted(true)
    if (errors.length === 0) onSave({ ...report, compare: comparisonOf(draft) })
  }
  const had = report.compare !== undefined && report.compare !== null
  const field = fields.find(({ name }) => name === draft.field)
  return (
    <DialogForm
      title={t('extras.compare.title')}
      errors={attempted ? errors : []}
      onSave={save}
      onClose={onClose}
      extra={had ? <button type="button" className="btn ghost" onClick={() => onSave(withoutComparison(report))}><Icon name="trash" />{t('extras.compare.remove')}</button> : null}
    >
      <fieldset className="xradios">
        <legend className="lab">{t('extras.compare.with')}</legend>
        {(['previous', 'periods'] as const).map((kind) => (
          <label key={kind} className="checkline">
            <input
              type="radio"
              name={`${id}-with`}
              checked={draft.with === kind}
              aria-disabled={(kind === 'periods' && fields.length === 0) || undefined}
              onChange={() => { if (kind === 'previous' || fields.length > 0) setDraft({ ...draft, with: kind }) }}
            />
            <span>{t(`extras.compare.with.${kind}`)}<span className="hint xblock">{t(kind === 'periods' && fields.length === 0 ? 'extras.compare.noDate' : `extras.compare.with.${kind}.help`)}</span></span>
          </label>
        ))}
      </fieldset>
      {draft.with === 'periods' ? (
        <Periods {...{ id, draft, attempted }} onDraft={setDraft} fields={fields.map(({ name, label }) => ({ value: name, label }))} hours={field?.type === 'datetime'} />
      ) : null}
      <p className="notice xexplain" role="status"><Icon name="info" /><span className="grow">{
        draft.with === 'previous'
          ? t('extras.compare.explain.previous')
          : t('extras.compare.explain.periods', { field: field?.label ?? draft.field, periods: errors.length === 0 ? comparisonText(comparisonOf(draft), t) : '…', count: draft.periods.length })
      }</span></p>
      {draft.with === 'periods' && !hasEffect(report, draft.field) ? (
        <p className="notice warn xexplain"><Icon name="warning" /><span className="grow">{t('extras.compare.noEffect', { field: field?.label ?? draft.field })}</span></p>
      ) : null}
    </DialogForm>
  )
}

function Periods({ id, draft, attempted, fields, hours, onDraft }: {
  id: string
  draft: CompareDraft
  attempted: boolean
  fields: { value: string; label: string }[]
  hours: boolean
  onDraft: (draft: CompareDraft) => void
}) {
  const t = useT()
  const units = hours ? UNITS : UNITS.slice(1)
  const change = (at: number, part: Partial<Period>) =>
    onDraft({ ...draft, periods: draft.periods.map((period, index) => (index === at ? { ...period, ...part } : period)) })
  const several = draft.periods.length > 1
  return (
    <div className="xstack">
      <SelectInput label={t('extras.compare.field')} value={draft.field} options={fields} onChange={(field) => onDraft({ ...draft, field })} />
      <div className="row wrap" role="group" aria-label={t('extras.compare.presets')}>
        {presets.map(({ id: preset, period }) => (
          <button
            key={preset}
            type="button"
            className="btn xs"
            aria-pressed={draft.periods.length === 1 && draft.periods[0]?.unit === period.unit && draft.periods[0].amount === period.amount}
            onClick={() => onDraft({ ...draft, periods: [period] })}
          >
            {t(`extras.compare.preset.${preset}`)}
          </button>
        ))}
      </div>
      {draft.periods.map((period, at) => {
        const error = periodError(draft, at)
        return (
          <div key={at} className="xrow" role="group" aria-label={t('extras.compare.period', { number: at + 1 })}>
            <TextInput id={`${id}-${at}-amount`} className="xshort" label={t('extras.compare.amount')} inputMode="numeric" value={period.amount} error={attempted && error === 'amount' ? t('extras.compare.error.amount') : null} onChange={(amount) => change(at, { amount })} />
            <SelectInput label={t('filters.unit')} value={period.unit} options={units.map((unit) => ({ value: unit, label: t(`extras.compare.unit.${unit}` as 'extras.compare.unit.day') }))} onChange={(unit) => change(at, { unit })} />
            {several ? (
              <TextInput id={`${id}-${at}-name`} label={t('extras.compare.name')} value={period.name} maxLength={63} error={attempted && (error === 'name' || error === 'taken') ? t(`extras.compare.error.${error}`) : null} onChange={(name) => change(at, { name })} />
            ) : <span className="xlast mut s13">{t('extras.compare.earlier')}</span>}
            {several ? (
              <button type="button" className="btn ghost sq xtrash" aria-label={t('extras.compare.drop', { number: at + 1 })} onClick={() => onDraft({ ...draft, periods: draft.periods.filter((_, index) => index !== at) })}><Icon name="trash" /></button>
            ) : null}
          </div>
        )
      })}
      {draft.periods.length < MAX_PERIODS ? (
        <div><button type="button" className="add" onClick={() => onDraft(named({ ...draft, periods: [...draft.periods, nextPeriod(draft)] }))}><Icon name="plus" />{t('extras.compare.add')}</button></div>
      ) : null}
    </div>
  )
}
