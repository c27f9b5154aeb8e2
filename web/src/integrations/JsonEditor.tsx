import { useT } from '../i18n/useT'
import { SelectInput, TextArea } from '../shared/inputs'
import { EXAMPLES } from './examples'
import { jsonProblem, placeOf } from './jsonText'
import type { Errors } from './OptionsForm'

/** Options as one JSON text: what is wrong is said by line. */
export function JsonEditor({ text, errors, onChange }: { text: string; errors: Errors; onChange: (text: string) => void }) {
  const t = useT()
  const broken = jsonProblem(text)
  const found = broken === null ? Object.entries(errors).map(([pointer, message]) => t('integrations.json.at', { ...placeOf(text, pointer), message })) : []
  const error = broken === null ? (found.length === 0 ? null : found.join(' ')) : t('integrations.json.broken', broken)
  return (
    <div className="formgrid">
      <SelectInput
        className="optionexample" label={t('integrations.json.example')} value="" onChange={(name) => (name in EXAMPLES ? onChange(JSON.stringify(EXAMPLES[name as keyof typeof EXAMPLES], null, 2)) : undefined)}
        options={[{ value: '', label: t('integrations.json.choose') }, { value: 'shopify', label: 'Shopify' }, { value: 'stripe', label: 'Stripe' }, { value: 'github', label: 'GitHub' }]}
      />
      <TextArea id="option" className="optionjson" label={t('integrations.json.options')} hint={t('integrations.json.hint')} error={error} value={text} rows={18} spellCheck={false} onChange={onChange} />
    </div>
  )
}
