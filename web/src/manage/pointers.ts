import type { ProblemItem } from '../api/call'
import { paths } from './checks'
import type { ObjectForm } from './form'

/** What the service refuses, at an input of the form. */
export type Refused = { path: string; text: string }

/** The input that a pointer into the definition means: `/fields/2/options/0/value`. Without one, the whole form: ''. */
export function pathOf(pointer: string, form: ObjectForm): string {
  const [part, index, member, inner, innerMember] = pointer.split('/').slice(1).map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (part === 'object' || part === 'description') return part
  if (part === 'labels') return index === undefined ? 'labels.singular' : `labels.${index}`
  if (part === 'fields') {
    const field = index === undefined ? undefined : form.fields[Number(index)]
    if (field === undefined) return 'fields'
    if (member !== 'options' || inner === undefined) return paths.part('fields', field.key, member ?? 'slug')
    const option = field.options[Number(inner)]
    if (option === undefined) return paths.part('fields', field.key, 'options')
    const shown = option.stored || !option.named ? 'label' : (innerMember ?? 'value')
    return paths.option(field.key, option.key, shown)
  }
  if (part === 'relationships') {
    const relationship = index === undefined ? undefined : form.relationships[Number(index)]
    return relationship === undefined ? 'relationships' : paths.part('relationships', relationship.key, member ?? 'slug')
  }
  return ''
}

/** The service's refusals, each at its input. */
export const refusedAt = (errors: readonly ProblemItem[], form: ObjectForm): Refused[] =>
  errors.map((error) => ({ path: pathOf(error.pointer, form), text: error.message }))

/** The part of the form that holds an input: the key of a field or relationship. */
export function partOf(path: string): string | null {
  const [kind, key] = path.split('.')
  return (kind === 'fields' || kind === 'relationships') && key !== undefined ? key : null
}
