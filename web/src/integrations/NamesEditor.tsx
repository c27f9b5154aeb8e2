import { useState } from 'react'
import { useT } from '../i18n/useT'
import { TextArea } from '../shared/inputs'
import { readNames, writeNames } from './nameLines'

/** Names by id, one a line: many are pasted at once from a vendor's list. */
export function NamesEditor({ label, hint, error, value, onChange }: { label: string; hint: string | undefined; error: string | null; value: Record<string, string>; onChange: (value: Record<string, string>) => void }) {
  const t = useT()
  const [text, setText] = useState(() => writeNames(value))
  const { names, wrong } = readNames(text)
  const change = (next: string) => {
    setText(next)
    onChange(readNames(next).names)
  }
  const count = Object.keys(names).length
  return (
    <details className="optionnames">
      <summary>{label} <span className="mut">{count}</span></summary>
      <TextArea
        label={label} hideLabel value={text} rows={4} spellCheck={false} placeholder="8447320466430 = Support" onChange={change}
        error={error ?? (wrong === null ? null : t('integrations.option.wrongName', { line: wrong }))} hint={`${hint ?? ''} ${t('integrations.option.names')}`}
      />
    </details>
  )
}
