import type { MessageId } from '../../i18n'
import type { useT } from '../../i18n/useT'
import { inputId } from '../checks'
import type { ObjectForm } from '../form'

const NAMED = new Set(['object', 'singular', 'plural', 'slug', 'label', 'value', 'type', 'currency', 'scale', 'options', 'description', 'target'])

/** The problems in the order of the form, each as the name of its input: `Amount: currency code`. */
export function summaryOf(errors: ReadonlyMap<string, string>, form: ObjectForm, t: ReturnType<typeof useT>): { id?: string; text: string }[] {
  const parts = [...form.fields, ...form.relationships]
  const place = (path: string) => {
    const index = parts.findIndex((part) => part.key === path.split('.')[1])
    return index === -1 ? (path.includes('.') || path === 'object' || path === 'description' ? -1 : parts.length) : index
  }
  return [...errors].sort(([one], [other]) => place(one) - place(other)).map(([path, text]) => {
    if (path === '') return { text }
    const steps = path.split('.')
    const member = steps.at(-1) ?? ''
    const part = parts.find((each) => each.key === steps[1])
    if (!NAMED.has(member)) return { id: inputId(path), text }
    const attribute = t(`manage.attr.${member}` as MessageId)
    if (part === undefined) return { id: inputId(path), text: attribute }
    const unnamed = form.relationships.some((each) => each === part) ? 'manage.relationships.unnamed' : 'manage.fields.unnamed'
    return { id: inputId(path), text: t('manage.error.at', { part: part.label || part.slug || t(unnamed), attribute }) }
  })
}
