import type { useT } from '../../i18n/useT'
import type { FieldInfo } from '../../report/fields'
import type { GroupError } from './grouping'

/** Edges as an example of what can be entered for a type. */
export const edgesExample = (type: string, locale: string): string =>
  type === 'date' || type === 'datetime' ? '2026-01-01; 2026-07-01' : locale.startsWith('fr') ? '2; 4,5; 10' : '2; 4.5; 10'

/** What is wrong with a grouped dimension, in words. */
export function groupErrorText(error: GroupError, field: FieldInfo, t: ReturnType<typeof useT>, locale: string): string {
  switch (error.kind) {
    case 'edges':
      return t('extras.group.error.edges', { example: edgesExample(field.type, locale) })
    case 'name':
    case 'repeated':
      return t(`extras.group.error.${error.kind}`, { number: error.number, name: error.name })
    case 'values':
      return t('extras.group.error.values', { name: error.name === '' ? t('extras.group.number', { number: error.number }) : error.name })
    case 'shared':
      return t('extras.group.error.shared', {
        value: field.options.find(({ value }) => value === error.value)?.label ?? String(error.value), first: error.first, second: error.second,
      })
    default:
      return t(`extras.group.error.${error.kind}`)
  }
}
