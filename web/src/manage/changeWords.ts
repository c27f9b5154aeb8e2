import type { ChangeBody, ChangeKind } from '../api/schema'
import type { MessageId } from '../i18n'
import type { ObjectForm } from './form'

/** A change as a sentence; `loss`: something goes away. */
export type ChangeWords = { id: MessageId; values: Record<string, string | number>; loss: boolean }

const LOSSES: ReadonlySet<ChangeKind> = new Set(['field_removed', 'option_removed', 'relationship_removed'])

/** The service's list of changes in words: changes of one kind to one part's options are one sentence. */
export function changeWords(changes: readonly ChangeBody[], before: ObjectForm, after: ObjectForm): ChangeWords[] {
  const counted = new Map<string, { change: ChangeBody; count: number }>()
  for (const change of changes) {
    const several = change.kind.startsWith('option_')
    const key = several ? `${change.kind} ${change.slug}` : `${change.kind} ${change.pointer}`
    const known = counted.get(key)
    if (known === undefined) counted.set(key, { change, count: 1 })
    else known.count += 1
  }
  return [...counted.values()].map(({ change, count }) => {
    const place = change.kind === 'order_changed' ? (change.pointer.endsWith('/options') ? 'options' : change.pointer.slice(1)) : ''
    return {
      id: `manage.change.${change.kind}` as MessageId,
      values: { name: nameOf(change.slug ?? '', change.kind.endsWith('removed') ? before : after, before), count, place },
      loss: LOSSES.has(change.kind),
    }
  })
}

function nameOf(slug: string, form: ObjectForm, other: ObjectForm): string {
  const all = [...form.fields, ...form.relationships, ...other.fields, ...other.relationships]
  const part = all.find((each) => each.slug === slug)
  return part === undefined || part.label === '' ? slug : part.label
}
