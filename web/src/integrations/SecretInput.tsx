import { useState } from 'react'
import { useT } from '../i18n/useT'
import { Field } from '../shared/inputs'

/** A signing secret: hidden unless asked for, and never filled in by the page. */
export function SecretInput({ value, error, hint, disabled = false, onChange }: { value: string; error: string | null; hint: string; disabled?: boolean; onChange: (value: string) => void }) {
  const t = useT()
  const [shown, setShown] = useState(false)
  return (
    <div className="copyline">
      <Field id="signing-secret" label={t('integrations.secret')} error={error} hint={hint} className="grow">
        {(tied) => (
          <input
            {...tied} className={`inp mono ${error ? 'err' : ''}`} type={shown ? 'text' : 'password'} autoComplete="new-password" spellCheck={false} readOnly={disabled}
            value={value} onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <button type="button" className="btn sm" aria-pressed={shown} onClick={() => setShown(!shown)}>{t(shown ? 'integrations.hide' : 'common.show')}</button>
    </div>
  )
}
