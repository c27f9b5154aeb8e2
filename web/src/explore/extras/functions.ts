import type { MessageId } from '../../i18n'

/** A function of expressions: its name, how it is called, and one line about it. */
export type FunctionInfo = { name: string; signature: string; help: MessageId }

const COMMON: FunctionInfo[] = [
  { name: 'if', signature: 'if(condition, a, b)', help: 'extras.fn.if' },
  { name: 'coalesce', signature: 'coalesce(a, b, …)', help: 'extras.fn.coalesce' },
  { name: 'round', signature: 'round(a, decimals)', help: 'extras.fn.round' },
  { name: 'abs', signature: 'abs(a)', help: 'extras.fn.abs' },
]

/** Functions over the rows of a result. */
export const CALCULATION_FUNCTIONS: FunctionInfo[] = [
  { name: 'total', signature: 'total(a)', help: 'extras.fn.total' },
  { name: 'previous', signature: 'previous(a)', help: 'extras.fn.previous' },
  { name: 'running_total', signature: 'running_total(a)', help: 'extras.fn.running_total' },
  { name: 'moving_average', signature: 'moving_average(a, n)', help: 'extras.fn.moving_average' },
  { name: 'rank', signature: 'rank(a)', help: 'extras.fn.rank' },
  ...COMMON,
]

/** Functions over one record. */
export const FORMULA_FUNCTIONS: FunctionInfo[] = [
  { name: 'days_between', signature: 'days_between(a, b)', help: 'extras.fn.days_between' },
  { name: 'hours_between', signature: 'hours_between(a, b)', help: 'extras.fn.hours_between' },
  { name: 'year', signature: 'year(a)', help: 'extras.fn.year' },
  { name: 'month', signature: 'month(a)', help: 'extras.fn.month' },
  { name: 'concat', signature: 'concat(a, b, …)', help: 'extras.fn.concat' },
  { name: 'lower', signature: 'lower(a)', help: 'extras.fn.lower' },
  { name: 'length', signature: 'length(a)', help: 'extras.fn.length' },
  ...COMMON,
]
