import { useT } from '../i18n/useT'
import { Icon } from '../shared/Icon'
import { FieldError } from '../shared/inputs'
import { emptyRow, type Options, type OptionSchema } from './options'
import { OptionField, type Errors } from './OptionsForm'

/** A list of things with the same members, one a row. */
export function RowsEditor({ schema, label, pointer, errors, value, onChange }: { schema: OptionSchema; label: string; pointer: string; errors: Errors; value: Options[]; onChange: (value: Options[]) => void }) {
  const t = useT()
  const item = schema.items ?? {}
  const change = (index: number, row: Options) => onChange(value.map((other, at) => (at === index ? row : other)))
  return (
    <fieldset className="optiongroup">
      <legend className="strong">{label}</legend>
      {schema.description === undefined ? null : <p className="s12 sub">{schema.description}</p>}
      {errors[pointer] === undefined ? null : <FieldError text={errors[pointer]} />}
      {value.map((row, index) => (
        <div key={index} className="optionline" role="group" aria-label={t('integrations.option.row', { name: item.title ?? label, number: index + 1 })}>
          {Object.entries(item.properties ?? {}).map(([name, property]) => (
            <OptionField key={name} name={name} schema={{ ...property, description: undefined }} value={row[name]} pointer={`${pointer}/${index}/${name}`} errors={errors} onChange={(next) => change(index, { ...row, [name]: next })} />
          ))}
          <button type="button" className="btn ghost sm sq" aria-label={t('integrations.option.remove', { name: item.title ?? label, number: index + 1 })} onClick={() => onChange(value.filter((_, at) => at !== index))}><Icon name="close" /></button>
        </div>
      ))}
      <div>
        <button type="button" className="btn sm" aria-label={t('integrations.option.addTo', { name: label })} onClick={() => onChange([...value, emptyRow(item)])}><Icon name="plus" />{t('common.add')}</button>
      </div>
    </fieldset>
  )
}
