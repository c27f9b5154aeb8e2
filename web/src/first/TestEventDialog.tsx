import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call'
import { takeEvents, type SchemaBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { Dialog } from '../shared/Dialog'
import { Icon } from '../shared/Icon'
import { SelectInput, TextArea } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { testEvent } from './testEvent'

const CONTACT = 'contact'

/** Sends one event as a service of the tenant would, and says what became of it. */
export function TestEventDialog({ objects, onClose }: { objects: SchemaBody[]; onClose: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const client = useQueryClient()
  const draft = (object: string) => JSON.stringify(testEvent(tenant, objects.find((schema) => schema.object === object) ?? null, new Date(), crypto.randomUUID()), null, 2)
  const [object, setObject] = useState(objects[0]?.object ?? CONTACT)
  const [text, setText] = useState(() => draft(object))
  const send = useMutation({
    mutationFn: (event: Record<string, unknown>) => call(takeEvents({ path: { tenant }, body: [event] })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['catalog', tenant] }),
  })
  const event = parsed(text)
  const choose = (next: string) => {
    setObject(next)
    setText(draft(next))
    send.reset()
  }
  const [refusal] = send.data?.refused ?? []
  return (
    <Dialog title={t('first.event.title')} onClose={onClose} size="lg">
      <div className="formgrid">
        <p className="s13 sub">{t('first.event.text')}</p>
        <SelectInput
          label={t('first.event.object')} value={object} onChange={choose}
          options={[...objects.map((schema) => ({ value: schema.object, label: schema.labels?.singular ?? schema.object })), { value: CONTACT, label: t('common.contact') }]}
        />
        <TextArea label={t('first.event.event')} value={text} onChange={setText} error={event === null ? t('first.event.notJson') : null} rows={14} className="firstjson" spellCheck={false} />
        <div role="status">
          {send.data?.accepted === 1 ? <p className="state ok"><Icon name="checkCircle" />{t('first.event.accepted')}</p> : null}
        </div>
        {refusal === undefined ? null : (
          <div className="notice warn compact" role="alert"><Icon name="warning" /><p>{t('first.event.refused', { reason: refusal.message })} <span className="mono">{refusal.pointer}</span></p></div>
        )}
        {send.error === null ? null : <ProblemNotice error={send.error} compact />}
      </div>
      <div className="row actions">
        <button type="button" className="btn" onClick={onClose}>{t('common.close')}</button>
        <button type="button" className="btn primary" aria-disabled={event === null || send.isPending} onClick={() => (event === null || send.isPending ? undefined : send.mutate(event))}>{t('first.event.send')}</button>
      </div>
    </Dialog>
  )
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
