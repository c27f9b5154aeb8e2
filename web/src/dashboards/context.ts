import { createContext, useContext } from 'react'
import type { Catalog } from '../shared/catalog'
import type { Board, Tile } from './board'
import type { CrossFilter } from './crossFilter'
import type { Move } from './layout'
import type { Queue } from './queue'
import type { Choices } from './tileRequest'
import type { Condition } from '../report/types'

/** What a tile needs to know of its dashboard. */
export type BoardView = {
  catalog: Catalog
  editing: boolean
  queue: Queue
  /** What the reader sees: filters, comparison, and the one snapshot of all tiles. */
  choices: Omit<Choices, 'crossed'>
  crossed: readonly CrossFilter[]
  cross: (tile: string, conditions: Condition[]) => void
  titleOf: (tile: string) => string
  /** Every tile is loaded, also those out of sight: before printing. */
  loadAll: boolean
  showNewest: () => void
  /** Begins to edit the dashboard. */
  edit: () => void
  actions: TileActions
}

/** What can be done with a tile while its dashboard is edited. */
export type TileActions = {
  move: (tile: Tile, move: Move, title: string) => void
  place: (tile: Tile, position: Tile['position'], title: string) => void
  change: (tile: Tile, next: Partial<Tile>) => void
  duplicate: (tile: Tile, title: string) => void
  remove: (tile: Tile, title: string) => void
}

export type Change = (change: (board: Board) => Board) => void

const BoardContext = createContext<BoardView | null>(null)
export const BoardProvider = BoardContext.Provider

/** The dashboard around a tile. */
export function useBoardView(): BoardView {
  const view = useContext(BoardContext)
  if (view === null) throw new Error('useBoardView outside of a dashboard')
  return view
}
