import { useId, useMemo, useState } from 'react'
import { useT } from '../i18n/useT'
import { folded, type FieldInfo } from '../report/fields'
import type { FilterNode, Scalar } from '../report/types'
import { useFormats } from '../shared/formats'
import { SearchInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { valueText } from './describe'
import { useValues } from './useValues'

type Choice = { value: Scalar; label: string; records: number | null }

/** Values to tick: those that a schema lists, or that records have, with the number of records of each. */
export function ValuesPicker({ field, values, onChange, base, filters, relationship }: {
  field: FieldInfo
  values: readonly (Scalar | null)[]
  onChange: (values: Scalar[]) => void
  base: string
  filters?: FilterNode | undefined
  relationship?: string | undefined
}) {
  const t = useT()
  const formats = useFormats()
  const group = useId()
  const [search, setSearch] = useState('')
  const listed = field.options.length > 0
  const answer = useValues({ field: field.name, contains: listed ? '' : search, base, filters, relationship })
  const chosen = useMemo(() => new Set(values.filter((value) => value !== null)), [values])
  const choices = useMemo(() => {
    const counts = new Map((answer.data?.values ?? []).map((item) => [item.value as Scalar, item.records]))
    const known: Choice[] = listed
      ? field.options.map((option) => ({ value: option.value, label: option.label, records: answer.data === undefined ? null : (counts.get(option.value) ?? 0) }))
      : [...counts].map(([value, records]) => ({ value, label: valueText(value, field, formats), records }))
    const found = known.filter((choice) => folded(choice.label).includes(folded(search)))
    const missing = [...chosen].filter((value) => !known.some((choice) => choice.value === value))
    return [...missing.map((value) => ({ value, label: valueText(value, field, formats), records: null })), ...found]
  }, [answer.data, chosen, field, formats, listed, search])
  const toggle = (value: Scalar) => {
    onChange(chosen.has(value) ? [...chosen].filter((other) => other !== value) : [...chosen, value])
  }
  const typed = search.trim()
  const offersTyped = !listed && typed !== '' && !choices.some((choice) => choice.value === typed)
  return (
    <div className="valuespicker">
      <SearchInput label={t('filters.search')} value={search} onChange={setSearch} />
      {answer.isError ? <ProblemNotice error={answer.error} again={() => void answer.refetch()} compact /> : null}
      <fieldset className="valuelist" aria-busy={answer.isFetching}>
        <legend className="vh">{t('filters.values')}</legend>
        {choices.map((choice) => (
          <label key={String(choice.value)} className="choice">
            <input type="checkbox" name={group} checked={chosen.has(choice.value)} onChange={() => toggle(choice.value)} />
            <span className="grow trunc">{choice.label}</span>
            {choice.records === null ? null : (
              <span className="mut s12 num"><span aria-hidden="true">{formats.number(choice.records)}</span><span className="vh">{t('filters.values.count', { count: choice.records })}</span></span>
            )}
          </label>
        ))}
        {offersTyped ? <button type="button" className="btn ghost xs" onClick={() => toggle(typed)}>{t('filters.values.use', { text: typed })}</button> : null}
        {choices.length === 0 && !answer.isPending && !offersTyped ? <p className="mut s12">{t(typed === '' ? 'filters.values.empty' : 'filters.values.none')}</p> : null}
        {choices.length === 0 && answer.isPending ? <div className="sk" style={{ height: 96 }} /> : null}
      </fieldset>
      <div className="row">
        <span className="mut s12 grow" role="status">{t('filters.values.chosen', { count: chosen.size })}</span>
        {chosen.size > 0 ? <button type="button" className="btn ghost xs" onClick={() => onChange([])}>{t('filters.values.clear')}</button> : null}
      </div>
      {answer.data?.truncated && !listed ? <p className="hint">{t('filters.values.more')}</p> : null}
    </div>
  )
}
