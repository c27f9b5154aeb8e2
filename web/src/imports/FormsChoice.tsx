import type { DateOrder, DecimalMark } from '../api/schema'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { SelectInput } from '../shared/inputs'
import { PLAIN, type Forms, type FormsFound } from './forms'

const VALUES: { decimal: DecimalMark[]; dates: DateOrder[] } = { decimal: ['point', 'comma', 'either'], dates: ['iso', 'dmy', 'mdy'] }
const KINDS = ['decimal', 'dates'] as const

/** How the file writes numbers and days: shown where it is not the plain form, with what the file shows chosen. */
export function FormsChoice({ found, said, locked, onSay }: { found: FormsFound; said: Partial<Forms>; locked: boolean; onSay: (said: Partial<Forms>) => void }) {
  const t = useT()
  const expected = { ...PLAIN, decimal: found.decimal === 'either' && !found.unseen ? 'either' : PLAIN.decimal }
  const asked = KINDS.filter((kind) => found[kind] !== expected[kind] || said[kind] !== undefined)
  const { doubt } = found
  const open = {
    decimal: doubt === null ? t('imports.forms.ambiguous.decimal') : t('imports.forms.ambiguous.number', doubt),
    dates: t('imports.forms.ambiguous.dates'),
  }
  if (asked.length === 0) return null
  return (
    <fieldset className="choiceset">
      <legend className="strong">{t('imports.forms.title')}</legend>
      <p className="s13 sub">{t('imports.forms.text')}</p>
      <div className="formgrid importforms">
        {asked.map((kind) => {
          const value = said[kind] ?? found[kind]
          const options = VALUES[kind].map((one) => ({ value: one as string, label: t(`imports.forms.${kind}.${one}` as MessageId) }))
          return (
            <SelectInput
              key={kind} className="importobject" label={t(`imports.forms.${kind}`)} value={value ?? ''} disabled={locked} hint={value === null ? open[kind] : undefined}
              options={value === null ? [{ value: '', label: t('imports.forms.choose') }, ...options] : options} onChange={(chosen) => onSay({ ...said, [kind]: chosen })}
            />
          )
        })}
      </div>
    </fieldset>
  )
}
