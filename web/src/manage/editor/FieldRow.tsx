import { useState } from 'react'
import type { MessageId } from '../../i18n'
import { useT } from '../../i18n/useT'
import { Icon, TypeGlyph } from '../../shared/Icon'
import { without } from '../edits'
import type { FieldForm } from '../form'
import { FieldForms } from './FieldForms'
import { Grip } from './Grip'
import { RemovePartDialog } from './RemovePartDialog'
import { useEditing } from './editing'

/** A field in one line; opened, all that it is. */
export function FieldRow({ field, name, index, count, onMove, onSay }: {
  field: FieldForm
  name: string
  index: number
  count: number
  onMove: (from: number, to: number) => void
  onSay: (text: string) => void
}) {
  const t = useT()
  const { form, change, problems, isOpen, setOpen, locked } = useEditing()
  const [asking, setAsking] = useState(false)
  const open = isOpen(field.key)
  const wrong = problems(field.key)
  const remove = () => {
    change((current) => ({ ...current, fields: without(current.fields, field.key) }))
    onSay(t('manage.fields.removed', { name }))
  }
  return (
    <li data-item className={open ? 'openpart' : ''}>
      <div className="row partrow">
        {locked ? <span className="nogrip" /> : <Grip id={`grip-${field.key}`} name={name} index={index} count={count} onMove={onMove} />}
        <button type="button" className="parthandle" aria-expanded={open} onClick={() => setOpen(field.key, !open)}>
          <span className="sub row"><TypeGlyph type={field.type} /></span>
          <span className="s13 partname trunc">{name}</span>
          <span className="mono mut grow trunc">{field.slug}</span>
          {wrong > 0 && !open ? <span className="state bad"><Icon name="alert" />{t('manage.fields.problems', { count: wrong })}</span> : null}
          {field.builtIn ? <span className="pill"><Icon name="lock" />{t('manage.table.builtIn')}</span> : null}
          {field.personal ? <span className="pill personalpill">{t('manage.fields.personalPill')}</span> : null}
          {field.required ? <span className="pill">{t('common.required')}</span> : null}
          <span className="s12 sub parttype">{t(`common.type.${field.type}` as MessageId)}</span>
          <Icon name={open ? 'chevronDown' : 'chevronRight'} />
        </button>
      </div>
      {open ? (
        <div className="partbody">
          <FieldForms field={field} name={name} />
          {field.builtIn || locked ? null : (
            <div className="row wrap partactions">
              <button type="button" className="btn xs" aria-disabled={index === 0} onClick={() => index > 0 && onMove(index, index - 1)}><Icon name="arrowUp" />{t('manage.move.up')}</button>
              <button type="button" className="btn xs" aria-disabled={index === count - 1} onClick={() => index < count - 1 && onMove(index, index + 1)}><Icon name="arrowDown" />{t('manage.move.down')}</button>
              <span className="grow" />
              <button type="button" className="btn xs danger" onClick={() => (field.stored ? setAsking(true) : remove())}>
                <Icon name="trash" />{t(field.stored ? 'manage.fields.remove' : 'manage.fields.removeNew')}
              </button>
            </div>
          )}
        </div>
      ) : null}
      {asking ? <RemovePartDialog object={form.slug} slug={field.slug} name={name} onRemove={remove} onClose={() => setAsking(false)} /> : null}
    </li>
  )
}
