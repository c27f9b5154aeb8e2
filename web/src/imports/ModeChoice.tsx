import { useId } from 'react'
import type { ImportMode } from '../api/schema'
import { useT } from '../i18n/useT'
import type { Missing } from './mapping'

const MODES: ImportMode[] = ['patch', 'upsert']
const NAMED_MOST = 6

/** What becomes of fields that are not in the file: they stay, or they are emptied. Only asked where there are some. */
export function ModeChoice({ missing, plural, mode, locked, onMode }: { missing: Missing[]; plural: string; mode: ImportMode | null; locked: boolean; onMode: (mode: ImportMode) => void }) {
  const t = useT()
  const name = useId()
  const names = missing.slice(0, NAMED_MOST).map((part) => part.label).join(', ')
  const required = missing.filter((part) => part.required).map((part) => part.label).join(', ')
  return (
    <fieldset className="choiceset">
      <legend className="strong">{t('imports.mode.question', { count: missing.length })}</legend>
      <p className="s13 sub">{names} {missing.length > NAMED_MOST ? t('imports.mode.more', { count: missing.length - NAMED_MOST }) : ''}</p>
      <div className="choicecards">
        {MODES.map((value) => (
          <label key={value} className={`choicecard ${mode === value ? 'on' : ''}`}>
            <input type="radio" name={name} value={value} checked={mode === value} disabled={locked} onChange={() => onMode(value)} />
            <span>
              <span className="strong">{t(`imports.mode.${value}`)}</span>
              <span className="s12 sub">{t(`imports.mode.${value}.text`, { plural })}{value === 'upsert' && required !== '' ? ` ${t('imports.mode.required', { names: required })}` : ''}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
