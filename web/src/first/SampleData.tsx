import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call'
import { createSchema, deleteSchema, takeEvents, type SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { ConfirmDialog } from '../shared/Dialog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { generationOf, removeSampleContacts } from './removeSamples'
import { portions, SAMPLE_OBJECT, sampleContacts, sampleDefinition, sampleOrders } from './samples'
import { useSampleWords } from './useSampleWords'

/** A data set to try Crosslook with: adds it, shows how far it is, and removes it again. */
export function SampleData({ objects }: { objects: SchemaBody[] }) {
  const t = useT()
  const formats = useFormats()
  const [sent, setSent] = useState<{ done: number; of: number } | null>(null)
  const [removing, setRemoving] = useState(false)
  const { add, remove } = useSamples(objects, (done, of) => setSent({ done, of }))
  const there = objects.some((schema) => schema.object === SAMPLE_OBJECT)
  const share = sent === null ? 0 : sent.done / sent.of
  return (
    <div className="firstsample">
      {add.isPending ? (
        <>
          <span role="status" className="s13">{t('first.sample.progress', { done: formats.number(sent?.done ?? 0), of: formats.number(sent?.of ?? 0) })}</span>
          <progress className="bar" max={1} value={share} aria-label={t('first.sample.adding')} />
        </>
      ) : there ? (
        <>
          <span className="s13 sub grow" role="status">{t(add.isSuccess ? 'first.sample.added' : 'first.sample.there')}</span>
          <button type="button" className="btn ghost sm" onClick={() => setRemoving(true)}><Icon name="trash" />{t('first.sample.remove')}</button>
        </>
      ) : (
        <>
          <span className="s13 sub grow">{t('first.sample.text')}</span>
          <button type="button" className="btn ghost sm" onClick={() => add.mutate()}><Icon name="bolt" />{t('first.sample.use')}</button>
        </>
      )}
      {add.error === null ? null : <ProblemNotice error={add.error} again={() => add.mutate()} compact />}
      {removing ? (
        <ConfirmDialog title={t('first.sample.removeTitle')} text={t('first.sample.removeText')} action={t('first.sample.remove')} onConfirm={() => remove.mutateAsync()} onClose={() => setRemoving(false)} />
      ) : null}
    </div>
  )
}

function useSamples(objects: SchemaBody[], progress: (done: number, of: number) => void) {
  const { tenant } = useTenant()
  const words = useSampleWords()
  const client = useQueryClient()
  const path = { tenant }
  const settle = async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['schemas', tenant] }), client.invalidateQueries({ queryKey: ['catalog', tenant] })])
  }
  const add = useMutation({
    mutationFn: async () => {
      const [now, generation] = [new Date(), generationOf(tenant)]
      const events = [...sampleContacts(tenant, now, generation), ...sampleOrders(tenant, now, generation)]
      progress(0, events.length)
      if (!objects.some((schema) => schema.object === SAMPLE_OBJECT)) await call(createSchema({ path, body: sampleDefinition(words) }))
      let done = 0
      for (const portion of portions(events)) {
        await call(takeEvents({ path, body: portion }))
        done += portion.length
        progress(done, events.length)
      }
    },
    onSettled: settle,
  })
  const remove = useMutation({
    mutationFn: async () => {
      await call(deleteSchema({ path: { tenant, object: SAMPLE_OBJECT } }))
      await removeSampleContacts(tenant)
    },
    onSettled: settle,
  })
  return { add, remove }
}
