import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState, type ReactNode } from 'react'
import { call, CallError } from '../api/call'
import { undoImport, type PastImportBody, type UndoneBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { ConfirmDialog, Dialog } from '../shared/Dialog'
import { Icon } from '../shared/Icon'
import { importsKey, useTooOld } from './pastImports'

/** Asks before an import is undone, then says how many records it deleted and which it kept. Undoing that is refused
 * because the import is too old ends here: it would be refused again. */
export function UndoDialog({ past, name, onUndone, onClose }: { past: Pick<PastImportBody, 'import' | 'accepted'>; name: string; onUndone?: (undone: UndoneBody) => void; onClose: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const client = useQueryClient()
  const [undone, setUndone] = useState<UndoneBody | null>(null)
  const { tooOld, mark } = useTooOld()
  const asked = useRef(true)
  const undo = async () => {
    try {
      const answer = await call(undoImport({ path: { tenant, import_id: past.import } }))
      asked.current = false
      setUndone(answer)
      onUndone?.(answer)
    } catch (error) {
      if (!(error instanceof CallError) || error.code !== 'import_too_old') throw error
      asked.current = false
      mark(past.import)
    }
    void client.invalidateQueries({ queryKey: importsKey(tenant) })
    void client.invalidateQueries({ queryKey: ['catalog', tenant] })
  }
  if (tooOld.includes(past.import)) {
    return <Said title={t('imports.undo.tooOldTitle')} onClose={onClose}><p>{t('imports.undo.tooOld')} {t('imports.undo.correct')}</p></Said>
  }
  if (undone !== null) return <Said title={t('imports.undo.doneTitle')} onClose={onClose}><UndoneWords undone={undone} /></Said>
  return (
    <ConfirmDialog
      title={t('imports.undo.title', { name })} text={t('imports.undo.text')} action={t('imports.undo.action')} working={t('imports.undo.working')} onConfirm={undo}
      onClose={() => (asked.current ? onClose() : undefined)}
    />
  )
}

/** What came of it, to be read and closed. */
function Said({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const t = useT()
  return (
    <Dialog title={title} onClose={onClose}>
      <div role="status">{children}</div>
      <div className="row actions"><button type="button" className="btn primary" data-autofocus onClick={onClose}>{t('common.close')}</button></div>
    </Dialog>
  )
}

/** How many records undoing deleted, and which it kept. */
export function UndoneWords({ undone }: { undone: UndoneBody }) {
  const t = useT()
  return (
    <>
      <p className="state ok"><Icon name="checkCircle" />{t('imports.undo.deleted', { count: undone.deleted })}</p>
      {undone.kept.map((kept) => <p key={kept.reason} className="s13 sub importkept">{kept.message}</p>)}
    </>
  )
}
