import { useState } from 'react'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import type { FieldInfo } from '../report/fields'
import type { Condition, FilterNode, Scalar } from '../report/types'
import { useFormats } from '../shared/formats'
import { SelectInput, TextInput } from '../shared/inputs'
import { complete, editable, operatorOf, operatorsOf, sent, UNITS, valuesFor, type ValueKind } from './operators'
import { readNumber, writeNumber } from './numbers'
import { ValuesPicker } from './ValuesPicker'

type Values = (Scalar | null)[]
type Parts = { type: string; kind: ValueKind; values: Values; onChange: (values: Values) => void }

/** Edits one condition. `onChange` is called with each state that says enough to be asked; others stay here.
 * `filters` are the other filters of the report on `base`: the values to choose from follow them. */
export function FilterEditor({ field, condition, onChange, base, filters, relationship, zone }: {
  field: FieldInfo
  condition: Condition
  onChange: (condition: Condition) => void
  base: string
  filters?: FilterNode | undefined
  relationship?: string | undefined
  zone?: string | undefined
}) {
  const t = useT()
  const [draft, setDraft] = useState(() => editable(condition, field.type))
  const operator = operatorOf(draft, field.type)
  const operators = operatorsOf(field.type)
  const change = (next: Condition, kind: ValueKind) => {
    setDraft(next)
    if (complete(next, kind)) onChange(sent(next, kind))
  }
  const choose = (op: string) => {
    const chosen = operators.find((found) => found.op === op)
    if (chosen === undefined) return
    change({ ...draft, op, values: valuesFor(chosen.kind, draft.values, operator?.kind) }, chosen.kind)
  }
  const kind = operator?.kind ?? 'none'
  const setValues = (values: Values) => change({ ...draft, values }, kind)
  return (
    <div className="filteredit">
      <SelectInput
        label={t('filters.operator')}
        value={draft.op}
        onChange={choose}
        data-autofocus
        options={[
          ...(operator === null ? [{ value: draft.op, label: t('filters.other') }] : []),
          ...operators.map((found) => ({ value: found.op, label: t(found.label) })),
        ]}
      />
      {kind === 'choices' ? (
        <ValuesPicker field={field} values={draft.values ?? []} onChange={setValues} {...{ base, filters, relationship }} />
      ) : (
        <ValueInputs key={draft.op} type={field.type} kind={kind} values={draft.values ?? []} onChange={setValues} />
      )}
      {zone !== undefined && field.type === 'datetime' ? <p className="hint">{t('filters.days', { zone })}</p> : null}
    </div>
  )
}

function ValueInputs({ type, kind, values, onChange }: Parts) {
  switch (kind) {
    case 'text':
      return <PlainText values={values} onChange={onChange} />
    case 'number':
    case 'numbers':
      return <Numbers type={type} kind={kind} values={values} onChange={onChange} />
    case 'date':
    case 'dates':
      return <Dates kind={kind} values={values} onChange={onChange} />
    case 'span':
      return <Span type={type} values={values} onChange={onChange} />
    case 'unit':
      return <Unit type={type} values={values} onChange={onChange} />
    case 'boolean':
      return <YesNo values={values} onChange={onChange} />
    default:
      return null
  }
}

function PlainText({ values, onChange }: Pick<Parts, 'values' | 'onChange'>) {
  const t = useT()
  return <TextInput label={t('filters.value')} value={String(values[0] ?? '')} maxLength={1024} onChange={(text) => onChange([text])} />
}

function Numbers({ type, kind, values, onChange }: Omit<Parts, 'kind'> & { kind: 'number' | 'numbers' }) {
  const t = useT()
  const { locale } = useFormats()
  const [texts, setTexts] = useState(() => [0, 1].map((at) => writeNumber((values[at] as number | undefined) ?? '', locale)))
  const read = (text: string) => {
    const value = readNumber(text, locale)
    // Amounts are exact decimals: as text, none of their digits is lost.
    return value === null ? '' : type === 'currency' ? text.trim().replace(/[\s\u00A0\u202F]/g, '').replace(',', '.') : value
  }
  const change = (at: number, text: string) => {
    const next = texts.map((old, index) => (index === at ? text : old))
    setTexts(next)
    onChange((kind === 'number' ? next.slice(0, 1) : next).map(read))
  }
  const problem = (text: string) => (text.trim() !== '' && readNumber(text, locale) === null ? t('filters.badNumber') : null)
  const labels: MessageId[] = kind === 'number' ? ['filters.value'] : ['filters.from', 'filters.to']
  return (
    <div className="pair">
      {labels.map((label, at) => (
        <TextInput key={label} label={t(label)} inputMode="decimal" value={texts[at] ?? ''} error={problem(texts[at] ?? '')} onChange={(text) => change(at, text)} />
      ))}
    </div>
  )
}

function Dates({ kind, values, onChange }: Pick<Parts, 'values' | 'onChange'> & { kind: 'date' | 'dates' }) {
  const t = useT()
  const labels: MessageId[] = kind === 'date' ? ['filters.date'] : ['filters.from', 'filters.to']
  const days = labels.map((_, at) => String(values[at] ?? '').slice(0, 10))
  const wrong = kind === 'dates' && days.every((day) => day !== '') && (days[1] ?? '') < (days[0] ?? '')
  return (
    <div className="pair">
      {labels.map((label, at) => (
        <TextInput
          key={label}
          type="date"
          min="1900-01-01"
          max="2299-12-31"
          label={t(label)}
          value={days[at] ?? ''}
          error={wrong && at === 1 ? t('filters.badOrder') : null}
          onChange={(day) => onChange(days.map((old, index) => (index === at ? day : old)))}
        />
      ))}
    </div>
  )
}

function unitsOf(type: string): string[] {
  return type === 'datetime' ? ['hour', ...UNITS] : [...UNITS]
}

function Span({ type, values, onChange }: Pick<Parts, 'type' | 'values' | 'onChange'>) {
  const t = useT()
  const [amount, unit] = [values[0], String(values[1] ?? 'day')]
  const [text, setText] = useState(String(amount ?? 30))
  const read = (typed: string) => (/^\d{1,4}$/.test(typed) && Number(typed) > 0 ? Number(typed) : '')
  return (
    <div className="pair">
      <TextInput
        label={t('filters.amount')}
        inputMode="numeric"
        value={text}
        error={read(text) === '' ? t('filters.badNumber') : null}
        onChange={(typed) => {
          setText(typed)
          onChange([read(typed), unit])
        }}
      />
      <SelectInput label={t('filters.unit')} value={unit} onChange={(next) => onChange([read(text), next])} options={unitsOf(type).map((value) => ({ value, label: t(`filters.unit.${value}` as MessageId) }))} />
    </div>
  )
}

function Unit({ type, values, onChange }: Pick<Parts, 'type' | 'values' | 'onChange'>) {
  const t = useT()
  return (
    <SelectInput label={t('filters.unit')} value={String(values[0] ?? 'month')} onChange={(unit) => onChange([unit])} options={unitsOf(type).map((value) => ({ value, label: t(`filters.whole.${value}` as MessageId) }))} />
  )
}

function YesNo({ values, onChange }: Pick<Parts, 'values' | 'onChange'>) {
  const t = useT()
  return (
    <SelectInput label={t('filters.value')} value={values[0] === false ? 'no' : 'yes'} onChange={(answer) => onChange([answer === 'yes'])} options={[{ value: 'yes', label: t('common.yes') }, { value: 'no', label: t('common.no') }]} />
  )
}
