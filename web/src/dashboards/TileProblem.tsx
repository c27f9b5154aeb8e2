import { useState } from 'react'
import { Link } from 'react-router'
import { CallError } from '../api/call'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { Icon } from '../shared/Icon'
import { problemText } from '../shared/ProblemNotice'

export type Trouble = 'offline' | 'right' | 'look' | 'snapshot' | 'timeout' | 'busy' | 'changed' | 'other'

/** What kind of failure a tile shows. `ofLook`: it is the tile's Look that could not be read. */
export function troubleOf(error: Error, ofLook: boolean): Trouble {
  if (!(error instanceof CallError)) return 'other'
  if (error.status === 0) return 'offline'
  if (error.status === 403) return 'right'
  if (ofLook && error.status === 404) return 'look'
  if (error.status === 410 || error.code === 'unknown_snapshot') return 'snapshot'
  if (error.status === 504) return 'timeout'
  if (error.status === 503 || error.status === 429) return 'busy'
  return error.status === 422 ? 'changed' : 'other'
}

type Props = {
  error: Error
  ofLook: boolean
  object: string
  again: () => void
  showNewest: () => void
  remove: (() => void) | null
  /** Chooses another Look for the tile. */
  choose?: (() => void) | null
  openAt: string | null
}

/** A tile that failed: what happened, what to do, and the request id one click away. The others stay as they are. */
export function TileProblem({ error, ofLook, object, again, showNewest, remove, choose = null, openAt }: Props) {
  const t = useT()
  const [open, setOpen] = useState(false)
  const kind = troubleOf(error, ofLook)
  const id = error instanceof CallError ? error.requestId : null
  const what = kind === 'changed' ? problemText(error, t) : t(`dashboards.tile.failed.${kind}` satisfies MessageId, { object })
  const next: MessageId = kind === 'look' && choose === null ? 'dashboards.tile.failed.lookReader' : kind === 'changed' ? 'dashboards.tile.failed.changed' : `dashboards.tile.failed.${kind}Hint`
  return (
    <div className="tilefailed" role="alert">
      <span className="tilefailedicon"><Icon name="warning" /></span>
      <div className="grow">
        <p className="s13 strong">{what}</p>
        <p className="s12 sub">{t(next)}</p>
        <div className="row wrap tilefailedacts">
          {kind === 'snapshot' ? <button type="button" className="btn xs" onClick={showNewest}><Icon name="refresh" />{t('dashboards.tile.failed.newest')}</button> : null}
          {kind === 'look' && choose !== null ? <button type="button" className="btn xs" onClick={choose}><Icon name="list" />{t('dashboards.tile.chooseLook')}</button> : null}
          {kind === 'look' && remove !== null ? <button type="button" className="btn xs" onClick={remove}><Icon name="trash" />{t('dashboards.tile.remove')}</button> : null}
          {kind === 'changed' && openAt !== null ? <Link className="btn xs" to={openAt}>{t('dashboards.tile.open')}</Link> : null}
          {['offline', 'timeout', 'busy', 'other'].includes(kind) ? <button type="button" className="btn xs" onClick={again}><Icon name="refresh" />{t('common.tryAgain')}</button> : null}
          {id === null ? null : <button type="button" className="btn ghost xs" aria-expanded={open} onClick={() => setOpen(!open)}>{t('common.details')}</button>}
        </div>
        {open && id !== null ? <p className="mono mut tileid">{t('common.requestId', { id })}</p> : null}
      </div>
    </div>
  )
}
