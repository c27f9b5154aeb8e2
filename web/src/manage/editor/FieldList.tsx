import { useState } from 'react'
import { useT } from '../../i18n/useT'
import { useFormats } from '../../shared/formats'
import { Icon } from '../../shared/Icon'
import { FieldError } from '../../shared/inputs'
import { inputId, paths } from '../checks'
import { moved } from '../edits'
import { newField, type FieldForm } from '../form'
import { FieldRow } from './FieldRow'
import { useEditing } from './editing'

const SHOWN = 12

/** The fields in their order: to open, move, add and remove. */
export function FieldList() {
  const t = useT()
  const formats = useFormats()
  const { form, change, error, isOpen, setOpen, locked, heading: Heading } = useEditing()
  const [all, setAll] = useState(false)
  const [said, setSaid] = useState('')
  const name = (field: FieldForm) => field.label || field.slug || t('manage.fields.unnamed')
  // New fields stand at the end: they, and opened ones, are never hidden.
  const hides = !all && form.fields.length > SHOWN + 2 && form.fields.slice(SHOWN).every((field) => field.stored && !isOpen(field.key))
  const shown = hides ? form.fields.slice(0, SHOWN) : form.fields
  const add = () => {
    const field = newField()
    change((current) => ({ ...current, fields: [...current.fields, field] }))
    setOpen(field.key, true)
    const label = inputId(paths.part('fields', field.key, 'label'))
    requestAnimationFrame(() => document.getElementById(label)?.focus())
  }
  const move = (from: number, to: number) => {
    const field = form.fields[from]
    change((current) => ({ ...current, fields: moved(current.fields, from, to) }))
    if (field !== undefined) setSaid(t('manage.move.done', { name: name(field), place: to + 1, count: form.fields.length }))
  }
  const problem = error('fields')
  return (
    <section aria-labelledby="fields-title">
      <div className="row parthead">
        <Heading className="grow" id="fields-title">{t('manage.fields.title')} <span className="mut partcount">{formats.number(form.fields.length)}</span></Heading>
        {locked ? null : <button type="button" className="btn xs" id={inputId('fields')} onClick={add}><Icon name="plus" />{t('manage.fields.add')}</button>}
      </div>
      {problem === null ? null : <FieldError text={problem} />}
      {form.fields.length === 0 ? <p className="card nopart s13 mut">{t('manage.fields.none')}</p> : (
        <ul className="card parts" data-reorder aria-label={t('manage.fields.list')}>
          {shown.map((field, index) => (
            <FieldRow key={field.key} field={field} name={name(field)} index={index} count={form.fields.length} onMove={move} onSay={setSaid} />
          ))}
          {form.fields.length > SHOWN + 2 && (hides || all) ? (
            <li>
              <button type="button" className="btn ghost xs morefields" aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? t('manage.fields.fewer') : t('manage.fields.more', { count: form.fields.length - SHOWN })}
                <Icon name={all ? 'chevronUp' : 'chevronDown'} />
              </button>
            </li>
          ) : null}
        </ul>
      )}
      <p className="vh" role="status">{said}</p>
    </section>
  )
}
