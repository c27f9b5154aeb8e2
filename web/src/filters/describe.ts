import type { useT } from '../i18n/useT'
import type { MessageId } from '../i18n'
import type { FieldInfo } from '../report/fields'
import type { Condition, Scalar } from '../report/types'
import { EMPTY, type Formats } from '../shared/formats'
import { operatorOf } from './operators'

type T = ReturnType<typeof useT>
export type Described = { field: string; operator: string; value: string }

const SHOWN = 3

/** A condition in words, in the parts of a filter chip: what is compared, how, and with what. */
export function describeCondition(condition: Condition, field: Pick<FieldInfo, 'label' | 'type' | 'options' | 'currency' | 'scale'>, t: T, formats: Formats): Described {
  const { type, label } = field
  const values = condition.values ?? []
  const known = operatorOf(condition, type)
  const period = periodText(condition, t)
  if (period !== null) return { field: label, operator: '', value: period }
  const operator = known === null ? t(otherOperator(condition.op)) : t(known.label)
  const texts = values.map((value) => valueText(value, field, formats))
  const value =
    condition.op === 'between'
      ? t('filters.range', { from: texts[0] ?? '', to: texts[1] ?? '' })
      : texts.length > SHOWN
        ? t('filters.more', { shown: texts.slice(0, SHOWN - 1).join(', '), count: texts.length - SHOWN + 1 })
        : texts.join(', ')
  return { field: label, operator, value }
}

/** A time's period in words (previous 3 months), or null for any other condition. */
export function periodText(condition: Condition, t: T): string | null {
  const [first, second] = condition.values ?? []
  if (['in_last', 'in_previous', 'in_next'].includes(condition.op) && typeof first === 'number' && typeof second === 'string') {
    return t(`filters.period.${condition.op}` as MessageId, { count: first, unit: second })
  }
  if (['in_this', 'to_date'].includes(condition.op) && typeof first === 'string') {
    return t(`filters.period.${condition.op}` as MessageId, { unit: first })
  }
  return null
}

/** One value of a condition as its field shows it. */
export function valueText(value: Scalar | null, field: Pick<FieldInfo, 'type' | 'options' | 'currency' | 'scale'>, formats: Formats): string {
  if (value === null) return EMPTY
  const option = field.options.find((choice) => choice.value === value)
  if (option !== undefined) return option.label
  if (field.type === 'date' || field.type === 'datetime') {
    const text = String(value)
    return /^\d{4}-\d{2}-\d{2}/.test(text) ? formats.cell(text, { type: text.length === 10 ? 'date' : field.type }) : text
  }
  if (field.type === 'number' && typeof value === 'number') return formats.number(value)
  return formats.cell(value, field.type === 'currency' ? { type: 'currency', currency: field.currency } : { type: field.type })
}

const OTHER: Record<string, MessageId> = {
  eq: 'filters.op.is',
  neq: 'filters.op.neq',
  in: 'filters.op.in',
  not_in: 'filters.op.not_in',
}

function otherOperator(op: string): MessageId {
  return OTHER[op] ?? 'filters.op.other'
}
