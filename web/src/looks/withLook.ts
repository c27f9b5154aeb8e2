import type { LookSummary } from '../api/query'
import { freshKey, type Board } from '../dashboards/board'
import { defaultSize, nextPlace } from '../dashboards/layout'

/** The dashboard with the Look at its end. */
export function withLook(board: Board, look: Pick<LookSummary, 'id' | 'chart_type'>): Board {
  const position = nextPlace(board.tiles, defaultSize(look.chart_type ?? 'table'))
  return { ...board, tiles: [...board.tiles, { key: freshKey(board.tiles), look: look.id, request: null, chart: null, position, filterFields: {} }] }
}
