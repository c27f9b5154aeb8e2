import { useState } from 'react'
import { useT } from '../../i18n/useT'
import { Icon } from '../../shared/Icon'
import { TextArea, TextInput } from '../../shared/inputs'
import { CONTACT } from '../form'
import { withNames } from '../edits'
import { LockedInput } from './LockedInput'
import { tied, useEditing } from './editing'

// A longer API name needs as much room as the other names.
const SHORT = 12

/** What one record and several records are called, and the object's API name. */
export function NamesPart() {
  const t = useT()
  const editing = useEditing()
  const { form, change, objects } = editing
  const [describing, setDescribing] = useState(form.description !== '')
  const set = (patch: Partial<typeof form>) => change((current) => withNames(current, patch, objects))
  return (
    <div className={`names ${form.stored && form.slug.length <= SHORT ? '' : 'newnames'}`}>
      <TextInput {...tied(editing, 'labels.singular')} label={t('manage.name.singular')} value={form.singular} placeholder={form.stored ? undefined : t('manage.name.examples')} autoComplete="off"
        onChange={(singular) => set({ singular })} />
      <TextInput {...tied(editing, 'labels.plural')} label={t('manage.name.plural')} value={form.plural} placeholder={form.stored ? undefined : t('manage.name.examplesMany')} autoComplete="off"
        onChange={(plural) => set({ plural, pluralTyped: true })} />
      {form.stored ? (
        <LockedInput label={t('manage.name.slug')} value={form.slug} reason={t('manage.name.slugFixed')} mono />
      ) : (
        <TextInput {...tied(editing, 'object')} className="mononame" label={t('manage.name.slug')} value={form.slug} autoComplete="off" spellCheck={false}
          onChange={(slug) => set({ slug, named: slug !== '' })} />
      )}
      {form.stored ? null : <p className="hint namehint">{t('manage.name.slugHint')}</p>}
      {describing || form.slug === CONTACT ? (
        <TextArea {...tied(editing, 'description')} className="namedescription" label={t('manage.name.description')} hint={t('manage.name.descriptionHint')} rows={2} value={form.description}
          onChange={(description) => set({ description })} />
      ) : editing.locked ? null : (
        <button type="button" className="btn ghost xs adddescription" onClick={() => setDescribing(true)}><Icon name="plus" />{t('manage.name.addDescription')}</button>
      )}
    </div>
  )
}
