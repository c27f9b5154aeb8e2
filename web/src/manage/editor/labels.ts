import { useT } from '../../i18n/useT'
import type { ObjectForm } from '../form'
import { useEditing } from './editing'

/** What a report that names `<object>.<slug>` would lose, in words that tell fields, relationships and the number of
 * records apart. `before`: the form that still has what was taken out. */
export function usePartLabel(before?: ObjectForm): (name: string) => string {
  const t = useT()
  const { form } = useEditing()
  const named = (part: { label: string; slug: string }) => part.label || part.slug
  return (name) => {
    const slug = name.split('.')[1]
    if (slug === undefined) return form.plural || name
    const of = (parts: 'fields' | 'relationships') => [...form[parts], ...(before?.[parts] ?? [])].find((part) => part.slug === slug)
    const [field, relationship] = [of('fields'), of('relationships')]
    if (field !== undefined) return t('manage.impact.field', { name: named(field) })
    if (relationship !== undefined) return t('manage.impact.relationship', { name: named(relationship) })
    return slug === 'count' ? t('manage.impact.count') : t('manage.impact.field', { name: slug })
  }
}
