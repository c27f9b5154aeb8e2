import { useState } from 'react'
import { Link } from 'react-router'
import type { LookSummary } from '../api/query'
import { useT } from '../i18n/useT'
import { chartType } from '../looks/chartType'
import { folded } from '../report/fields'
import { useTenant } from '../session/SessionProvider'
import { Dialog } from '../shared/Dialog'
import { Icon } from '../shared/Icon'
import { SearchInput } from '../shared/inputs'
import { ProblemNotice } from '../shared/ProblemNotice'
import { Skeletons } from '../shared/Skeletons'
import { useLooks } from './calls'

const SHOWN = 100

/** Chooses a Look for a new tile, or leads to a new report. `present`: Looks that the dashboard shows already. */
export function AddTileDialog({ title, present, labelOf, onAdd, onClose }: {
  /** What it is called, if it is not a tile that is added. */
  title?: string
  present: ReadonlySet<string>
  labelOf: (object: string) => string
  onAdd: (look: LookSummary) => void
  onClose: () => void
}) {
  const t = useT()
  const { tenant } = useTenant()
  const looks = useLooks()
  const [text, setText] = useState('')
  const sought = folded(text.trim())
  const found = (looks.data ?? []).filter((look) => folded(`${look.name} ${labelOf(look.object)}`).includes(sought))
  const none = looks.data?.length === 0
  return (
    <Dialog title={title ?? t('dashboards.add.title')} onClose={onClose} size="lg">
      {none ? null : <SearchInput label={t('dashboards.add.search')} value={text} onChange={setText} data-autofocus />}
      {looks.isPending ? <Skeletons rows={4} /> : null}
      {looks.isError ? <ProblemNotice error={looks.error} again={() => void looks.refetch()} compact /> : null}
      {none ? <p className="sub">{t('dashboards.add.noLooks')}</p> : null}
      {looks.data !== undefined && !none && found.length === 0 ? <p className="s13 sub addnone" role="status">{t('dashboards.add.none', { text })}</p> : null}
      <ul className="addlist" aria-label={t('dashboards.add.looks')}>
        {found.slice(0, SHOWN).map((look) => (
          <li key={look.id}>
            <button type="button" onClick={() => onAdd(look)}>
              <Icon name={chartType(look.chart_type)} />
              <span className="grow">
                <span className="s13 strong addname">{look.name}</span>
                <span className="s12 mut addname">{labelOf(look.object)}{look.description === '' ? '' : ` · ${look.description}`}</span>
              </span>
              {present.has(look.id) ? <span className="pill">{t('dashboards.add.on')}</span> : null}
            </button>
          </li>
        ))}
      </ul>
      <div className="row actions">
        <Link className="btn" to={`/t/${tenant}/reports`}><Icon name="plus" />{t('dashboards.add.newReport')}</Link>
      </div>
    </Dialog>
  )
}
