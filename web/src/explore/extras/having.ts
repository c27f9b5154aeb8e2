import { writeNumber } from '../../filters/numbers'
import { operatorsOf, type FilterOperator } from '../../filters/operators'
import { parts, tree, type FilterPart } from '../../filters/tree'
import type { Condition, FilterNode } from '../../report/types'
import { readFigure } from './amounts'
import type { Named } from './completion'

/** A condition on a figure as it is edited: its values as the reader writes them. */
export type HavingRow = { key: number; column: string; op: string; values: string[] }
export type HavingDraft = { rows: HavingRow[]; others: FilterPart[] }

const DATED = ['date', 'datetime']
const KINDS = ['none', 'number', 'numbers', 'date', 'dates']

/** The operators for a column: those of numbers, or of days for a date. */
export const operatorsFor = (type: string): FilterOperator[] => operatorsOf(DATED.includes(type) ? type : 'number').filter(({ kind }) => KINDS.includes(kind))

/** The number of values that an operator takes. */
export function valuesOf(op: string, type: string): number {
  const kind = operatorsFor(type).find((operator) => operator.op === op)?.kind
  return kind === 'none' || kind === undefined ? 0 : kind === 'numbers' || kind === 'dates' ? 2 : 1
}

/** The conditions of a report as they are edited; those that the page cannot edit are kept beside. */
export function draftOf(having: FilterNode | undefined, columns: readonly Named[], locale: string): HavingDraft {
  const draft: HavingDraft = { rows: [], others: [] }
  parts(having).forEach((part, key) => {
    const column = part.kind === 'condition' ? columns.find(({ name }) => name === part.condition.field) : undefined
    if (part.kind !== 'condition' || column === undefined || !operatorsFor(column.type).some(({ op }) => op === part.condition.op)) {
      draft.others.push(part)
      return
    }
    const values = (part.condition.values ?? []).map((value) => (DATED.includes(column.type) ? String(value).slice(0, 10) : writeNumber(String(value), locale)))
    draft.rows.push({ key, column: column.name, op: part.condition.op, values })
  })
  return draft
}

/** A new condition on a column. */
export function newRow(rows: readonly HavingRow[], column: Named): HavingRow {
  return { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1000, column: column.name, op: operatorsFor(column.type)[0]?.op ?? 'gte', values: [''] }
}

/** The row for another column: its operator and values stay where they still make sense. */
export function withColumn(row: HavingRow, before: Named | undefined, after: Named): HavingRow {
  const dated = (column: Named | undefined) => DATED.includes(column?.type ?? '')
  if (dated(before) === dated(after)) return { ...row, column: after.name }
  return { ...row, column: after.name, op: operatorsFor(after.type)[0]?.op ?? 'gte', values: [''] }
}

/** The row's condition, or null while it does not say enough. */
export function conditionOf(row: HavingRow, type: string, locale: string): Condition | null {
  const wanted = valuesOf(row.op, type)
  if (wanted === 0) return { field: row.column, op: row.op }
  const values = Array.from({ length: wanted }, (_, at) => valueOf(row.values[at] ?? '', type, locale))
  return values.includes(null) ? null : { field: row.column, op: row.op, values }
}

function valueOf(text: string, type: string, locale: string): number | string | null {
  if (DATED.includes(type)) return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null
  return readFigure(text, type, locale)
}

/** The conditions that a draft describes; nothing for none. */
export function havingOf(draft: HavingDraft, columns: readonly Named[], locale: string): FilterNode | undefined {
  const made = draft.rows.flatMap((row): FilterPart[] => {
    const condition = conditionOf(row, columns.find(({ name }) => name === row.column)?.type ?? 'number', locale)
    return condition === null ? [] : [{ kind: 'condition', condition }]
  })
  return tree([...made, ...draft.others])
}
