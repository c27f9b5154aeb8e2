import { useState, type ReactNode } from 'react'
import { useT } from '../../i18n/useT'
import { Dialog } from '../../shared/Dialog'
import { ErrorSummary } from '../../shared/inputs'

/** The frame of all dialogs here: what it is for, its fields, and Save. Ctrl/⌘ + ↵ saves from anywhere in it. Escape, which
 * also closes lists and is pressed once too often, asks before it takes what was typed; Cancel does not. */
export function DialogForm({ title, intro, size = '640px', errors = [], changed = false, onSave, onClose, extra, children }: {
  title: string
  intro?: ReactNode
  size?: string
  errors?: readonly { id?: string; text: string }[]
  /** Whether something was put in without typing. */
  changed?: boolean
  onSave: () => void
  onClose: () => void
  extra?: ReactNode
  children: ReactNode
}) {
  const t = useT()
  const [typed, setTyped] = useState(false)
  const [asked, setAsked] = useState(false)
  return (
    <Dialog title={title} onClose={() => (typed || changed ? setAsked(true) : onClose())} size={size}>
      <form
        className="xform"
        noValidate
        onInput={() => setTyped(true)}
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
        {asked ? (
          <div className="notice warn compact" role="alert">
            <p className="grow">{t('extras.leave.text')}</p>
            <button type="button" className="btn xs" onClick={onClose}>{t('extras.leave.discard')}</button>
            <button type="button" className="btn xs" onClick={() => setAsked(false)}>{t('extras.leave.keep')}</button>
          </div>
        ) : null}
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
