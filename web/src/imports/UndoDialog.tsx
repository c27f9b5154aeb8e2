import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { call } from '../api/call'
import { undoImport, type PastImportBody, type UndoneBody } from '../api/schema'
import { useT } from '../i18n/useT'
import { useTenant } from '../session/SessionProvider'
import { ConfirmDialog, Dialog } from '../shared/Dialog'
import { Icon } from '../shared/Icon'
import { importsKey } from './pastImports'

/** Asks before an import is undone, then says how many records it deleted and which it kept. */
export function UndoDialog({ past, name, onClose }: { past: Pick<PastImportBody, 'import' | 'accepted'>; name: string; onClose: () => void }) {
  const t = useT()
  const { tenant } = useTenant()
  const client = useQueryClient()
  const [undone, setUndone] = useState<UndoneBody | null>(null)
  const asked = useRef(true)
  const undo = async () => {
    const answer = await call(undoImport({ path: { tenant, import_id: past.import } }))
    asked.current = false
    setUndone(answer)
    void client.invalidateQueries({ queryKey: importsKey(tenant) })
    void client.invalidateQueries({ queryKey: ['catalog', tenant] })
  }
  if (undone !== null) {
    return (
      <Dialog title={t('imports.undo.doneTitle')} onClose={onClose}>
        <div role="status">
          <p className="state ok"><Icon name="checkCircle" />{t('imports.undo.deleted', { count: undone.deleted })}</p>
          {undone.kept.map((kept) => <p key={kept.reason} className="s13 sub importkept">{kept.message}</p>)}
        </div>
        <div className="row actions"><button type="button" className="btn primary" data-autofocus onClick={onClose}>{t('common.close')}</button></div>
      </Dialog>
    )
  }
  return (
    <ConfirmDialog
      title={t('imports.undo.title', { name })} text={t('imports.undo.text')} action={t('imports.undo.action')} onConfirm={undo}
      onClose={() => (asked.current ? onClose() : undefined)}
    />
  )
}
