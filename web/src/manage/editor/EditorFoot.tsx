import type { ReactNode } from 'react'
import { useT } from '../../i18n/useT'
import { useRefreshTime } from '../refreshTime'

/** When changes are seen, what they are, and Save, which is never blocked by problems: it shows them. */
export function EditorFoot({ creating, saving, locked, onSave, onCancel, children }: {
  creating: boolean
  saving: boolean
  locked: boolean
  onSave: () => void
  onCancel: () => void
  children: ReactNode
}) {
  const t = useT()
  const time = useRefreshTime()
  return (
    <>
      {children}
      <div className="row wrap">
        <span className="s12 sub footwords">{time.next === null ? t('manage.edit.footerUnknown') : t('manage.edit.footer', { instant: time.long(time.next) })}</span>
        <span className="row">
          <button type="button" className="btn" onClick={onCancel}>{t('common.cancel')}</button>
          {locked ? null : <button type="button" className="btn primary" aria-disabled={saving} aria-busy={saving} onClick={onSave}>{t(creating ? 'manage.edit.create' : 'common.save')}</button>}
        </span>
      </div>
    </>
  )
}
