import { otherSlugs, slugFor, type FieldForm, type ObjectForm, type OptionForm, type RelationshipForm } from './form'

/** A list with its item moved to another place; places beyond the ends are the ends. */
export function moved<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const place = Math.max(0, Math.min(list.length - 1, to))
  const rest = list.filter((_, index) => index !== from)
  const item = list[from]
  return item === undefined ? [...list] : [...rest.slice(0, place), item, ...rest.slice(place)]
}

const patched = <Part extends { key: string }>(parts: Part[], key: string, patch: Partial<Part>): Part[] =>
  parts.map((part) => (part.key === key ? { ...part, ...patch } : part))

/** The object's names: an API name and a plural that nobody typed follow the singular. */
export function withNames(form: ObjectForm, patch: Partial<ObjectForm>, taken: readonly string[]): ObjectForm {
  const next = { ...form, ...patch }
  if (patch.singular !== undefined && !next.stored) {
    if (!next.named) next.slug = slugFor(patch.singular, taken)
    if (!next.pluralTyped) next.plural = pluralOf(patch.singular)
  }
  return next
}

/** The regular plural of English and French, for the reader to correct. */
function pluralOf(singular: string): string {
  const name = singular.trim()
  if (name === '') return ''
  if (/[^aeiou]y$/i.test(name)) return `${name.slice(0, -1)}ies`
  return /[sxz]$/i.test(name) ? name : `${name}s`
}

/** A field changed: an API name that nobody typed follows the label. */
export function withField(form: ObjectForm, key: string, patch: Partial<FieldForm>): ObjectForm {
  return { ...form, fields: patched(form.fields, key, followed(form, key, form.fields, patch)) }
}

/** A relationship changed, as `withField`. */
export function withRelationship(form: ObjectForm, key: string, patch: Partial<RelationshipForm>): ObjectForm {
  return { ...form, relationships: patched(form.relationships, key, followed(form, key, form.relationships, patch)) }
}

function followed<Part extends { key: string; stored: boolean; named: boolean; label: string; slug: string }>(
  form: ObjectForm, key: string, parts: Part[], patch: Partial<Part>,
): Partial<Part> {
  const part = parts.find((each) => each.key === key)
  if (part === undefined || patch.label === undefined || part.stored || part.named) return patch
  return { ...patch, slug: slugFor(patch.label, otherSlugs(form, key)) }
}

/** An option changed: a value that nobody typed is the label. */
export function withOption(options: OptionForm[], key: string, patch: Partial<OptionForm>): OptionForm[] {
  const option = options.find((each) => each.key === key)
  const follows = option !== undefined && patch.label !== undefined && !option.stored && !option.named
  return patched(options, key, follows ? { ...patch, value: patch.label?.trim() ?? '' } : patch)
}

export const without = <Part extends { key: string }>(parts: Part[], key: string): Part[] => parts.filter((part) => part.key !== key)
