import { useMemo, useState } from 'react'
import { useT } from '../../i18n/useT'
import { Dialog } from '../../shared/Dialog'
import { TextArea } from '../../shared/inputs'
import { LIMITS } from '../checks'
import type { OptionForm } from '../form'
import { readPasted } from '../pasted'

const NAMED = 8

/** Many options at once: lines, or two columns of a spreadsheet. Says what it will do before it does it. */
export function PasteDialog({ name, options, onAdd, onClose }: { name: string; options: readonly OptionForm[]; onAdd: (added: OptionForm[]) => void; onClose: () => void }) {
  const t = useT()
  const [text, setText] = useState('')
  const { added, repeated } = useMemo(() => readPasted(text, options), [text, options])
  const total = options.length + added.length
  const error = total > LIMITS.options ? t('manage.paste.tooMany', { limit: LIMITS.options, count: total }) : null
  const blocked = added.length === 0 || error !== null
  const names = repeated.slice(0, NAMED).join(', ') + (repeated.length > NAMED ? '…' : '')
  return (
    <Dialog title={t('manage.paste.title', { name })} onClose={onClose}>
      <TextArea label={t('manage.paste.label')} hint={t('manage.paste.hint')} rows={10} value={text} error={error} onChange={setText} data-autofocus spellCheck={false} />
      <div role="status" className="s12 sub pasted">
        {text.trim() === '' ? null : <p>{t('manage.paste.added', { count: added.length })}</p>}
        {repeated.length === 0 ? null : <p>{t('manage.paste.repeated', { count: repeated.length, names })}</p>}
      </div>
      <div className="row actions">
        <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
        <button type="button" className="btn primary" aria-disabled={blocked} onClick={() => {
          if (blocked) return
          onAdd(added)
          onClose()
        }}>{t('manage.paste.action', { count: added.length })}</button>
      </div>
    </Dialog>
  )
}
