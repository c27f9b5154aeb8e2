import type { FieldForm, ObjectForm, RelationshipForm } from './form'

/** `theirs`, with what was changed from `base` to `mine` applied to it. Where both changed the same part, mine stays. */
export function merged(base: ObjectForm, mine: ObjectForm, theirs: ObjectForm): ObjectForm {
  const pick = <Name extends 'singular' | 'plural' | 'description'>(name: Name) => (mine[name] === base[name] ? theirs[name] : mine[name])
  return {
    ...theirs,
    singular: pick('singular'),
    plural: pick('plural'),
    description: pick('description'),
    fields: mergedParts<FieldForm>(base.fields, mine.fields, theirs.fields),
    relationships: mergedParts<RelationshipForm>(base.relationships, mine.relationships, theirs.relationships),
  }
}

/** In my order; what they added stands behind. */
function mergedParts<Part extends FieldForm | RelationshipForm>(base: Part[], mine: Part[], theirs: Part[]): Part[] {
  const bySlug = (parts: Part[]) => new Map(parts.map((part) => [part.slug, part]))
  const [was, have, now] = [bySlug(base), bySlug(mine), bySlug(theirs)]
  const kept = mine.flatMap((part) => {
    const [before, current] = [was.get(part.slug), now.get(part.slug)]
    if (before === undefined) return [current === undefined ? part : current]
    if (current === undefined) return []
    return [JSON.stringify(part) === JSON.stringify(before) ? current : { ...part, key: current.key }]
  })
  return [...kept, ...theirs.filter((part) => !was.has(part.slug) && !have.has(part.slug))]
}
