import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { createElement, useState } from 'react'
import { call, CallError } from '../../api/call'
import { changeSchema, createSchema, type SchemaBody } from '../../api/schema'
import { useRich, useT } from '../../i18n/useT'
import { useTenant } from '../../session/SessionProvider'
import { CONTACT, definitionOf, type ObjectForm } from '../form'
import { refusedAt, type Refused } from '../pointers'
import { useRefreshTime } from '../refreshTime'

/** What became of saving: the saved object; what the service refuses, at its inputs; or a failure. */
export type Saved = { schema: SchemaBody } | { refused: Refused[] } | { failed: Error }

/** Saves a form: creates the object, or changes the version that it began with. Says when reports will show it. */
export function useSave() {
  const client = useQueryClient()
  const t = useT()
  const rich = useRich()
  const { tenant } = useTenant()
  const time = useRefreshTime()
  const [saving, setSaving] = useState(false)
  const tell = (form: ObjectForm) => {
    const joined = form.slug === CONTACT || form.relationships.some((each) => each.target === CONTACT)
    const id = !joined ? 'manage.edit.savedContact' : form.stored ? 'manage.edit.savedChanges' : 'manage.edit.saved'
    const instant = time.next === null ? t('manage.edit.soon') : time.long(time.next)
    notifications.show({ message: rich(id, { em: (chunks) => createElement('em', null, chunks), name: form.singular, instant }) })
  }
  const save = async (form: ObjectForm, version: number): Promise<Saved> => {
    setSaving(true)
    try {
      const schema = await send(tenant, form, version)
      client.setQueriesData({ queryKey: ['schema', tenant, schema.object] }, schema)
      for (const noun of ['schemas', 'catalog', 'impact']) void client.invalidateQueries({ queryKey: [noun, tenant] })
      tell(form)
      return { schema }
    } catch (error) {
      // The newer version is read, so that the reader can continue with it.
      if (error instanceof CallError && error.status === 412) void client.invalidateQueries({ queryKey: ['schema', tenant, form.slug] })
      if (error instanceof CallError && error.status === 422 && error.errors.length > 0) return { refused: refusedAt(error.errors, form) }
      if (error instanceof CallError && error.code === 'slug_taken') return { refused: [{ path: 'object', text: error.message }] }
      return { failed: error as Error }
    } finally {
      setSaving(false)
    }
  }
  return { save, saving }
}

async function send(tenant: string, form: ObjectForm, version: number): Promise<SchemaBody> {
  const body = definitionOf(form)
  if (!form.stored) return call(createSchema({ path: { tenant }, body }))
  const answer = await call(changeSchema({ path: { tenant, object: body.object }, headers: { 'if-match': `"${version}"` }, body }))
  if ('version' in answer) return answer
  throw new Error('The service answered a change with a preview.')
}
