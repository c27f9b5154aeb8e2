import { dimensionField } from '../../report/names'
import type { Binned, Dimension, Grouped, Report, Scalar } from '../../report/types'
import { readNumber, writeNumber } from '../../filters/numbers'
import { readFigure } from './amounts'
import { groupable } from './edits'

export type How = 'values' | 'bins' | 'width'
export type DraftGroup = { key: number; name: string; values: (Scalar | null)[] }

/** A grouped dimension as it is edited. `others`: the name of the group of all other values, null if they stay. */
export type GroupDraft = { how: How; groups: DraftGroup[]; others: string | null; edges: string; width: string }

export type GroupError =
  | { at: 'groups' | 'edges' | 'width'; kind: 'groups' | 'edges' | 'order' | 'many' | 'width' }
  | { at: 'name'; key: number; kind: 'name' | 'repeated'; number: number; name: string }
  | { at: 'values'; key: number; kind: 'values'; number: number; name: string }
  | { at: 'values'; key: number; kind: 'shared'; value: Scalar; first: string; second: string }
  | { at: 'others'; kind: 'others' }

const MOST = 100
const NUMERIC = ['number', 'integer', 'currency']
const HOWS: Record<string, How[]> = {
  text: ['values'], dropdown: ['values'], multiselect: ['values'], boolean: ['values'],
  number: ['width', 'bins'], integer: ['width', 'bins', 'values'], currency: ['width', 'bins'],
  date: ['bins'], datetime: ['bins'],
}

/** How the values of a type can be grouped, the usual way first. */
export const howsOf = (type: string): How[] => HOWS[type] ?? []

/** The draft of a grouped dimension, or an empty one for a field of this type. */
export function draftOf(dimension: Dimension | undefined, type: string, locale: string): GroupDraft {
  const empty: GroupDraft = { how: howsOf(type)[0] ?? 'values', groups: [{ key: 1, name: '', values: [] }], others: null, edges: '', width: '' }
  if (dimension === undefined || typeof dimension === 'string' || !('name' in dimension)) return empty
  if ('groups' in dimension) {
    return { ...empty, how: 'values', groups: dimension.groups.map((group, index) => ({ key: index + 1, ...group })), others: dimension.others ?? null }
  }
  if (dimension.bins !== undefined) return { ...empty, how: 'bins', edges: dimension.bins.map((edge) => writeEdge(edge, type, locale)).join('; ') }
  return { ...empty, how: 'width', width: writeNumber(dimension.width ?? '', locale) }
}

const writeEdge = (edge: number | string, type: string, locale: string) => (NUMERIC.includes(type) ? writeNumber(edge, locale) : String(edge))

/** The edges that a text lists: numbers, amounts as exact decimals, or days; null where one cannot be read. */
export function edgesOf(text: string, type: string, locale: string): (number | string)[] | null {
  const parts = text.split(/[;\n]/).map((part) => part.trim()).filter((part) => part !== '')
  const edges = parts.map((part) => (NUMERIC.includes(type) ? readFigure(part, type, locale) : dayOf(part)))
  return edges.includes(null) || edges.length === 0 ? null : (edges as (number | string)[])
}

/** A day of the calendar, or null. */
function dayOf(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : null
}

/** What keeps a draft from being a dimension. */
export function errorsOf(draft: GroupDraft, type: string, locale: string): GroupError[] {
  if (draft.how === 'width') {
    const width = readNumber(draft.width, locale)
    return width === null || width <= 0 ? [{ at: 'width', kind: 'width' }] : []
  }
  if (draft.how === 'bins') {
    const edges = edgesOf(draft.edges, type, locale)
    if (edges === null) return [{ at: 'edges', kind: 'edges' }]
    if (edges.length > MOST) return [{ at: 'edges', kind: 'many' }]
    const before = (one: number | string, other: number | string) => (NUMERIC.includes(type) ? Number(one) < Number(other) : one < other)
    return edges.every((edge, at) => at === 0 || before(edges[at - 1] ?? '', edge)) ? [] : [{ at: 'edges', kind: 'order' }]
  }
  return groupErrors(draft)
}

function groupErrors({ groups, others }: GroupDraft): GroupError[] {
  if (groups.length === 0) return [{ at: 'groups', kind: 'groups' }]
  if (groups.length > MOST) return [{ at: 'groups', kind: 'many' }]
  const errors: GroupError[] = []
  const names = new Map<string, number>()
  const owners = new Map<Scalar | null, string>()
  groups.forEach(({ key, name, values }, index) => {
    const trimmed = name.trim()
    if (trimmed === '') errors.push({ at: 'name', key, kind: 'name', number: index + 1, name: trimmed })
    else if (names.has(trimmed)) errors.push({ at: 'name', key, kind: 'repeated', number: index + 1, name: trimmed })
    names.set(trimmed, key)
    if (values.length === 0) errors.push({ at: 'values', key, kind: 'values', number: index + 1, name: trimmed })
    for (const value of values) {
      const first = owners.get(value)
      if (first !== undefined && value !== null) errors.push({ at: 'values', key, kind: 'shared', value, first, second: trimmed })
      owners.set(value, trimmed)
    }
  })
  if (others !== null && (others.trim() === '' || names.has(others.trim()))) errors.push({ at: 'others', kind: 'others' })
  return errors
}

/** The dimension that a draft without errors describes. */
export function dimensionOf(draft: GroupDraft, field: string, name: string, type: string, locale: string): Binned | Grouped {
  if (draft.how === 'values') {
    return {
      field,
      name,
      groups: draft.groups.map((group) => ({ name: group.name.trim(), values: group.values })),
      ...(draft.others === null ? {} : { others: draft.others.trim() }),
    }
  }
  if (draft.how === 'bins') return { field, name, bins: edgesOf(draft.edges, type, locale) ?? [] }
  return { field, name, width: readFigure(draft.width.trim(), type, locale) ?? 1 }
}

/** Where a grouped dimension goes: a new one takes the place of the field itself. */
export function placeOfGroup(report: Report, index: number | null, field: string): number | null {
  if (index !== null) return index
  const found = groupable(report).findIndex((dimension) => (typeof dimension === 'string' || 'granularity' in dimension) && dimensionField(dimension) === field)
  return found < 0 ? null : found
}
