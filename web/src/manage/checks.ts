import type { MessageId } from '../i18n'
import { SLUG } from '../shared/slug'
import { currencyCodes } from './currencies'
import { hasOptions, hasScale, RESERVED, type FieldForm, type ObjectForm, type OptionForm, type RelationshipForm } from './form'

/** How large one object may be. */
export const LIMITS = { fields: 200, relationships: 10, options: 500, label: 200, description: 2000, option: 200, scale: 10 } as const

/** Something that cannot be saved; `path` names the input: see `paths`. */
export type Problem = { path: string; id: MessageId; values?: Record<string, string | number> }

/** The names of the form's inputs. */
export const paths = {
  part: (kind: 'fields' | 'relationships', key: string, member: string) => `${kind}.${key}.${member}`,
  option: (field: string, option: string, member: string) => `fields.${field}.options.${option}.${member}`,
}

/** The id of the input at a path. */
export const inputId = (path: string): string => `edit-${path.replaceAll('.', '-')}`

/** All that the service would refuse, found before it is asked. `taken`: API names of the tenant's objects. */
export function problemsOf(form: ObjectForm, taken: readonly string[]): Problem[] {
  const problems: Problem[] = []
  const say = (path: string, id: MessageId, values?: Problem['values']) => problems.push({ path, id, ...(values === undefined ? {} : { values }) })
  checkNames(form, taken, say)
  if (form.fields.length > LIMITS.fields) say('fields', 'manage.error.manyFields', { limit: LIMITS.fields, count: form.fields.length })
  if (form.relationships.length > LIMITS.relationships) {
    say('relationships', 'manage.error.manyRelationships', { limit: LIMITS.relationships, count: form.relationships.length })
  }
  const seen = new Map<string, string>()
  for (const field of form.fields) checkField(field, seen, say)
  for (const relationship of form.relationships) checkRelationship(relationship, seen, say)
  return problems
}

type Say = (path: string, id: MessageId, values?: Problem['values']) => void

function checkNames(form: ObjectForm, taken: readonly string[], say: Say): void {
  for (const name of ['singular', 'plural'] as const) {
    if (form[name].trim() === '') say(`labels.${name}`, 'manage.error.nameMissing')
    else checkLength(form[name], `labels.${name}`, LIMITS.label, say)
  }
  checkLength(form.description, 'description', LIMITS.description, say)
  if (form.stored) return
  checkSlug(form.slug, 'object', say)
  if (taken.includes(form.slug)) say('object', 'manage.error.objectTaken', { slug: form.slug })
}

function checkLength(text: string, path: string, limit: number, say: Say): void {
  if (text.trim().length > limit) say(path, 'manage.error.tooLong', { limit, count: text.trim().length })
}

function checkSlug(slug: string, path: string, say: Say): void {
  if (slug.trim() === '') say(path, 'manage.error.slugMissing')
  else if (!SLUG.test(slug.trim())) say(path, 'manage.error.badSlug', { slug })
  else if (RESERVED.has(slug.trim())) say(path, 'manage.error.reserved', { slug })
}

function checkPart(kind: 'fields' | 'relationships', part: FieldForm | RelationshipForm, seen: Map<string, string>, say: Say): void {
  const path = (member: string) => paths.part(kind, part.key, member)
  if (!part.stored) {
    // An API name follows its label: without one, the label alone is what is missing.
    if (part.label.trim() === '') say(path('label'), 'manage.error.labelMissing')
    if (part.label.trim() !== '' || part.slug.trim() !== '') checkSlug(part.slug, path('slug'), say)
  }
  const other = seen.get(part.slug.trim())
  if (part.slug.trim() !== '' && other !== undefined) say(path('slug'), 'manage.error.slugTwice', { slug: part.slug, other })
  seen.set(part.slug.trim(), part.label === '' ? part.slug : part.label)
  checkLength(part.label, path('label'), LIMITS.label, say)
  checkLength(part.description, path('description'), LIMITS.description, say)
}

function checkField(field: FieldForm, seen: Map<string, string>, say: Say): void {
  checkPart('fields', field, seen, say)
  const path = (member: string) => paths.part('fields', field.key, member)
  if (hasScale(field.type) && !isScale(field.scale)) say(path('scale'), 'manage.error.scale', { limit: LIMITS.scale })
  const code = field.currency.trim().toUpperCase()
  if (field.type === 'currency' && code !== '' && !/^[A-Z]{3}$/.test(code)) say(path('currency'), 'manage.error.currency', { code: field.currency.trim() })
  else if (field.type === 'currency' && code !== '' && !field.stored && !currencyCodes().includes(code)) {
    say(path('currency'), 'manage.error.unknownCurrency', { code })
  }
  if (hasOptions(field.type)) checkOptions(field, say)
}

const isScale = (text: string): boolean => text.trim() === '' || (/^\d+$/.test(text.trim()) && Number(text) <= LIMITS.scale)

function checkOptions(field: FieldForm, say: Say): void {
  if (field.options.length > LIMITS.options) {
    say(paths.part('fields', field.key, 'options'), 'manage.error.manyOptions', { limit: LIMITS.options, count: field.options.length })
  }
  const seen = new Set<string>()
  for (const option of field.options) checkOption(field.key, option, seen, say)
}

function checkOption(field: string, option: OptionForm, seen: Set<string>, say: Say): void {
  const path = paths.option(field, option.key, option.stored || !option.named ? 'label' : 'value')
  const value = option.value.trim()
  if (value === '') say(path, 'manage.error.optionMissing')
  else if (seen.has(value)) say(path, 'manage.error.optionTwice', { value })
  checkLength(option.value, path, LIMITS.option, say)
  seen.add(value)
}

function checkRelationship(relationship: RelationshipForm, seen: Map<string, string>, say: Say): void {
  checkPart('relationships', relationship, seen, say)
  if (!relationship.stored) checkSlug(relationship.target, paths.part('relationships', relationship.key, 'target'), say)
}
