import type { LookSummary } from '../api/query'
import { useT } from '../i18n/useT'
import { withLook } from '../looks/withLook'
import type { Catalog } from '../shared/catalog'
import { Dialog } from '../shared/Dialog'
import { AddTileDialog } from './AddTileDialog'
import { MAX_TILES, type Board } from './board'
import type { Change } from './context'
import { MappingDialog, type Mappable } from './MappingDialog'

export type Asked = { kind: 'add' } | { kind: 'map'; field: string } | null

type Props = {
  asked: Asked
  board: Board
  catalog: Catalog
  contents: readonly Mappable[]
  change: Change
  conflict: boolean
  announce: (text: string) => void
  onClose: () => void
  onReload: () => void
  onOverwrite: () => void
  onKeep: () => void
}

/** The dialogs of a dashboard. */
export function BoardDialogs({ asked, board, catalog, contents, change, conflict, announce, onClose, onReload, onOverwrite, onKeep }: Props) {
  const t = useT()
  const labelOf = (object: string) => catalog.explores.find((explore) => explore.object === object)?.label ?? object
  const add = (look: LookSummary) => {
    if (board.tiles.length >= MAX_TILES) return announce(t('dashboards.most', { count: MAX_TILES }))
    change((old) => withLook(old, look))
    announce(t('dashboards.tile.added', { title: look.name }))
    onClose()
  }
  return (
    <>
      {asked?.kind === 'add' ? <AddTileDialog present={new Set(board.tiles.flatMap((tile) => tile.look ?? []))} labelOf={labelOf} onAdd={add} onClose={onClose} /> : null}
      {asked?.kind === 'map' ? (
        <MappingDialog
          field={asked.field}
          tiles={contents}
          catalog={catalog}
          onSave={(mapping) => change((old) => ({ ...old, tiles: old.tiles.map((tile) => ({ ...tile, filterFields: mapping[tile.key] ?? tile.filterFields })) }))}
          onClose={onClose}
        />
      ) : null}
      {conflict ? (
        <Dialog title={t('dashboards.conflict.title')} onClose={onKeep}>
          <p className="sub">{t('dashboards.conflict.text')}</p>
          <div className="row actions">
            <button type="button" className="btn" onClick={onReload} data-autofocus>{t('dashboards.conflict.reload')}</button>
            <button type="button" className="btn danger" onClick={onOverwrite}>{t('dashboards.conflict.overwrite')}</button>
          </div>
        </Dialog>
      ) : null}
    </>
  )
}
