import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useState } from 'react'
import { useLocation } from 'react-router'
import { call } from '../api/call'
import { getCounts } from '../api/snapshot'
import { useT } from '../i18n/useT'
import { EmptyState } from '../shared/EmptyState'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { useOps } from './context'
import { DiscardDialog } from './DiscardDialog'
import { keyOf, selectionOf, type QuarantineFilter, type Selection } from './moves'
import { Panel } from './Panel'
import { QuarantineFilters } from './QuarantineFilters'
import { QuarantineTable } from './QuarantineTable'
import { ReplayDialog } from './ReplayDialog'

const ANY: QuarantineFilter = { tenant: '', object: '', code: '', source: '' }
const ID = 'ops-quarantine'

/** Refused events by reason and source, to be looked at, replayed or discarded. */
export function QuarantinePanel() {
  const t = useT()
  const formats = useFormats()
  const { every, tenant } = useOps()
  const { search } = useLocation()
  const [chosen, setChosen] = useState<QuarantineFilter>(() => ({ ...ANY, source: new URLSearchParams(search).get('source') ?? '' }))
  const filter = { ...chosen, tenant: tenant ?? chosen.tenant }
  const object = useDeferredValue(filter.object.trim())
  const counts = useQuery({
    queryKey: ['quarantine', filter.tenant, 'counts', object],
    queryFn: ({ signal }) => call(getCounts({ query: { page_size: 500, ...(filter.tenant === '' ? {} : { tenant: filter.tenant }), ...(object === '' ? {} : { object }) }, signal })),
    refetchInterval: every,
    placeholderData: keepPreviousData,
  })
  useArrival(counts.data !== undefined)
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const [move, setMove] = useState<{ kind: 'replay' | 'discard'; selection: Selection } | null>(null)
  const all = counts.data?.items ?? []
  const rows = all.filter((row) => (filter.code === '' || row.code === filter.code) && (filter.source === '' || row.source === filter.source))
  const events = rows.reduce((sum, row) => sum + row.count, 0)
  const selection = selectionOf(rows.filter((row) => marked.has(keyOf(row))), { tenant: filter.tenant, object })
  // Until the counts of a new filter are there, those of the old one are shown, and must not be acted on.
  const nothing = selection.chosen.length === 0 || counts.isPlaceholderData
  const filtered = filter.code !== '' || filter.source !== '' || object !== '' || (tenant === null && filter.tenant !== '')
  const act = (kind: 'replay' | 'discard') => (nothing ? undefined : setMove({ kind, selection }))
  return (
    <Panel
      id={ID}
      title={t('ops.quarantine')}
      note={counts.data === undefined ? undefined : t('ops.quarantine.events', { count: events })}
      asked={counts}
      tools={all.length === 0 && !filtered ? null : (
        <div className="row wrap opstools">
          <span className={`s13 ${nothing ? 'mut' : 'strong'}`} id="ops-selected">{nothing ? t('ops.quarantine.choose') : t('ops.quarantine.selected', { count: formats.number(selection.events) })}</span>
          <button type="button" className="btn sm" aria-disabled={nothing} aria-describedby="ops-selected" onClick={() => act('replay')}><Icon name="play" />{t('ops.replay')}</button>
          <button type="button" className="btn sm" aria-disabled={nothing} aria-describedby="ops-selected" onClick={() => act('discard')}><Icon name="trash" />{t('ops.discard')}</button>
        </div>
      )}
    >
      {() => (
        <>
          {all.length === 0 && !filtered ? (
            <EmptyState icon="checkCircle" title={t('ops.quarantine.empty')} text={t('ops.quarantine.emptyText')} level={3} />
          ) : (
            <>
              <QuarantineFilters rows={all} filter={filter} onChange={setChosen} />
              {rows.length === 0 ? (
                <EmptyState icon="filter" title={t('ops.quarantine.none')} level={3}>
                  <button type="button" className="btn sm" onClick={() => setChosen(ANY)}>{t('ops.quarantine.clear')}</button>
                </EmptyState>
              ) : (
                <QuarantineTable rows={rows} within={{ tenant: filter.tenant, object }} marked={marked} onMark={setMarked} onMove={(kind, picked) => setMove({ kind, selection: picked })} />
              )}
            </>
          )}
          {move?.kind === 'replay' ? <ReplayDialog selection={move.selection} onClose={() => setMove(null)} /> : null}
          {move?.kind === 'discard' ? <DiscardDialog selection={move.selection} onClose={() => setMove(null)} /> : null}
        </>
      )}
    </Panel>
  )
}

/** Brings the quarantine into view where the address names it: at once, and again when it is `loaded`, unless the reader has
 * gone elsewhere in the meantime. A link does not: what it leads to is drawn after it was followed. */
function useArrival(loaded: boolean): void {
  const { hash, key } = useLocation()
  useEffect(() => {
    if (hash !== `#${ID}`) return
    // After the frame of the page, which gives a new view the focus.
    const frame = requestAnimationFrame(() => {
      const heading = document.getElementById(ID)
      const elsewhere = document.activeElement?.closest('#main button, #main a, #main input, #main select, [role="dialog"]') != null
      if (heading === null || elsewhere) return
      heading.scrollIntoView({ block: 'start' })
      heading.focus({ preventScroll: true })
    })
    return () => cancelAnimationFrame(frame)
  }, [hash, key, loaded])
}
