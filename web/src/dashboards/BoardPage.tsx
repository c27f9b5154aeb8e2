import { useCallback, useMemo, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { useT } from '../i18n/useT'
import type { Condition } from '../report/types'
import { Colours, ColoursContext } from '../result/colours'
import { useTenant } from '../session/SessionProvider'
import type { Catalog } from '../shared/catalog'
import { FreshnessBadge } from '../shared/FreshnessBadge'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { useFormats } from '../shared/formats'
import { useTitle } from '../shared/useTitle'
import { useUnsavedGuard } from '../shared/useUnsavedGuard'
import { EMPTY_BOARD, sameBoard, type Board } from './board'
import { BoardDialogs, type Asked } from './BoardDialogs'
import { EditingHead, ReadingHead } from './BoardHeader'
import { BoardTiles } from './BoardTiles'
import { useLookBodies, type Saved } from './calls'
import { BoardProvider, type BoardView } from './context'
import { crossedWith, type CrossFilter } from './crossFilter'
import { FilterChips } from './FilterBar'
import { useHistory } from './history'
import { CompareChip, conditionsText, CrossChips } from './MoreChips'
import { createQueue } from './queue'
import { tileContent } from './tileText'
import { useEditKeys } from './useEditKeys'
import { useFullScreen } from './useFullScreen'
import { usePrint } from './usePrint'
import { useSave } from './useSave'
import { useSnapshotPin } from './useSnapshotPin'
import { useTileActions } from './useTileActions'
import { decodeView, encodeView, type ViewState } from './viewState'

const AT_ONCE = 4

/** A dashboard that is read or edited. `saved` is null for a new one. */
export function BoardPage({ saved, catalog, reload }: { saved: Saved | null; catalog: Catalog; reload: () => void }) {
  const t = useT()
  const formats = useFormats()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const [kept, setKept] = useState(saved)
  const history = useHistory<Board>(saved?.board ?? EMPTY_BOARD)
  const [editing, setEditing] = useState(saved === null && may('reports:write'))
  const [asked, setAsked] = useState<Asked>(null)
  const [said, setSaid] = useState('')
  const [tried, setTried] = useState(false)
  const [queue] = useState(() => createQueue(AT_ONCE))
  const [colours] = useState(() => new Colours())
  const { snapshot, newer, showNewest } = useSnapshotPin(catalog.snapshot)
  const { full, toggle } = useFullScreen()
  const { printing, print } = usePrint()
  const [view, setView] = useViewState()

  const board = history.value
  const dirty = editing && !sameBoard(board, kept?.board ?? EMPTY_BOARD)
  useTitle(board.name.trim() === '' ? t('dashboards.new') : board.name)
  const guard = useUnsavedGuard(dirty, (move) => move.nextLocation.pathname.startsWith(`/t/${tenant}/dashboards/`) && kept === null && !dirty)

  const { set } = history
  const change = useCallback((next: (board: Board) => Board) => set(next(board)), [set, board])
  const actions = useTileActions(board, change, setSaid)
  const saving = useSave(kept, (made) => {
    setKept(made)
    history.reset(made.board)
    setEditing(false)
    if (kept === null) void navigate(`/t/${tenant}/dashboards/${made.id}`, { replace: true })
  })
  const save = () => {
    setTried(true)
    if (board.name.trim() !== '') saving.mutate({ board, overwrite: false })
  }
  const leave = () => {
    if (kept === null) return void navigate(`/t/${tenant}/dashboards`)
    history.reset(kept.board)
    setEditing(false)
  }
  useEditKeys(editing, { undo: history.undo, redo: history.redo, save })

  const filters = editing ? board.filters : (view.filters ?? board.filters)
  const comparing = editing ? board.comparing : (view.comparing ?? board.comparing)
  const crossed = useMemo(() => (editing ? [] : (view.crossed ?? [])), [editing, view.crossed])
  const looks = useLookBodies(board.tiles.flatMap((tile) => tile.look ?? []))
  const contents = board.tiles.flatMap((tile) => {
    const content = tileContent(tile, tile.look === null ? undefined : looks.get(tile.look), catalog, t)
    return content === null ? [] : [{ key: tile.key, title: content.title, report: content.request, filterFields: tile.filterFields }]
  })
  const titleOf = (key: string) => contents.find((content) => content.key === key)?.title ?? t('dashboards.untitledTile')
  const objects = [...new Set(contents.map((content) => content.report.object))]
  const cross = (tile: string, conditions: Condition[]) => {
    const next = crossedWith(crossed, tile, conditions)
    const text = conditionsText(conditions, catalog, t, formats)
    setSaid(t(next.some((each) => each.tile === tile) ? 'dashboards.crossed.added' : 'dashboards.crossed.removed', { text }))
    setView({ ...view, crossed: next })
  }
  const boardView: BoardView = {
    catalog, editing, queue, crossed, cross, titleOf, showNewest, actions,
    choices: { filters, comparing, snapshot: snapshot?.id ?? null },
    loadAll: printing,
  }
  return (
    <main className={`page board ${full ? 'full' : ''}`} id="main" tabIndex={-1}>
      {editing ? (
        <EditingHead
          name={board.name}
          problem={tried && board.name.trim() === '' ? t('dashboards.nameMissing') : null}
          dirty={dirty}
          saving={saving.isPending}
          canUndo={history.canUndo}
          canRedo={history.canRedo}
          onName={(name) => history.set({ ...board, name })}
          onUndo={() => { history.undo(); setSaid(t('dashboards.undone')) }}
          onRedo={() => { history.redo(); setSaid(t('dashboards.redone')) }}
          onAdd={() => setAsked({ kind: 'add' })}
          onDiscard={leave}
          onSave={save}
        />
      ) : kept === null ? <h1>{t('dashboards.new')}</h1> : (
        <ReadingHead
          id={kept.id}
          name={board.name}
          full={full}
          onPrint={print}
          onFull={toggle}
          onEdit={() => setEditing(true)}
          onAdd={() => { setEditing(true); setAsked({ kind: 'add' }) }}
        />
      )}
      {saving.problem === null ? null : <ProblemNotice error={saving.problem} again={save} />}
      <div className="row wrap boardfresh">
        <FreshnessBadge snapshot={snapshot} />
        <span className="s12 mut">{t('dashboards.oneSnapshot')}</span>
        {newer === null ? null : (
          <span className="newer s12" role="status">
            <Icon name="refresh" />{t('dashboards.newer', { instant: formats.instant(newer.as_of, newer.zone) })}
            <button type="button" className="btn xs" onClick={showNewest}>{t('dashboards.newer.show')}</button>
          </span>
        )}
      </div>
      {board.tiles.length === 0 && filters.length === 0 ? null : (
        <div className="row wrap boardfilters" role="group" aria-label={t('dashboards.filters')}>
          <span className="s12 sub filterslabel" aria-hidden="true">{t('dashboards.filters')}</span>
          <FilterChips
            {...{ filters, catalog, objects }}
            zone={snapshot?.zone}
            onChange={(next) => (editing ? history.set({ ...board, filters: next }) : setView({ ...view, filters: next }))}
            onMap={editing ? (field) => setAsked({ kind: 'map', field }) : null}
          />
          <CrossChips crossed={crossed} catalog={catalog} titleOf={titleOf} onRemove={(picked: CrossFilter) => setView({ ...view, crossed: crossed.filter((each) => each !== picked) })} />
          <span className="vr" />
          <CompareChip comparing={comparing} filters={filters} onChange={(next) => (editing ? history.set({ ...board, comparing: next }) : setView({ ...view, comparing: next }))} />
          {!editing && (view.filters !== undefined || view.comparing !== undefined) ? (
            <button type="button" className="btn ghost sm noprint" title={t('dashboards.filter.saveAs')} onClick={() => setView(view.crossed === undefined ? {} : { crossed: view.crossed })}>{t('dashboards.filter.reset')}</button>
          ) : null}
        </div>
      )}
      <ColoursContext value={colours}>
        <BoardProvider value={boardView}>
          <BoardTiles board={board} editing={editing} onAdd={() => { setEditing(true); setAsked({ kind: 'add' }) }} />
        </BoardProvider>
      </ColoursContext>
      <p className="vh" role="status">{printing ? t('dashboards.print.preparing') : said}</p>
      <BoardDialogs
        {...{ asked, board, catalog, contents, change }}
        conflict={saving.conflict}
        announce={setSaid}
        onClose={() => setAsked(null)}
        onReload={() => { saving.reset(); setEditing(false); reload() }}
        onOverwrite={() => saving.mutate({ board, overwrite: true })}
        onKeep={() => saving.reset()}
      />
      {guard}
    </main>
  )
}

/** The reader's own choices, kept in the address. */
function useViewState(): [ViewState, (state: ViewState) => void] {
  const [params, setParams] = useSearchParams()
  const text = params.get('f')
  const state = useMemo(() => decodeView(text), [text])
  const change = (next: ViewState) => {
    const encoded = encodeView(next)
    setParams((old) => {
      const made = new URLSearchParams(old)
      if (encoded === null) made.delete('f')
      else made.set('f', encoded)
      return made
    })
  }
  return [state, change]
}
