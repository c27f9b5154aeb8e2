import { useState } from 'react'
import { useT } from '../../i18n/useT'
import { Icon } from '../../shared/Icon'
import { FieldError, TextInput } from '../../shared/inputs'
import { inputId, paths } from '../checks'
import { moved, without, withOption } from '../edits'
import { newOption, type FieldForm, type OptionForm } from '../form'
import { Grip } from './Grip'
import { LockedInput } from './LockedInput'
import { PasteDialog } from './PasteDialog'
import { tied, useEditing } from './editing'

const SHOWN = 50

/** The choices of a dropdown or multiselect. */
export function OptionsEditor({ field, name, onChange }: { field: FieldForm; name: string; onChange: (edit: (options: OptionForm[]) => OptionForm[]) => void }) {
  const t = useT()
  const { error, locked } = useEditing()
  const [pasting, setPasting] = useState(false)
  const [all, setAll] = useState(false)
  const [said, setSaid] = useState('')
  const { options } = field
  const shown = all ? options : options.slice(0, SHOWN)
  const path = paths.part('fields', field.key, 'options')
  const problem = error(path)
  const add = () => {
    const option = newOption()
    onChange((list) => [...list, option])
    setAll(true)
    requestAnimationFrame(() => document.getElementById(inputId(paths.option(field.key, option.key, 'label')))?.focus())
  }
  const move = (from: number, to: number) => {
    onChange((list) => moved(list, from, to))
    setSaid(t('manage.move.done', { name: options[from]?.label ?? '', place: to + 1, count: options.length }))
  }
  const remove = (option: OptionForm) => {
    onChange((list) => without(list, option.key))
    setSaid(option.stored ? t('manage.options.removed', { name: option.label }) : t('manage.fields.removed', { name: option.label || option.value }))
  }
  return (
    <div className="widefield" role="group" aria-label={t('manage.options.title')}>
      <div className="row">
        <span className="lab grow">{t('manage.options.title')} <span className="mut">{options.length}</span></span>
        {locked ? null : <button type="button" className="btn xs" id={inputId(path)} onClick={() => setPasting(true)}>{t('manage.options.paste')}</button>}
      </div>
      {problem === null ? null : <FieldError text={problem} />}
      {options.length === 0 ? <p className="s12 mut">{t(field.type === 'dropdown' ? 'manage.options.none' : 'manage.options.noneMany')}</p> : (
        <>
          <div className="optionhead s12 mut" aria-hidden="true"><span>{t('manage.options.labelHead')}</span><span>{t('manage.options.valueHead')}</span></div>
          <ul className="options" data-reorder>
            {shown.map((option, index) => (
              <OptionRow key={option.key} field={field.key} option={option} index={index} count={options.length} onMove={move} onRemove={() => remove(option)}
                onChange={(patch) => onChange((list) => withOption(list, option.key, patch))} />
            ))}
          </ul>
        </>
      )}
      {shown.length < options.length ? (
        <button type="button" className="btn ghost xs" onClick={() => setAll(true)}>{t('manage.options.more', { count: options.length - shown.length })}<Icon name="chevronDown" /></button>
      ) : null}
      {locked ? null : <button type="button" className="btn ghost xs addoption" onClick={add}><Icon name="plus" />{t('manage.options.add')}</button>}
      <p className="s12 mut saidoption" role="status">{said}</p>
      {pasting ? <PasteDialog name={name} options={options} onAdd={(added) => onChange((list) => [...list, ...added])} onClose={() => setPasting(false)} /> : null}
    </div>
  )
}

function OptionRow({ field, option, index, count, onMove, onRemove, onChange }: {
  field: string
  option: OptionForm
  index: number
  count: number
  onMove: (from: number, to: number) => void
  onRemove: () => void
  onChange: (patch: Partial<OptionForm>) => void
}) {
  const t = useT()
  const editing = useEditing()
  const name = option.label || option.value || String(index + 1)
  return (
    <li data-item className="optionrow">
      {editing.locked ? <span /> : <Grip id={`grip-${field}-${option.key}`} name={name} index={index} count={count} onMove={onMove} />}
      <TextInput {...tied(editing, paths.option(field, option.key, 'label'))} hideLabel label={t('manage.options.label', { place: index + 1 })} value={option.label} autoComplete="off" onChange={(label) => onChange({ label })} />
      {option.stored ? (
        <LockedInput hideLabel mono label={t('manage.options.value', { place: index + 1 })} value={option.value} reason={t('manage.options.valueFixed')} />
      ) : (
        <TextInput {...tied(editing, paths.option(field, option.key, 'value'))} className="mononame" hideLabel label={t('manage.options.value', { place: index + 1 })} value={option.value} autoComplete="off"
          onChange={(value) => onChange({ value, named: value !== '' })} />
      )}
      {editing.locked ? null : <button type="button" className="btn ghost xs sq" aria-label={t('manage.options.remove', { name })} onClick={onRemove}><Icon name="close" /></button>}
    </li>
  )
}
