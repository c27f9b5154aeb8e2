import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useT } from '../i18n/useT'
import { Dialog } from '../shared/Dialog'
import { TextInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { discard, type Selection } from './moves'

const REASON_MOST = 500
// Counting takes a reason, too; it is stored with real discards only.
const COUNTING = 'count'

/** Discards events for a reason that is kept with them. */
export function DiscardDialog({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const count = useQuery({
    queryKey: ['quarantine', '*', 'discard', selection.chosen],
    queryFn: () => discard(selection.chosen, COUNTING, true),
    staleTime: Infinity,
    gcTime: 0,
  })
  const events = count.data ?? selection.events
  const confirm = async () => {
    setMissing(reason.trim() === '')
    if (busy || reason.trim() === '') return
    setBusy(true)
    setProblem(null)
    try {
      const done = await discard(selection.chosen, reason.trim(), false)
      await client.invalidateQueries({ queryKey: ['quarantine'], predicate: (query) => query.queryKey[2] !== 'discard' })
      notifications.show({ message: t('ops.discard.done', { count: done }) })
      onClose()
    } catch (error) {
      setProblem(error as Error)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('ops.discard.title', { count: events })} onClose={onClose}>
      <form className="formgrid" noValidate onSubmit={(event) => { event.preventDefault(); void confirm() }}>
        <p className="sub">{t('ops.discard.text')}</p>
        {count.isError ? <ProblemNotice error={count.error} again={() => void count.refetch()} compact /> : null}
        <TextInput
          label={t('ops.discard.reason')}
          hint={t('ops.discard.hint')}
          value={reason}
          maxLength={REASON_MOST}
          required
          data-autofocus
          error={missing && reason.trim() === '' ? t('ops.discard.missing') : null}
          onChange={setReason}
        />
        {problem === null ? null : <ProblemNotice error={problem} compact />}
        <div className="row actions">
          <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
          <button type="submit" className="btn danger" aria-disabled={busy}>{t('ops.discard.action', { count: events })}</button>
        </div>
      </form>
    </Dialog>
  )
}
