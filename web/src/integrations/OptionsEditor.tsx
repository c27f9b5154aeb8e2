import { JsonEditor } from './JsonEditor'
import { isForm, type OptionsDraft, type OptionSchema } from './options'
import { OptionsForm, type Errors } from './OptionsForm'

/** Fields where the schema allows it, else JSON. */
export function OptionsEditor({ schema, draft, errors, onChange }: { schema: OptionSchema; draft: OptionsDraft; errors: Errors; onChange: (draft: OptionsDraft) => void }) {
  return isForm(schema)
    ? <OptionsForm schema={schema} value={draft.options} errors={errors} onChange={(options) => onChange({ ...draft, options })} />
    : <JsonEditor text={draft.text} errors={errors} onChange={(text) => onChange({ ...draft, text })} />
}
