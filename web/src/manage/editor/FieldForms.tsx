import { useMemo } from 'react'
import type { FieldType } from '../../api/schema'
import type { MessageId } from '../../i18n'
import { useLanguage } from '../../i18n/LanguageProvider'
import { useT } from '../../i18n/useT'
import { Checkbox, SelectInput, TextInput } from '../../shared/inputs'
import { paths } from '../checks'
import { ComboInput } from '../ComboInput'
import { currenciesIn } from '../currencies'
import { withField } from '../edits'
import { hasOptions, hasScale, TYPES, type FieldForm } from '../form'
import { LockedInput } from './LockedInput'
import { OptionsEditor } from './OptionsEditor'
import { tied, useEditing } from './editing'

/** All inputs of one field. What is fixed is shown, locked, with its reason. */
export function FieldForms({ field, name }: { field: FieldForm; name: string }) {
  const t = useT()
  const editing = useEditing()
  const at = (member: string) => tied(editing, paths.part('fields', field.key, member))
  const set = (patch: Partial<FieldForm>) => editing.change((form) => withField(form, field.key, patch))
  const type = t(`common.type.${field.type}` as MessageId)
  if (field.builtIn) return <p className="s13 sub">{t('manage.fields.builtIn', { name })}</p>
  return (
    <div className="fieldgrid">
      <TextInput {...at('label')} label={t('manage.fields.label')} value={field.label} autoComplete="off" onChange={(label) => set({ label })} />
      {field.stored ? <LockedInput label={t('manage.fields.type')} value={type} reason={t('manage.fields.typeFixed')} /> : (
        <SelectInput id={at('type').id} error={at('type').error} label={t('manage.fields.type')} value={field.type} onChange={(next) => set({ type: next as FieldType })}
          options={TYPES.map((each) => ({ value: each, label: t(`common.type.${each}` as MessageId) }))} />
      )}
      {field.stored ? null : (
        <TextInput {...at('slug')} className="mononame widefield" label={t('manage.name.slug')} hint={t('manage.fields.slugHint')} value={field.slug} autoComplete="off" spellCheck={false}
          onChange={(slug) => set({ slug, named: slug !== '' })} />
      )}
      {field.type === 'currency' ? <CurrencyInput field={field} onChange={(currency) => set({ currency })} /> : null}
      {hasScale(field.type) ? (
        <TextInput {...at('scale')} label={t('manage.fields.scale')} hint={t('manage.fields.scaleHint')} inputMode="numeric" value={field.scale} onChange={(scale) => set({ scale })} />
      ) : null}
      <TextInput {...at('description')} className="widefield" label={t('manage.fields.description')} value={field.description} onChange={(description) => set({ description })} />
      <div className="widefield">
        <Checkbox label={t('manage.fields.required')} checked={field.required} aria-disabled={editing.locked} onChange={(required) => !editing.locked && set({ required })} />
        <Checkbox label={t('manage.fields.personal')} checked={field.personal} aria-disabled={editing.locked} onChange={(personal) => !editing.locked && set({ personal })} />
      </div>
      {hasOptions(field.type) ? <OptionsEditor field={field} name={name} onChange={(edit) => editing.change((form) => withField(form, field.key, { options: edit(form.fields.find((each) => each.key === field.key)?.options ?? []) }))} /> : null}
    </div>
  )
}

function CurrencyInput({ field, onChange }: { field: FieldForm; onChange: (code: string) => void }) {
  const t = useT()
  const { language } = useLanguage()
  const editing = useEditing()
  const choices = useMemo(() => currenciesIn(language).map(({ code, name }) => ({ value: code, name })), [language])
  const at = tied(editing, paths.part('fields', field.key, 'currency'))
  return (
    <ComboInput {...at} label={t('manage.fields.currency')} hint={at.error === null ? t('manage.fields.currencyHint') : undefined} placeholder="USD"
      value={field.currency} choices={choices} onChange={onChange} />
  )
}
