import type { FieldDef, FieldType, RelationshipDef, SchemaBody } from '../api/schema'
import { freeSlug, SLUG, slugify } from '../shared/slug'
import { guessType, type Guess } from './inference'
import { RECORD, type Mapping } from './mapping'
import { folded, labelOf } from './names'
import type { FileSample } from './sample'

/** What a column of a file becomes in a new object. */
export type NewColumn = {
  header: string
  role: 'record' | 'field' | 'contact' | 'none'
  label: string
  slug: string
  type: FieldType
  options: string[]
  currency: string
  guess: Guess
}

export type NewObject = { singular: string; plural: string; slug: string; columns: NewColumn[] }

const RESERVED = new Set(['contact', 'count', RECORD])

/** An object that a file could fill, for the reader to confirm. Its e-mail column links to the contact. */
export function proposeObject(sample: FileSample, existing: readonly string[]): NewObject {
  const name = labelOf(sample.name.replace(/\.[a-z]+$/i, '').replace(/[\d_\-. ]+$/, '').replace(/^[\d_\-. ]+/, '')) || 'Record'
  const taken = new Set<string>(RESERVED)
  const columns = sample.headers.map((header, index): NewColumn => {
    const guess = guessType(sample.rows.map((row) => row[index] ?? ''))
    const slug = freeSlug(slugify(header) || `column_${index + 1}`, taken)
    taken.add(slug)
    return { header, role: 'field', label: labelOf(header) || `Column ${index + 1}`, slug, type: guess.type, options: guess.options, currency: '', guess }
  })
  assignRoles(columns)
  const plural = name
  const singular = singularOf(name)
  return { singular, plural: plural === singular ? `${singular}s` : plural, slug: freeSlug(slugify(singular) || 'record', new Set([...RESERVED, ...existing])), columns }
}

function assignRoles(columns: NewColumn[]): void {
  for (const column of columns) if (isTwice(columns, column)) column.role = 'none'
  const left = columns.filter((column) => column.role === 'field')
  const record = left.find((column) => column.header === RECORD)
    ?? left.find((column) => column.guess.unique && /^(id|uuid|key|.*(_| )?(id|number|ref|numero|code))$/i.test(column.header) && !column.guess.email)
    ?? left.find((column) => column.guess.unique && !column.guess.email && column.type !== 'date' && column.type !== 'datetime')
  if (record !== undefined) record.role = 'record'
  const contact = columns.find((column) => column.guess.email && column.role === 'field')
  if (contact !== undefined) {
    contact.role = 'contact'
    contact.label = contactLabel(contact.header)
    contact.slug = freeSlug(slugify(contact.label) || 'customer', new Set(columns.filter((column) => column !== contact).map((column) => column.slug)))
  }
  for (const column of columns) if (column.guess.filled === 0 && column.role === 'field') column.role = 'none'
}

/** Columns of one name cannot be told apart: rows name what they fill by it. */
const isTwice = (columns: readonly NewColumn[], { header }: NewColumn) => columns.filter((other) => other.header === header).length > 1

/** `customer_email` names a customer; `E-mail` alone says nothing of who it is. */
function contactLabel(header: string): string {
  const left = header.replace(/e[-_ ]?mails?|mail|address|adresse|courriel/gi, '').replace(/[._\- ]+/g, ' ').trim()
  return left === '' || folded(left) === 'contact' ? 'Customer' : labelOf(left)
}

/** English plurals only; any other word stays, and the reader corrects it. */
function singularOf(name: string): string {
  if (/[^aeiou]ies$/i.test(name)) return `${name.slice(0, -3)}y`
  if (/(ss|us|is)$/i.test(name)) return name
  return /s$/i.test(name) ? name.slice(0, -1) : name
}

export type NewObjectProblem = { at: string; code: 'singular' | 'plural' | 'slug' | 'slug_taken' | 'label' | 'column_slug' | 'twice' | 'currency' | 'no_record' | 'two_records' | 'two_contacts' | 'header_twice' }

/** What keeps a proposal from being created; `at` names the member: `singular`, `slug`, or `column.<n>`. */
export function newObjectProblems(draft: NewObject, existing: readonly string[]): NewObjectProblem[] {
  const problems: NewObjectProblem[] = []
  const say = (at: string, code: NewObjectProblem['code']) => problems.push({ at, code })
  if (draft.singular.trim() === '') say('singular', 'singular')
  if (draft.plural.trim() === '') say('plural', 'plural')
  if (!SLUG.test(draft.slug)) say('slug', 'slug')
  else if (existing.includes(draft.slug)) say('slug', 'slug_taken')
  const slugs = new Set<string>()
  const roles = { record: 0, contact: 0 }
  draft.columns.forEach((column, index) => {
    const at = `column.${index}`
    if (column.role === 'none') return
    if (isTwice(draft.columns, column)) say(at, 'header_twice')
    if (column.role !== 'field') roles[column.role] += 1
    if (column.role === 'record') return
    if (column.label.trim() === '') say(at, 'label')
    if (!SLUG.test(column.slug)) say(at, 'column_slug')
    if (slugs.has(column.slug)) say(at, 'twice')
    slugs.add(column.slug)
    if (column.role === 'field' && column.type === 'currency' && !/^[A-Z]{3}$/.test(column.currency)) say(at, 'currency')
  })
  if (roles.record === 0) say('columns', 'no_record')
  if (roles.record > 1) say('columns', 'two_records')
  if (roles.contact > 1) say('columns', 'two_contacts')
  return problems
}

type Definition = Pick<SchemaBody, 'object'> & { labels: { singular: string; plural: string }; fields: FieldDef[]; relationships: RelationshipDef[] }

/** The definition of a confirmed proposal. Options of choices are the values of the sample. */
export function definitionOf(draft: NewObject): Definition {
  const fields = draft.columns.filter((column) => column.role === 'field').map((column): FieldDef => ({
    slug: column.slug, label: column.label.trim(), type: column.type,
    ...(column.type === 'dropdown' || column.type === 'multiselect' ? { options: optionsOf(column) } : {}),
    ...(column.type === 'currency' ? { currency: column.currency } : {}),
  }))
  const relationships = draft.columns.filter((column) => column.role === 'contact').map((column): RelationshipDef => ({
    slug: column.slug, label: column.label.trim(), target: 'contact', many: false,
  }))
  return { object: draft.slug, labels: { singular: draft.singular.trim(), plural: draft.plural.trim() }, fields, relationships }
}

const optionsOf = (column: NewColumn) => column.options.map((value) => ({ value, label: value }))

/** The mapping under which the file fills the object that was made of it. */
export function mappingOf(draft: NewObject): Mapping {
  const name = { record: () => RECORD, field: (slug: string) => slug, contact: (slug: string) => `${slug}.email`, none: () => null }
  return Object.fromEntries(draft.columns.map((column) => [column.header, name[column.role](column.slug)]))
}
