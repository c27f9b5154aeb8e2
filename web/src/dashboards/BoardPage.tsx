import { useMemo, useState } from 'react'
import { useT } from '../i18n/useT'
import type { Condition } from '../report/types'
import { Colours, ColoursContext } from '../result/colours'
import type { Catalog } from '../shared/catalog'
import { useFormats } from '../shared/formats'
import { Icon } from '../shared/Icon'
import { ProblemNotice } from '../shared/ProblemNotice'
import { useTitle } from '../shared/useTitle'
import { BoardDialogs, type Asked } from './BoardDialogs'
import { BoardFilters } from './BoardFilters'
import { EditingHead, ReadingHead } from './BoardHeader'
import { BoardTiles } from './BoardTiles'
import { useLookBodies, type Saved } from './calls'
import { BoardProvider, type BoardView } from './context'
import { crossedWith } from './crossFilter'
import { Fresh } from './Fresh'
import { conditionsText } from './MoreChips'
import { createQueue } from './queue'
import { tileContent } from './tileText'
import { useBoardEditing } from './useBoardEditing'
import { useFullScreen } from './useFullScreen'
import { usePrint } from './usePrint'
import { useSnapshotPin } from './useSnapshotPin'
import { useTileActions } from './useTileActions'
import { useViewState } from './useViewState'
import type { ViewState } from './viewState'

const AT_ONCE = 4

/** A dashboard that is read or edited. `saved` is null for a new one. */
export function BoardPage({ saved, catalog, reload }: { saved: Saved | null; catalog: Catalog; reload: () => void }) {
  const t = useT()
  const formats = useFormats()
  const [said, setSaid] = useState('')
  const [asked, setAsked] = useState<Asked>(null)
  const [queue] = useState(() => createQueue(AT_ONCE))
  const [colours] = useState(() => new Colours())
  const work = useBoardEditing(saved, setSaid)
  const { board, kept, editing, saving, change, set, edit } = work
  const actions = useTileActions(board, change, setSaid)
  const { snapshot, newer, showNewest } = useSnapshotPin(catalog.snapshot)
  const { full, toggle } = useFullScreen()
  const { printing, wanted, print } = usePrint()
  const [view, setView] = useViewState()
  const looks = useLookBodies(board.tiles.flatMap((tile) => tile.look ?? []))
  useTitle(board.name.trim() === '' ? t('dashboards.new') : board.name)

  // While it is edited, choices are those of the dashboard; while it is read, the reader's own.
  const own: ViewState = editing ? {} : view
  const filters = own.filters ?? board.filters
  const comparing = own.comparing ?? board.comparing
  const crossed = useMemo(() => own.crossed ?? [], [own.crossed])
  const contents = board.tiles.flatMap((tile) => {
    const content = tileContent(tile, tile.look === null ? undefined : looks.get(tile.look), catalog, t)
    return content === null ? [] : [{ key: tile.key, title: content.title, report: content.request, filterFields: tile.filterFields }]
  })
  const titleOf = (key: string) => contents.find((content) => content.key === key)?.title ?? t('dashboards.untitledTile')
  const cross = (tile: string, conditions: Condition[]) => {
    const next = crossedWith(crossed, tile, conditions)
    const text = conditionsText(conditions, catalog, t, formats)
    setSaid(t(next.some((each) => each.tile === tile) ? 'dashboards.crossed.added' : 'dashboards.crossed.removed', { text }))
    setView({ ...view, crossed: next })
  }
  const add = () => {
    edit()
    setAsked({ kind: 'add' })
  }
  const boardView: BoardView = {
    catalog, editing, queue, crossed, cross, titleOf, showNewest, actions, edit,
    choices: { filters, comparing, snapshot: snapshot?.id ?? null },
    loadAll: wanted,
  }
  return (
    <main className={`page board ${full ? 'full' : ''}`} id="main" tabIndex={-1}>
      {editing ? (
        <EditingHead {...work} name={board.name} saving={saving.isPending} onName={(name) => set({ ...board, name })} onAdd={add} />
      ) : kept === null ? (
        <h1>{t('dashboards.new')}</h1>
      ) : (
        <ReadingHead id={kept.id} name={board.name} full={full} onPrint={print} onFull={toggle} onEdit={edit} onAdd={add} />
      )}
      {saving.problem === null ? null : <ProblemNotice error={saving.problem} again={work.save} />}
      {saving.gone.length === 0 ? null : (
        <div className="notice bad boardnotice" role="alert">
          <Icon name="warning" />
          <p className="grow">{t('dashboards.lookGone', { count: saving.gone.length })}</p>
          <button type="button" className="btn xs" onClick={work.saveWithoutGone}>{t('dashboards.lookGone.remove')}</button>
        </div>
      )}
      <Fresh {...{ snapshot, newer, showNewest }} />
      {board.tiles.length === 0 && filters.length === 0 ? null : (
        <BoardFilters
          {...{ filters, comparing, crossed, catalog, titleOf }}
          objects={[...new Set(contents.map((content) => content.report.object))]}
          zone={snapshot?.zone}
          onFilters={(next) => (editing ? set({ ...board, filters: next }) : setView({ ...view, filters: next }))}
          onComparing={(next) => (editing ? set({ ...board, comparing: next }) : setView({ ...view, comparing: next }))}
          onCrossed={(next) => setView({ ...view, crossed: next })}
          onMap={editing ? (field) => setAsked({ kind: 'map', field }) : null}
          onReset={own.filters === undefined && own.comparing === undefined ? null : () => setView({ crossed: [...crossed] })}
        />
      )}
      <ColoursContext value={colours}>
        <BoardProvider value={boardView}>
          <BoardTiles board={board} editing={editing} onAdd={add} />
        </BoardProvider>
      </ColoursContext>
      <p className="vh" role="status">{printing ? t('dashboards.print.preparing') : said}</p>
      <BoardDialogs
        {...{ asked, board, catalog, contents, change }}
        conflict={saving.conflict}
        announce={setSaid}
        onClose={() => setAsked(null)}
        onReload={() => {
          saving.reset()
          work.stop()
          reload()
        }}
        onOverwrite={() => saving.mutate({ board, overwrite: true })}
        onKeep={() => saving.reset()}
      />
      {work.guard}
    </main>
  )
}
