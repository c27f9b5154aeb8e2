import { useEditing } from './editing'

/** What people call a part that reports name `<object>.<slug>`. */
export function usePartLabel(): (name: string) => string {
  const { form } = useEditing()
  return (name) => {
    const slug = name.split('.')[1]
    if (slug === undefined) return form.plural || name
    return [...form.fields, ...form.relationships].find((part) => part.slug === slug)?.label || slug
  }
}
