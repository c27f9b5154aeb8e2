import type { FieldDef, SchemaBody } from '../api/schema'
import { folded } from './names'

export const RECORD = '_id'
export const LINK_FORMS = ['email', 'id', 'external'] as const
export type LinkForm = (typeof LINK_FORMS)[number]

/** What a column can fill. `name` is how a mapping names it. */
export type Target =
  | { kind: 'record'; name: string }
  | { kind: 'field'; name: string; field: FieldDef }
  | { kind: 'both'; name: string; field: FieldDef }
  | { kind: 'link'; name: string; label: string; form: LinkForm }
  | { kind: 'links'; name: string; label: string }
  | { kind: 'external_ids'; name: string }

/** By column what it fills; null leaves it out. A column that is the record's id may fill a field, too: `_id+email`. */
export type Mapping = Record<string, string | null>

/** The names of what a column fills. */
export const namesOf = (target: string | null): string[] => (target === null ? [] : target.split('+'))

/** What columns of an object's files can fill. `nested`: relationships in the form of events, too (NDJSON). */
export function targetsOf(schema: SchemaBody, nested: boolean): Target[] {
  const fields = schema.fields ?? []
  const links = (schema.relationships ?? []).flatMap((relationship): Target[] => {
    const label = relationship.label ?? relationship.slug
    const forms = LINK_FORMS.map((form): Target => ({ kind: 'link', name: `${relationship.slug}.${form}`, label, form }))
    return nested ? [...forms, { kind: 'links', name: relationship.slug, label }] : forms
  })
  const external = schema.object === 'contact' && !fields.some((field) => field.slug === 'external_ids')
  return [
    { kind: 'record', name: RECORD },
    ...fields.map((field): Target => ({ kind: 'field', name: field.slug, field })),
    ...fields.filter((field) => field.type === 'text').map((field): Target => ({ kind: 'both', name: bothName(field.slug), field })),
    ...links,
    ...(external ? [{ kind: 'external_ids' as const, name: 'external_ids' }] : []),
  ]
}

const bothName = (slug: string) => `${RECORD}+${slug}`

/** What a column fills that becomes the record's id: the text field that it fills stays filled. */
export function asRecord(target: string | null, schema: SchemaBody): string {
  const field = (schema.fields ?? []).find((one) => one.slug === target)
  return field?.type === 'text' ? bothName(field.slug) : RECORD
}

const ID_NAMES = new Set(['id', 'recordid', 'identifiant', 'externalid', 'uuid', 'key', 'ref', 'reference'])
const EMAIL_NAMES = ['email', 'mail', 'emailaddress', 'contactemail', 'adresseemail', 'courriel', 'customeremail', 'clientemail']
/** How much alike two names must be to be taken for the same: a typing error, a plural. */
const ALIKE = 0.7

/** What each column probably fills: as the reader said of it before, by slug, by label, by a known name, then by likeness.
 * No target twice. */
export function suggestMapping(headers: readonly string[], schema: SchemaBody, nested: boolean, said: Mapping = {}): Mapping {
  const targets = targetsOf(schema, nested)
  const mapping: Mapping = Object.fromEntries(headers.map((header) => [header, null]))
  const used = new Set<string>()
  const take = (fits: (header: string, target: Target) => boolean) => {
    for (const header of headers) {
      if (mapping[header] !== null) continue
      const found = targets.find((target) => !namesOf(target.name).some((name) => used.has(name)) && fits(header, target))
      if (found === undefined) continue
      mapping[header] = found.name
      namesOf(found.name).forEach((name) => used.add(name))
    }
  }
  take((header, target) => said[header] === target.name)
  take((header, target) => header === target.name)
  take((header, target) => target.kind === 'field' && header.toLowerCase() === label(target.field).toLowerCase())
  take((header, target) => target.kind === 'field' && [target.name, label(target.field)].some((name) => folded(name) === folded(header)))
  take((header, target) => target.kind === 'link' && [target.name, `${target.label}.${target.form}`].some((name) => folded(name) === folded(header)))
  take((header, target) => target.kind === 'record' && isIdName(header, schema))
  const emailsLeft = (header: string, target: Target) => target.kind === 'link' && target.form === 'email' && EMAIL_NAMES.includes(folded(header))
  if (!(schema.fields ?? []).some((field) => EMAIL_NAMES.includes(folded(field.slug)))) take(emailsLeft)
  take((header, target) => target.kind === 'field' && likeness(folded(header), folded(label(target.field))) >= ALIKE)
  return mapping
}

const label = (field: FieldDef): string => field.label ?? field.slug

function isIdName(header: string, schema: SchemaBody): boolean {
  const name = folded(header)
  const own = [schema.object, schema.labels?.singular ?? ''].flatMap((text) => [`${folded(text)}id`, `id${folded(text)}`, `${folded(text)}number`])
  return ID_NAMES.has(name) || own.includes(name)
}

/** From 0 to 1: the share of letter pairs that both have (Dice). */
export function likeness(a: string, b: string): number {
  if (a.length < 4 || b.length < 4) return a === b ? 1 : 0
  const pairs = (text: string) => Array.from({ length: text.length - 1 }, (_, index) => text.slice(index, index + 2))
  const left = pairs(b)
  let both = 0
  for (const pair of pairs(a)) {
    const at = left.indexOf(pair)
    if (at < 0) continue
    both += 1
    left.splice(at, 1)
  }
  return (2 * both) / (a.length + b.length - 2)
}

/** Columns that can be the record's id, the most likely first: all values filled and none twice. */
export function idCandidates(headers: readonly string[], rows: readonly string[][], mapping: Mapping): string[] {
  const score = (header: string): number => {
    const values = rows.map((row) => row[headers.indexOf(header)] ?? '')
    const full = values.every((value) => value.trim() !== '') && new Set(values).size === values.length
    return (full ? 4 : 0) + (EMAIL_NAMES.includes(folded(header)) ? 2 : 0) + (/id$|number|nummer|numero|ref|sku|code/i.test(header) ? 2 : 0) + (mapping[header] === null ? 1 : 0)
  }
  return [...new Set(headers)].filter((header) => header !== '').sort((a, b) => score(b) - score(a))
}

/** A value that the column of the record's id has in several rows: they are one record, and the last of them counts. */
export function repeatedId(headers: readonly string[], rows: readonly string[][], mapping: Mapping): { column: string; value: string; count: number } | null {
  const index = headers.findIndex((header) => namesOf(mapping[header] ?? null).includes(RECORD))
  const counts = new Map<string, number>()
  for (const row of index < 0 ? [] : rows) {
    const value = (row[index] ?? '').trim()
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const [value, count] = [...counts].find(([, times]) => times > 1) ?? []
  return value === undefined || count === undefined ? null : { column: headers[index] ?? '', value, count }
}

export type Missing = { name: string; label: string; required: boolean }

/** Fields and relationships of the object that no column fills. */
export function missingOf(schema: SchemaBody, mapping: Mapping): Missing[] {
  const filled = new Set(Object.values(mapping).flatMap(namesOf).map((name) => name.split('.')[0]))
  const parts = [...(schema.fields ?? []), ...(schema.relationships ?? [])]
  return parts.filter((part) => !filled.has(part.slug)).map((part) => ({
    name: part.slug, label: part.label ?? part.slug, required: 'required' in part && part.required === true,
  }))
}

export type MappingProblem = { header: string | null; code: 'no_id' | 'twice' | 'header_twice' | 'nothing'; other?: string }

/** What is wrong with a mapping, before the service says it. */
export function mappingProblems(headers: readonly string[], mapping: Mapping): MappingProblem[] {
  const problems: MappingProblem[] = []
  const first = new Map<string, string>()
  const names = Object.values(mapping).flatMap(namesOf)
  if (!names.includes(RECORD)) problems.push({ header: null, code: 'no_id' })
  else if (names.every((name) => name === RECORD)) problems.push({ header: null, code: 'nothing' })
  for (const header of new Set(headers)) {
    const filled = namesOf(mapping[header] ?? null)
    if (filled.length === 0) continue
    if (headers.filter((other) => other === header).length > 1) problems.push({ header, code: 'header_twice' })
    const other = filled.map((name) => first.get(name)).find((found) => found !== undefined)
    if (other !== undefined) problems.push({ header, code: 'twice', other })
    for (const name of filled) if (!first.has(name)) first.set(name, header)
  }
  return problems
}
