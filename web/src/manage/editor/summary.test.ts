import { expect, it } from 'vitest'
import { emptyForm, newField, newRelationship } from '../form'
import { summaryOf } from './summary'

const t = ((id: string, values?: Record<string, unknown>) => (values === undefined ? id : `${String(values.part)}: ${String(values.attribute)}`)) as Parameters<typeof summaryOf>[2]

it('calls a part without a name what it is', () => {
  const [field, relationship] = [{ ...newField(), key: 'f' }, { ...newRelationship(), key: 'r', label: '', slug: '' }]
  const form = { ...emptyForm('Contact'), fields: [field], relationships: [relationship] }
  const errors = new Map([['fields.f.label', 'x'], ['relationships.r.label', 'x']])
  expect(summaryOf(errors, form, t).map(({ text }) => text)).toEqual(['manage.fields.unnamed: manage.attr.label', 'manage.relationships.unnamed: manage.attr.label'])
})
