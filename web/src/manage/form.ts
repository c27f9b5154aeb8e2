import type { Definition, FieldDef, FieldType, OptionDef, RelationshipDef, SchemaBody } from '../api/schema'
import { freeSlug, slugify } from '../shared/slug'

/** What `<object>.count` and events use for themselves. */
export const RESERVED: ReadonlySet<string> = new Set(['count', 'id', 'object', 'record', 'tenant'])
export const BUILT_IN_FIELDS: ReadonlySet<string> = new Set(['email', 'first_name', 'last_name', 'phone', 'country', 'created_at'])
export const TYPES: readonly FieldType[] = ['text', 'textarea', 'number', 'currency', 'date', 'datetime', 'dropdown', 'multiselect', 'boolean']
export const CONTACT = 'contact'

/** Parts carry a `key` of the page, which stays when they are moved or renamed. `stored`: the service has it already, so
 * that its name, and what the name stands for, cannot change. `named`: the API name was typed, and follows no label. */
export type OptionForm = { key: string; stored: boolean; named: boolean; value: string; label: string }
export type FieldForm = {
  key: string
  stored: boolean
  named: boolean
  builtIn: boolean
  slug: string
  label: string
  type: FieldType
  description: string
  required: boolean
  personal: boolean
  scale: string
  currency: string
  options: OptionForm[]
}
export type RelationshipForm = {
  key: string
  stored: boolean
  named: boolean
  slug: string
  label: string
  description: string
  target: string
  many: boolean
}
export type ObjectForm = {
  stored: boolean
  named: boolean
  pluralTyped: boolean
  slug: string
  singular: string
  plural: string
  description: string
  fields: FieldForm[]
  relationships: RelationshipForm[]
}

let made = 0
/** A key that no other part of a form has, also not of one that was kept before the page was loaded. */
export const newKey = (): string => `${Date.now().toString(36)}${(made += 1)}`

export const hasOptions = (type: FieldType): boolean => type === 'dropdown' || type === 'multiselect'
export const hasScale = (type: FieldType): boolean => type === 'number' || type === 'currency'

/** The form of an object that does not exist yet: a link to the contact is what makes it reportable. */
export function emptyForm(label: string): ObjectForm {
  return {
    stored: false, named: false, pluralTyped: false, slug: '', singular: '', plural: '', description: '', fields: [],
    relationships: [{ ...newRelationship(), label, slug: slugify(label) }],
  }
}

/** The form of an object as the service has it. */
export function formOf(schema: SchemaBody): ObjectForm {
  return {
    stored: true,
    named: true,
    pluralTyped: true,
    slug: schema.object,
    singular: schema.labels?.singular ?? '',
    plural: schema.labels?.plural ?? '',
    description: schema.description ?? '',
    fields: (schema.fields ?? []).map((field) => fieldForm(field, schema.object === CONTACT && BUILT_IN_FIELDS.has(field.slug))),
    relationships: (schema.relationships ?? []).map(relationshipForm),
  }
}

function fieldForm(field: FieldDef, builtIn: boolean): FieldForm {
  return {
    key: `f_${field.slug}`, stored: true, named: true, builtIn, slug: field.slug, label: field.label ?? '', type: field.type,
    description: field.description ?? '', required: field.required ?? false, personal: field.personal ?? false,
    scale: field.scale == null ? '' : String(field.scale), currency: field.currency ?? '',
    options: (field.options ?? []).map((option, index) => ({
      key: `o${index}`, stored: true, named: true, value: option.value, label: option.label ?? option.value,
    })),
  }
}

function relationshipForm(relationship: RelationshipDef): RelationshipForm {
  return {
    key: `r_${relationship.slug}`, stored: true, named: true, slug: relationship.slug, label: relationship.label ?? '',
    description: relationship.description ?? '', target: relationship.target, many: relationship.many ?? false,
  }
}

export const newField = (): FieldForm => ({
  key: newKey(), stored: false, named: false, builtIn: false, slug: '', label: '', type: 'text', description: '', required: false,
  personal: false, scale: '', currency: '', options: [],
})

export const newRelationship = (): RelationshipForm => ({
  key: newKey(), stored: false, named: false, slug: '', label: '', description: '', target: CONTACT, many: false,
})

export const newOption = (): OptionForm => ({ key: newKey(), stored: false, named: false, value: '', label: '' })

/** The form as a definition to be sent; members that say nothing are left out. */
export function definitionOf(form: ObjectForm): Definition {
  return {
    object: form.slug.trim(),
    labels: { singular: form.singular.trim(), plural: form.plural.trim() },
    description: form.description.trim(),
    fields: form.fields.map(fieldDefinition),
    relationships: form.relationships.map((relationship) => ({
      slug: relationship.slug.trim(),
      label: relationship.label.trim(),
      ...(relationship.description.trim() === '' ? {} : { description: relationship.description.trim() }),
      target: relationship.target.trim(),
      many: relationship.many,
    })),
  }
}

function fieldDefinition(field: FieldForm): FieldDef {
  const definition: FieldDef = { slug: field.slug.trim(), label: field.label.trim(), type: field.type }
  if (field.description.trim() !== '') definition.description = field.description.trim()
  if (field.required) definition.required = true
  if (field.personal) definition.personal = true
  if (hasScale(field.type) && field.scale.trim() !== '') definition.scale = Number(field.scale)
  if (field.type === 'currency' && field.currency.trim() !== '') definition.currency = field.currency.trim().toUpperCase()
  if (hasOptions(field.type)) definition.options = field.options.map(optionDefinition)
  return definition
}

function optionDefinition(option: OptionForm): OptionDef {
  const value = option.value.trim()
  return { value, label: option.label.trim() === '' ? value : option.label.trim() }
}

/** Whether both forms say the same. */
export const sameForm = (one: ObjectForm, other: ObjectForm): boolean =>
  JSON.stringify(definitionOf(one)) === JSON.stringify(definitionOf(other))

/** The API name that a label gives, free among the others: never a reserved word. */
export function slugFor(label: string, others: readonly string[]): string {
  const wanted = slugify(label)
  if (wanted === '') return ''
  return freeSlug(RESERVED.has(wanted) ? `${wanted}_value` : wanted, new Set(others))
}

/** All names of an object's parts, but one part's own: fields and relationships share their names. */
export const otherSlugs = (form: ObjectForm, key: string): string[] =>
  [...form.fields, ...form.relationships].filter((part) => part.key !== key).map((part) => part.slug)
