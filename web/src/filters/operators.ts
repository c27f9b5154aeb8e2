import type { MessageId } from '../i18n'
import type { Condition, Scalar } from '../report/types'

/** What the reader enters for an operator. */
export type ValueKind = 'none' | 'text' | 'choices' | 'number' | 'numbers' | 'date' | 'dates' | 'span' | 'unit' | 'boolean'

export type FilterOperator = { op: string; label: MessageId; kind: ValueKind }

const EMPTY: FilterOperator[] = [
  { op: 'is_empty', label: 'filters.op.is_empty', kind: 'none' },
  { op: 'is_not_empty', label: 'filters.op.is_not_empty', kind: 'none' },
]
const CHOSEN: FilterOperator[] = [
  { op: 'in', label: 'filters.op.in', kind: 'choices' },
  { op: 'not_in', label: 'filters.op.not_in', kind: 'choices' },
]
const TEXT: FilterOperator[] = [
  ...CHOSEN,
  { op: 'contains', label: 'filters.op.contains', kind: 'text' },
  { op: 'not_contains', label: 'filters.op.not_contains', kind: 'text' },
  { op: 'starts_with', label: 'filters.op.starts_with', kind: 'text' },
  { op: 'ends_with', label: 'filters.op.ends_with', kind: 'text' },
  ...EMPTY,
]
const NUMBER: FilterOperator[] = [
  { op: 'gte', label: 'filters.op.gte', kind: 'number' },
  { op: 'gt', label: 'filters.op.gt', kind: 'number' },
  { op: 'lte', label: 'filters.op.lte', kind: 'number' },
  { op: 'lt', label: 'filters.op.lt', kind: 'number' },
  { op: 'eq', label: 'filters.op.eq', kind: 'number' },
  { op: 'neq', label: 'filters.op.neq', kind: 'number' },
  { op: 'between', label: 'filters.op.between', kind: 'numbers' },
  ...EMPTY,
]
const TIME: FilterOperator[] = [
  { op: 'in_last', label: 'filters.op.in_last', kind: 'span' },
  { op: 'in_previous', label: 'filters.op.in_previous', kind: 'span' },
  { op: 'in_this', label: 'filters.op.in_this', kind: 'unit' },
  { op: 'to_date', label: 'filters.op.to_date', kind: 'unit' },
  { op: 'in_next', label: 'filters.op.in_next', kind: 'span' },
  { op: 'on', label: 'filters.op.on', kind: 'date' },
  { op: 'before', label: 'filters.op.before', kind: 'date' },
  { op: 'after', label: 'filters.op.after', kind: 'date' },
  { op: 'between', label: 'filters.op.between', kind: 'dates' },
  ...EMPTY,
]

/** The operators that the page offers for a type, the most useful first. Reports made elsewhere may use more. */
export const OPERATORS: Record<string, FilterOperator[]> = {
  text: TEXT,
  textarea: TEXT.filter(({ kind }) => kind !== 'choices'),
  number: NUMBER,
  integer: NUMBER,
  currency: NUMBER,
  date: TIME,
  datetime: TIME,
  dropdown: [...CHOSEN, ...EMPTY],
  multiselect: [
    { op: 'any_of', label: 'filters.op.any_of', kind: 'choices' },
    { op: 'all_of', label: 'filters.op.all_of', kind: 'choices' },
    { op: 'none_of', label: 'filters.op.none_of', kind: 'choices' },
    ...EMPTY,
  ],
  boolean: [{ op: 'eq', label: 'filters.op.is', kind: 'boolean' }, ...EMPTY],
}

/** Units of whole periods; a datetime also has hours. */
export const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const

/** The operators for a type. */
export const operatorsOf = (type: string): FilterOperator[] => OPERATORS[type] ?? TEXT

/** The operator of a condition as the page knows it, or null for one made elsewhere. `eq` and `neq` of a choice are lists of one. */
export function operatorOf(condition: Condition, type: string): FilterOperator | null {
  return operatorsOf(type).find(({ op }) => op === condition.op) ?? null
}

/** A condition as the page edits it: `eq` of a text or choice becomes `in`, so that more can be chosen. */
export function editable(condition: Condition, type: string): Condition {
  const listed: Record<string, string> = { eq: 'in', neq: 'not_in' }
  const op = ['text', 'dropdown'].includes(type) ? (listed[condition.op] ?? condition.op) : condition.op
  return { ...condition, op }
}

/** The values with which an operator of this kind begins: kept where they still fit. */
export function valuesFor(kind: ValueKind, before: readonly (Scalar | null)[] = [], beforeKind?: ValueKind): (Scalar | null)[] {
  if (kind === beforeKind) return [...before]
  if (kind === 'span') return [30, 'day']
  if (kind === 'unit') return ['month']
  if (kind === 'boolean') return [true]
  if (kind === 'numbers' && beforeKind === 'number') return [...before, '']
  if (kind === 'number' && beforeKind === 'numbers') return before.slice(0, 1)
  return []
}

/** Whether a condition says enough to be asked. */
export function complete(condition: Condition, kind: ValueKind): boolean {
  const values = condition.values ?? []
  const filled = values.every((value) => value !== '' && value !== null)
  switch (kind) {
    case 'none':
      return true
    case 'numbers':
    case 'dates':
    case 'span':
      return values.length === 2 && filled
    case 'choices':
      return values.length > 0
    default:
      return values.length === 1 && filled
  }
}

/** A condition as it is sent: operators without values have none. */
export function sent(condition: Condition, kind: ValueKind): Condition {
  const { values, ...rest } = condition
  return kind === 'none' ? rest : { ...rest, values: values ?? [] }
}
