import { useEffect, useState } from 'react'
import { CallError } from '../api/call'
import { useT } from '../i18n/useT'
import type { Report } from '../report/types'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'

/** A report that failed, by its code: what happened and what to do. Others are shown in the service's own words. */
export function ResultProblem({ error, onRetry, onReport }: { error: Error; onRetry: () => void; onReport?: (patch: Partial<Report>) => void }) {
  const t = useT()
  const code = error instanceof CallError ? error.code : ''
  if (code === 'overloaded') return <Overloaded error={error as CallError} onRetry={onRetry} />
  if (code === 'query_timeout') return <Said error={error as CallError} text={t('result.error.timeout')} action={t('common.tryAgain')} onAction={onRetry} />
  if (code === 'no_snapshot') return <Said error={error as CallError} text={t('result.error.noSnapshot')} action={t('common.tryAgain')} onAction={onRetry} />
  if ((code === 'snapshot_expired' || code === 'unknown_snapshot') && onReport !== undefined) {
    return <Said error={error as CallError} text={t('result.error.expired')} action={t('result.error.current')} onAction={() => onReport({ snapshot: undefined })} />
  }
  return <div className="rs-note"><ProblemNotice error={error} again={onRetry} /></div>
}

function Said({ error, text, action, onAction }: { error: CallError; text: string; action: string; onAction: () => void }) {
  const t = useT()
  const [open, setOpen] = useState(false)
  return (
    <div className="notice bad rs-note" role="alert">
      <Icon name="warning" />
      <div className="grow">
        <p className="strong">{text}</p>
        <div className="row wrap">
          <button type="button" className="btn xs" onClick={onAction}><Icon name="refresh" />{action}</button>
          {error.requestId === null ? null : <button type="button" className="btn ghost xs" aria-expanded={open} onClick={() => setOpen(!open)}>{t('common.details')}</button>}
        </div>
        {open ? <p className="mono mut">{t('common.requestId', { id: error.requestId })}</p> : null}
      </div>
    </div>
  )
}

const WAIT_SECONDS = 5

/** Too many reports at once: it is asked again by itself. */
function Overloaded({ error, onRetry }: { error: CallError; onRetry: () => void }) {
  const t = useT()
  const [left, setLeft] = useState(WAIT_SECONDS)
  useEffect(() => {
    if (left === 0) {
      onRetry()
      return
    }
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left, onRetry])
  return <Said error={error} text={left === 0 ? t('result.error.overloadedNow') : t('result.error.overloaded', { seconds: left })} action={t('common.tryAgain')} onAction={onRetry} />
}
