import { CHART_TYPES, type ChartOptions, type FilterNode, type Report } from './types'

/** What an address or an older version of the page may hold: read strictly, so that nothing below meets a surprise. */
type Json = unknown

const MAX_NAMES = 60
const MAX_DEPTH = 6
const MAX_NODES = 200
const LONGEST = 20_000
export const MAX_LIMIT = 5_000

/** The report that a value is, or null. Unknown members are left out; the limit is clamped. */
export function readReport(value: Json): Report | null {
  if (!isRecord(value) || !isText(value.object)) return null
  const report: Report = { object: value.object }
  const members: [keyof Report, (found: Json) => unknown][] = [
    ['dimensions', list(dimension)],
    ['measures', list(measure)],
    ['list', list(text)],
    ['filters', filters],
    ['having', filters],
    ['sort', list(sortKey)],
    ['limit', (found) => (typeof found === 'number' && Number.isInteger(found) ? Math.min(Math.max(found, 1), MAX_LIMIT) : undefined)],
    ['pivot', list(dimension)],
    ['totals', flag],
    ['subtotals', flag],
    ['relationship', text],
    ['contacts', oneOf(['any', 'with', 'without'])],
    ['records', records],
    ['calculations', list(expression)],
    ['formulas', list(expression)],
    ['timezone', text],
    ['week_start', oneOf(['monday', 'sunday', 'saturday'])],
    ['snapshot', text],
    ['compare', compare],
    ['moved', shift],
  ]
  for (const [name, read] of members) {
    const found = value[name]
    if (found === undefined || found === null) continue
    const made = read(found)
    if (made === undefined) return null
    Object.assign(report, { [name]: made })
  }
  return report
}

/** How a report is drawn, or the table for anything else. */
export function readChart(value: Json): ChartOptions {
  if (!isRecord(value) || !CHART_TYPES.includes(value.type as never)) return { type: 'table' }
  return { ...value, type: value.type } as ChartOptions
}

/** The conditions that a value is, or undefined. */
export function filters(value: Json): FilterNode | undefined {
  return count(value) > MAX_NODES ? undefined : node(value, 0)
}

function node(value: Json, depth: number): FilterNode | undefined {
  if (!isRecord(value) || depth > MAX_DEPTH) return undefined
  for (const kind of ['and', 'or'] as const) {
    const parts = value[kind]
    if (parts === undefined) continue
    if (!Array.isArray(parts)) return undefined
    const read = parts.map((part) => node(part, depth + 1))
    return read.includes(undefined) ? undefined : ({ [kind]: read } as FilterNode)
  }
  if (!isText(value.field) || !isText(value.op)) return undefined
  const { values, granularity } = value
  if (values !== undefined && (!Array.isArray(values) || !values.every(isScalar))) return undefined
  return {
    field: value.field,
    op: value.op,
    ...(values === undefined ? {} : { values: values as string[] }),
    ...(isText(granularity) ? { granularity: granularity as 'day' } : {}),
  }
}

function count(value: Json): number {
  if (!isRecord(value)) return 1
  const parts = [value.and, value.or].flatMap((found) => (Array.isArray(found) ? found : []))
  return 1 + parts.reduce<number>((sum, part) => sum + count(part), 0)
}

const isRecord = (value: Json): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: Json): value is string => typeof value === 'string' && value.length > 0 && value.length <= LONGEST
const isScalar = (value: Json) => value === null || ['string', 'number', 'boolean'].includes(typeof value)
const text = (value: Json) => (isText(value) ? value : undefined)
const flag = (value: Json) => (typeof value === 'boolean' ? value : undefined)
const oneOf = (choices: readonly string[]) => (value: Json) => (choices.includes(value as string) ? value : undefined)

function list<T>(read: (value: Json) => T | undefined): (value: Json) => T[] | undefined {
  return (value) => {
    if (!Array.isArray(value) || value.length > MAX_NAMES) return undefined
    const made = value.map(read)
    return made.includes(undefined) ? undefined : (made as T[])
  }
}

function dimension(value: Json) {
  if (isText(value)) return value
  if (!isRecord(value) || !isText(value.field)) return undefined
  if (isText(value.granularity) && value.name === undefined) return { field: value.field, granularity: value.granularity }
  if (!isText(value.name)) return undefined
  const { bins, width, groups, others } = value
  if (Array.isArray(groups)) {
    if (!groups.every((group) => isRecord(group) && isText(group.name) && Array.isArray(group.values) && group.values.every(isScalar))) return undefined
    return { field: value.field, name: value.name, groups, ...(isText(others) ? { others } : {}) }
  }
  if (Array.isArray(bins)) return bins.every(isScalar) ? { field: value.field, name: value.name, bins } : undefined
  return isScalar(width) && width !== null ? { field: value.field, name: value.name, width } : undefined
}

function measure(value: Json) {
  if (isText(value)) return value
  if (!isRecord(value) || !isText(value.measure) || !isText(value.name)) return undefined
  const passed = filters(value.filters)
  return passed === undefined ? undefined : { measure: value.measure, name: value.name, filters: passed }
}

function sortKey(value: Json) {
  return isRecord(value) && isText(value.field) && (value.direction === 'asc' || value.direction === 'desc')
    ? { field: value.field, direction: value.direction }
    : undefined
}

function expression(value: Json) {
  return isRecord(value) && isText(value.name) && isText(value.expression) ? { name: value.name, expression: value.expression } : undefined
}

function records(value: Json) {
  if (!isRecord(value) || !isText(value.object) || (value.match !== 'with' && value.match !== 'without')) return undefined
  return { object: value.object, match: value.match, ...(isText(value.relationship) ? { relationship: value.relationship } : {}) }
}

function shift(value: Json) {
  if (!isRecord(value) || !isText(value.field) || !Array.isArray(value.shift)) return undefined
  const [amount, unit] = value.shift as Json[]
  return typeof amount === 'number' && isText(unit) ? { field: value.field, shift: [amount, unit] as [number, string] } : undefined
}

function compare(value: Json) {
  if (value === 'previous') return value
  if (!Array.isArray(value)) return shift(value)
  const made = value.map((part) => {
    const read = shift(part)
    return read !== undefined && isRecord(part) && isText(part.name) ? { ...read, name: part.name } : undefined
  })
  return value.length > 3 || made.includes(undefined) ? undefined : made
}
