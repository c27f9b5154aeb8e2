import { useEffect } from 'react'
import { useBlocker, type BlockerFunction } from 'react-router'
import { useT } from '../i18n/useT'
import { Dialog } from './Dialog'

/** What the guard says where "not saved, lost" is not true. */
export type LeaveWords = { title: string; text: string; leave: string }

/** Asks before changes are left: render what it returns. `stays`: moves within the view, which lose nothing. `words`: what
 * becomes of the changes, if they are not lost; or all words of the dialog, if it is not about changes. */
export function useUnsavedGuard(dirty: boolean, stays: BlockerFunction = () => false, words?: string | LeaveWords) {
  const t = useT()
  const blocker = useBlocker((move) => dirty && move.currentLocation.pathname !== move.nextLocation.pathname && !stays(move))
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
  if (blocker.state !== 'blocked') return null
  const own = typeof words === 'object' ? words : null
  const text = own?.text ?? (typeof words === 'string' ? words : t('common.unsaved.text'))
  return (
    <Dialog title={own?.title ?? t('common.unsaved.title')} onClose={() => blocker.reset()}>
      <p className="sub">{text}</p>
      <div className="row actions">
        <button type="button" className={`btn ${own === null ? 'danger' : ''}`} onClick={() => blocker.proceed()}>{own?.leave ?? t('common.unsaved.leave')}</button>
        <button type="button" className="btn primary" data-autofocus onClick={() => blocker.reset()}>{t('common.unsaved.stay')}</button>
      </div>
    </Dialog>
  )
}
