import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call'
import { createSchema, type SchemaBody } from '../api/schema'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { ErrorSummary, TextInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { slugify } from '../shared/slug'
import { NewColumns } from './NewColumns'
import { definitionOf, newObjectProblems, type NewObject, type NewObjectProblem } from './newObject'

const ids = { singular: 'new-singular', plural: 'new-plural', slug: 'new-slug' } as const

/** The object that a file suggests, for the reader to confirm. It is created before anything is imported. */
export function NewObjectForm({ fresh, objects, onEdit, onCreated }: {
  fresh: NewObject
  objects: readonly SchemaBody[]
  onEdit: (fresh: NewObject) => void
  onCreated: (object: string) => void
}) {
  const t = useT()
  const { tenant } = useTenant()
  const client = useQueryClient()
  const [asked, setAsked] = useState(false)
  const problems = asked ? newObjectProblems(fresh, objects.map((schema) => schema.object)) : []
  const create = useMutation({
    mutationFn: () => call(createSchema({ path: { tenant }, body: definitionOf(fresh) })),
    onSuccess: async (schema) => {
      await client.invalidateQueries({ queryKey: ['schemas', tenant] })
      void client.invalidateQueries({ queryKey: ['catalog', tenant] })
      onCreated(schema.object)
    },
  })
  const submit = () => {
    setAsked(true)
    if (!create.isPending && newObjectProblems(fresh, objects.map((schema) => schema.object)).length === 0) create.mutate()
  }
  const errorOf = (at: string) => {
    const found = problems.find((problem) => problem.at === at)
    return found === undefined ? null : t(`imports.new.error.${found.code}` as MessageId)
  }
  const singular = (value: string) => onEdit({ ...fresh, singular: value, ...(fresh.slug === slugify(fresh.singular) ? { slug: slugify(value) } : {}) })
  return (
    <div className="formgrid">
      <ErrorSummary title={t('common.correct', { count: problems.length })} errors={problems.map((problem) => ({ id: placeOf(problem), text: textOf(problem, fresh, t) }))} />
      <div className="importnames">
        <TextInput id={ids.singular} label={t('imports.new.singular')} value={fresh.singular} error={errorOf('singular')} onChange={singular} />
        <TextInput label={t('imports.new.plural')} value={fresh.plural} error={errorOf('plural')} onChange={(plural) => onEdit({ ...fresh, plural })} />
        <TextInput label={t('imports.new.slug')} value={fresh.slug} error={errorOf('slug')} hint={t('imports.new.slugHint')} onChange={(slug) => onEdit({ ...fresh, slug })} />
      </div>
      <NewColumns fresh={fresh} problems={problems} onEdit={onEdit} />
      {create.error === null ? null : <ProblemNotice error={create.error} compact />}
      <div><button type="button" className="btn primary" aria-disabled={create.isPending} onClick={submit}>{t('imports.new.create', { name: fresh.singular })}</button></div>
    </div>
  )
}

const placeOf = (problem: NewObjectProblem): string => `new-${problem.at.replace('.', '-')}`

function textOf(problem: NewObjectProblem, fresh: NewObject, t: ReturnType<typeof useT>): string {
  const column = fresh.columns[Number(problem.at.split('.')[1])]
  const text = t(`imports.new.error.${problem.code}` as MessageId)
  return column === undefined ? text : `${column.header}: ${text}`
}
