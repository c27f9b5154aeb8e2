import { useState } from 'react'
import { CallError } from '../api/call'
import { useT } from '../i18n/useT'
import { Icon } from './Icon'

type Shown = { error: Error; again?: () => void; compact?: boolean }

/** What happened and what to do next; the request id is one click away. That the session has ended is said by a dialog
 * before everything else, and is no longer true when that is gone. `again`: how to try it again, which is not offered
 * where the answer is that it is not allowed. */
export function ProblemNotice(shown: Shown) {
  return shown.error instanceof CallError && shown.error.status === 401 ? null : <Notice {...shown} />
}

function Notice({ error, again, compact = false }: Shown) {
  const t = useT()
  const [open, setOpen] = useState(false)
  const id = error instanceof CallError ? error.requestId : null
  const forbidden = error instanceof CallError && error.status === 403
  return (
    <div className={`notice bad ${compact ? 'compact' : ''}`} role="alert">
      <Icon name="warning" />
      <div className="grow">
        <p className="strong">{useProblemText(error)}</p>
        {error instanceof CallError && error.errors.length > 1 ? (
          <ul className="problems">{error.errors.map((item) => <li key={item.pointer + item.code}>{item.message}</li>)}</ul>
        ) : null}
        <div className="row wrap">
          {again === undefined || forbidden ? null : (
            <button type="button" className="btn xs" onClick={again}><Icon name="refresh" />{t('common.tryAgain')}</button>
          )}
          {id === null ? null : (
            <button type="button" className="btn ghost xs" aria-expanded={open} onClick={() => setOpen(!open)}>{t('common.details')}</button>
          )}
        </div>
        {open && id !== null ? <p className="mono mut">{t('common.requestId', { id })}</p> : null}
      </div>
    </div>
  )
}

/** A failure in words: the service's own sentence, which is in the reader's language, where there is one. */
export function useProblemText(error: Error): string {
  const t = useT()
  return problemText(error, t)
}

/** As `useProblemText`, outside of rendering. */
export function problemText(error: Error, t: ReturnType<typeof useT>): string {
  if (!(error instanceof CallError)) return t('common.failed')
  if (error.status === 0) return t('common.offline')
  if (error.status === 403 && error.code === 'forbidden') return t('common.forbidden')
  const [first] = error.errors
  return first?.message ?? (error.message === '' ? t('common.failed') : error.message)
}
