import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { Checkbox, SelectInput, TextInput } from '../shared/inputs'
import { NamesEditor } from './NamesEditor'
import { widgetOf, type Options, type OptionSchema } from './options'
import { RowsEditor } from './RowsEditor'

/** What is wrong with an option, by its pointer below the options: `/custom_fields/0/id`. */
export type Errors = Record<string, string>

type FieldProps = { name: string; schema: OptionSchema; value: unknown; pointer: string; errors: Errors; onChange: (value: unknown) => void }

/** The options of an integration, each as its schema says, with the schema's own words. */
export function OptionsForm({ schema, value, errors, pointer = '', onChange }: { schema: OptionSchema; value: Options; errors: Errors; pointer?: string; onChange: (value: Options) => void }) {
  return (
    <div className="formgrid">
      {Object.entries(schema.properties ?? {}).map(([name, property]) => (
        <OptionField key={name} name={name} schema={property} value={value[name]} pointer={`${pointer}/${name}`} errors={errors} onChange={(next) => onChange({ ...value, [name]: next })} />
      ))}
    </div>
  )
}

/** One option. */
export function OptionField({ name, schema, value, pointer, errors, onChange }: FieldProps) {
  const t = useT()
  const label = schema.title ?? name
  const common = { id: `option${pointer.replaceAll('/', '-')}`, label, error: errors[pointer] ?? null, hint: schema.description }
  switch (widgetOf(schema)) {
    case 'switch':
      return <Checkbox label={label} hint={schema.description} checked={value === undefined ? schema.default === true : value === true} onChange={onChange} />
    case 'choice':
      return <SelectInput {...common} value={String(value ?? schema.default ?? '')} options={(schema.enum ?? []).map((one) => ({ value: String(one), label: choiceLabel(String(one), t) }))} onChange={onChange} />
    case 'integer':
      return <TextInput {...common} inputMode="numeric" value={value === undefined ? '' : String(value)} onChange={(text) => onChange(text === '' || Number.isNaN(Number(text)) ? text : Number(text))} />
    case 'rows':
      return <RowsEditor schema={schema} label={label} pointer={pointer} errors={errors} value={Array.isArray(value) ? (value as Options[]) : []} onChange={onChange} />
    case 'names':
      return <NamesEditor label={label} hint={schema.description} error={errors[pointer] ?? null} value={(value ?? {}) as Record<string, string>} onChange={onChange} />
    case 'group':
      return (
        <fieldset className="optiongroup">
          <legend className="strong">{label}</legend>
          {schema.description === undefined ? null : <p className="s12 sub">{schema.description}</p>}
          <OptionsForm schema={schema} value={(value ?? {}) as Options} errors={errors} pointer={pointer} onChange={onChange} />
        </fieldset>
      )
    default:
      return <TextInput {...common} value={typeof value === 'string' ? value : ''} onChange={onChange} />
  }
}

const TYPES = new Set(['text', 'textarea', 'number', 'date', 'datetime', 'boolean', 'multiselect'])

/** Types of fields have names on this page; other choices are shown as they are. */
const choiceLabel = (value: string, t: ReturnType<typeof useT>): string => (TYPES.has(value) ? t(`common.type.${value}` as MessageId) : value)
