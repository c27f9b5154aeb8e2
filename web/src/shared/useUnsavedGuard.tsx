import { useEffect } from 'react'
import { useBlocker, type BlockerFunction } from 'react-router'
import { useT } from '../i18n/useT'
import { Dialog } from './Dialog'

/** Asks before changes are left: render what it returns. `stays`: moves within the view, which lose nothing. `text`: what
 * becomes of the changes, if they are not lost. */
export function useUnsavedGuard(dirty: boolean, stays: BlockerFunction = () => false, text?: string) {
  const t = useT()
  const blocker = useBlocker((move) => dirty && move.currentLocation.pathname !== move.nextLocation.pathname && !stays(move))
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
  if (blocker.state !== 'blocked') return null
  return (
    <Dialog title={t('common.unsaved.title')} onClose={() => blocker.reset()}>
      <p className="sub">{text ?? t('common.unsaved.text')}</p>
      <div className="row actions">
        <button type="button" className="btn danger" onClick={() => blocker.proceed()}>{t('common.unsaved.leave')}</button>
        <button type="button" className="btn primary" data-autofocus onClick={() => blocker.reset()}>{t('common.unsaved.stay')}</button>
      </div>
    </Dialog>
  )
}
