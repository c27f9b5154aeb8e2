import { useMemo } from 'react'
import { useT } from '../i18n/useT'
import { freshKey, MAX_TILES, type Board, type Tile } from './board'
import type { Change, TileActions } from './context'
import { compacted, moved, nextPlace, putAt, type Position } from './layout'

/** Where a tile stands, in words: columns and rows are counted from 1. */
export function placeText(title: string, { x, y, w, h }: Position, t: ReturnType<typeof useT>): string {
  return t('dashboards.tile.moved', { title, column: x + 1, row: y + 1, width: w, height: h })
}

/** What can be done with the tiles of an edited dashboard; every change is announced. */
export function useTileActions(board: Board, change: Change, announce: (text: string) => void): TileActions {
  const t = useT()
  return useMemo(() => {
    const arranged = (key: string, title: string, tiles: readonly Tile[]) => {
      const tile = tiles.find((each) => each.key === key)
      if (tiles === board.tiles || tile === undefined) return announce(t('dashboards.tile.noRoom', { title }))
      change((old) => ({ ...old, tiles: [...tiles] }))
      announce(placeText(title, tile.position, t))
    }
    return {
      move: (tile, move, title) => arranged(tile.key, title, moved(board.tiles, tile.key, move)),
      place: (tile, position, title) => arranged(tile.key, title, putAt(board.tiles, tile.key, position)),
      change: (tile, next) => change((old) => ({ ...old, tiles: old.tiles.map((each) => (each.key === tile.key ? { ...each, ...next } : each)) })),
      duplicate: (tile, title) => {
        if (board.tiles.length >= MAX_TILES) return announce(t('dashboards.most', { count: MAX_TILES }))
        const copy = { ...tile, key: freshKey(board.tiles), position: nextPlace(board.tiles, tile.position) }
        change((old) => ({ ...old, tiles: compacted([...old.tiles, copy]) }))
        announce(t('dashboards.tile.added', { title }))
      },
      remove: (tile, title) => {
        change((old) => ({ ...old, tiles: compacted(old.tiles.filter((each) => each.key !== tile.key)) }))
        announce(t('dashboards.tile.removed', { title }))
      },
    }
  }, [board.tiles, change, announce, t])
}
