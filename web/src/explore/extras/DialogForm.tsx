import type { ReactNode } from 'react'
import { useT } from '../../i18n/useT'
import { Dialog } from '../../shared/Dialog'
import { ErrorSummary } from '../../shared/inputs'

/** The frame of all dialogs here: what it is for, its fields, and Save. Ctrl/⌘ + ↵ saves from anywhere in it. */
export function DialogForm({ title, intro, size = '640px', errors = [], onSave, onClose, extra, children }: {
  title: string
  intro?: ReactNode
  size?: string
  errors?: readonly { id?: string; text: string }[]
  onSave: () => void
  onClose: () => void
  extra?: ReactNode
  children: ReactNode
}) {
  const t = useT()
  return (
    <Dialog title={title} onClose={onClose} size={size}>
      <form
        className="xform"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          onSave()
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            onSave()
          }
        }}
      >
        {intro === undefined ? null : <p className="sub">{intro}</p>}
        {errors.length === 0 ? null : <ErrorSummary title={t('common.correct', { count: errors.length })} errors={errors} />}
        {children}
        <div className="row actions">
          {extra}
          <span className="grow" />
          <button type="button" className="btn" onClick={onClose}>{t('common.cancel')}</button>
          <button type="submit" className="btn primary">{t('common.save')}</button>
        </div>
      </form>
    </Dialog>
  )
}
