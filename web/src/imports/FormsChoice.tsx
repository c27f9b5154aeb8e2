import type { DateOrder, DecimalMark } from '../api/schema'
import { useT } from '../i18n/useT'
import { SelectInput } from '../shared/inputs'
import { PLAIN, type Forms, type FormsFound } from './forms'

const DECIMALS: DecimalMark[] = ['point', 'comma']
const ORDERS: DateOrder[] = ['iso', 'dmy', 'mdy']

/** How the file writes numbers and days: shown where it is not the plain form, with what the file shows chosen. */
export function FormsChoice({ found, said, locked, onSay }: { found: FormsFound; said: Partial<Forms>; locked: boolean; onSay: (said: Partial<Forms>) => void }) {
  const t = useT()
  const decimal = said.decimal ?? found.decimal
  const dates = said.dates ?? found.dates
  const asksDecimal = found.decimal !== PLAIN.decimal || said.decimal !== undefined
  const asksDates = found.dates !== PLAIN.dates || said.dates !== undefined
  if (!asksDecimal && !asksDates) return null
  return (
    <fieldset className="choiceset">
      <legend className="strong">{t('imports.forms.title')}</legend>
      <p className="s13 sub">{t('imports.forms.text')}</p>
      <div className="formgrid">
        {asksDecimal ? (
          <SelectInput
            label={t('imports.forms.decimal')} value={decimal} disabled={locked} options={DECIMALS.map((value) => ({ value, label: t(`imports.forms.decimal.${value}`) }))}
            onChange={(value) => onSay({ ...said, decimal: value as DecimalMark })}
          />
        ) : null}
        {asksDates ? (
          <SelectInput
            label={t('imports.forms.dates')} value={dates ?? ''} disabled={locked} error={dates === null ? t('imports.forms.ambiguous') : undefined}
            options={[...(dates === null ? [{ value: '', label: t('imports.forms.choose') }] : []), ...ORDERS.map((value) => ({ value, label: t(`imports.forms.dates.${value}`) }))]}
            onChange={(value) => onSay({ ...said, dates: value as DateOrder })}
          />
        ) : null}
      </div>
    </fieldset>
  )
}
