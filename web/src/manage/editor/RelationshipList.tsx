import { useState } from 'react'
import { useT } from '../../i18n/useT'
import { useFormats } from '../../shared/formats'
import { Icon } from '../../shared/Icon'
import { FieldError, SelectInput, TextInput } from '../../shared/inputs'
import { inputId, paths } from '../checks'
import { ComboInput } from '../ComboInput'
import { without, withRelationship } from '../edits'
import { CONTACT, newRelationship, type RelationshipForm } from '../form'
import { LockedInput } from './LockedInput'
import { RemovePartDialog } from './RemovePartDialog'
import { tied, useEditing } from './editing'

/** The links to the contact, and to other objects. */
export function RelationshipList() {
  const t = useT()
  const formats = useFormats()
  const { form, change, error, setOpen, locked, heading: Heading } = useEditing()
  const add = () => {
    const relationship = newRelationship()
    change((current) => ({ ...current, relationships: [...current.relationships, relationship] }))
    setOpen(relationship.key, true)
    const label = inputId(paths.part('relationships', relationship.key, 'label'))
    requestAnimationFrame(() => document.getElementById(label)?.focus())
  }
  const problem = error('relationships')
  const reportable = form.slug === CONTACT || form.relationships.some((each) => each.target === CONTACT)
  return (
    <section aria-labelledby="relationships-title">
      <div className="row parthead">
        <Heading className="grow" id="relationships-title">{t('manage.relationships.title')} <span className="mut partcount">{formats.number(form.relationships.length)}</span></Heading>
        {locked ? null : <button type="button" className="btn xs" id={inputId('relationships')} onClick={add}><Icon name="plus" />{t('manage.relationships.add')}</button>}
      </div>
      {problem === null ? null : <FieldError text={problem} />}
      {form.relationships.length === 0 ? null : (
        <ul className="card parts" aria-label={t('manage.relationships.list')}>
          {form.relationships.map((relationship) => <RelationshipRow key={relationship.key} relationship={relationship} />)}
        </ul>
      )}
      {reportable ? null : <p className="s12 sub row nocontact"><Icon name="info" />{t('manage.relationships.none')}</p>}
    </section>
  )
}

function RelationshipRow({ relationship }: { relationship: RelationshipForm }) {
  const t = useT()
  const { form, change, problems, isOpen, setOpen, locked } = useEditing()
  const [asking, setAsking] = useState(false)
  const open = isOpen(relationship.key)
  const wrong = problems(relationship.key)
  const name = relationship.label || relationship.slug || t('manage.relationships.unnamed')
  const target = relationship.target === CONTACT ? t('common.contact') : relationship.target
  const remove = () => change((current) => ({ ...current, relationships: without(current.relationships, relationship.key) }))
  return (
    <li className={open ? 'openpart' : ''}>
      <div className="row partrow">
        <button type="button" className="parthandle" aria-expanded={open} onClick={() => setOpen(relationship.key, !open)}>
          <span className="sub row"><Icon name={relationship.target === CONTACT ? 'person' : 'link'} /></span>
          <span className="s13 partname trunc">{name}</span>
          <span className="mono mut grow trunc">{relationship.slug}</span>
          {wrong > 0 && !open ? <span className="state bad"><Icon name="alert" />{t('manage.fields.problems', { count: wrong })}</span> : null}
          <span className="s12 sub">{t('manage.relationships.summary', { many: String(relationship.many), target, object: form.singular.toLocaleLowerCase() || t('manage.relationships.record') })}</span>
          <Icon name={open ? 'chevronDown' : 'chevronRight'} />
        </button>
      </div>
      {open ? (
        <div className="partbody">
          <RelationshipForms relationship={relationship} />
          {locked ? null : (
            <div className="row partactions">
              <span className="grow" />
              <button type="button" className="btn xs danger" onClick={() => (relationship.stored ? setAsking(true) : remove())}>
                <Icon name="trash" />{t(relationship.stored ? 'manage.relationships.remove' : 'manage.relationships.removeNew')}
              </button>
            </div>
          )}
        </div>
      ) : null}
      {asking ? <RemovePartDialog object={form.slug} slug={relationship.slug} name={name} onRemove={remove} onClose={() => setAsking(false)} /> : null}
    </li>
  )
}

function RelationshipForms({ relationship }: { relationship: RelationshipForm }) {
  const t = useT()
  const editing = useEditing()
  const at = (member: string) => tied(editing, paths.part('relationships', relationship.key, member))
  const set = (patch: Partial<RelationshipForm>) => editing.change((form) => withRelationship(form, relationship.key, patch))
  const numbers = [{ value: 'false', label: t('manage.relationships.one') }, { value: 'true', label: t('manage.relationships.many') }]
  const targets = [{ value: CONTACT, name: '' }, ...editing.objects.filter((object) => object !== CONTACT).map((object) => ({ value: object, name: '' }))]
  return (
    <div className="fieldgrid even">
      <TextInput {...at('label')} label={t('manage.fields.label')} value={relationship.label} autoComplete="off" onChange={(label) => set({ label })} />
      {relationship.stored ? (
        <LockedInput label={t('manage.name.slug')} value={relationship.slug} reason={t('manage.fields.slugFixed')} mono />
      ) : (
        <TextInput {...at('slug')} className="mononame" label={t('manage.name.slug')} value={relationship.slug} autoComplete="off" spellCheck={false} onChange={(slug) => set({ slug, named: slug !== '' })} />
      )}
      {relationship.stored ? (
        <>
          <LockedInput label={t('manage.relationships.target')} value={relationship.target} reason={t('manage.relationships.targetFixed')} mono />
          <LockedInput label={t('manage.relationships.number')} value={t(relationship.many ? 'manage.relationships.many' : 'manage.relationships.one')} reason={t('manage.relationships.targetFixed')} />
        </>
      ) : (
        <>
          <ComboInput {...at('target')} label={t('manage.relationships.target')} hint={t('manage.relationships.targetHint')} value={relationship.target} choices={targets} onChange={(target) => set({ target })} />
          <SelectInput label={t('manage.relationships.number')} value={String(relationship.many)} options={numbers} onChange={(many) => set({ many: many === 'true' })} />
        </>
      )}
      {relationship.target === CONTACT || relationship.target === '' ? null : <p className="s12 sub widefield row"><Icon name="info" />{t('manage.relationships.notJoinable')}</p>}
      <TextInput {...at('description')} className="widefield" label={t('manage.fields.description')} value={relationship.description} onChange={(description) => set({ description })} />
    </div>
  )
}
