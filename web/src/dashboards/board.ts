import type { DashboardBody } from '../api/query'
import { MAX_LIMIT } from '../report/validate'
import type { Report } from '../report/types'
import { placed, type Position } from './layout'
import { filterList, filterTree, type BoardFilter } from './filterList'

/** How a tile is drawn: the members of ChartOptions, and the tile's own title and description. */
export type TileChart = { type?: string; title?: string; description?: string; compare?: Comparing; [other: string]: unknown }

/** What a dashboard is compared with: the period before that of its date filter, or the same period a year before. */
export type Comparing = 'none' | 'period' | 'year'

/** Which field of a tile a field of the dashboard's filters means there; null: that filter leaves the tile alone. */
export type FilterFields = Record<string, string | null>

/** One place of a dashboard. `key` names it while the page is open. */
export type Tile = {
  key: string
  look: string | null
  request: Report | null
  chart: TileChart | null
  position: Position
  filterFields: FilterFields
}

/** A dashboard as it is edited. */
export type Board = { name: string; description: string; tiles: Tile[]; filters: BoardFilter[]; comparing: Comparing }

export const EMPTY_BOARD: Board = { name: '', description: '', tiles: [], filters: [], comparing: 'none' }
export const MAX_TILES = 50

type TileSent = DashboardBody['tiles'][number] & { filter_fields?: FilterFields | null }

/** The dashboard of an answer; tiles are in reading order, those without a place stand below the others. */
export function readBoard(body: Pick<DashboardBody, 'name' | 'description' | 'tiles' | 'filters'>): Board {
  const sent = body.tiles as TileSent[]
  const tiles = sent.map((tile, index) => ({
    key: `t${index}`,
    look: tile.look,
    request: tile.request as Report | null,
    chart: withoutCompare(tile.chart),
    position: tile.position,
    filterFields: tile.filter_fields ?? {},
  }))
  const [comparing] = sent.map((tile) => tile.chart?.compare).filter((found) => found === 'period' || found === 'year')
  return { name: body.name, description: body.description, tiles: placed(tiles), filters: filterList(body.filters), comparing: comparing ?? 'none' }
}

function withoutCompare(chart: TileChart | null): TileChart | null {
  if (chart === null) return null
  const { compare: _, ...rest } = chart
  return Object.keys(rest).length === 0 ? null : rest
}

/** The type with which a Look is drawn, by its id. */
export type TypeOf = (look: string) => string | undefined

/** A dashboard has no place of its own for its comparison: each tile's chart holds it. A chart always has a type. */
function chartBody({ chart, look }: Tile, comparing: Comparing, typeOf: TypeOf): { chart?: TileChart } {
  if (comparing === 'none' && chart === null) return {}
  const type = chart?.type ?? (look === null ? undefined : typeOf(look)) ?? 'table'
  return { chart: { ...chart, type, ...(comparing === 'none' ? {} : { compare: comparing }) } }
}

/** The body of a saved dashboard. Members that a tile does not need are left out, so that an unchanged one stays unchanged. */
export function boardBody(board: Board, typeOf: TypeOf = () => undefined) {
  return {
    name: board.name.trim(),
    description: board.description,
    tiles: board.tiles.map((tile) => ({
      ...(tile.look === null ? { request: limited(tile.request) } : { look: tile.look }),
      ...chartBody(tile, board.comparing, typeOf),
      position: { ...tile.position },
      ...(Object.keys(tile.filterFields).length === 0 ? {} : { filter_fields: tile.filterFields }),
    })),
    ...(board.filters.length === 0 ? {} : { filters: filterTree(board.filters) }),
  }
}

/** A tile draws at most as many rows as the page can show. */
const limited = (request: Report | null) =>
  request === null || request.limit === undefined ? request : { ...request, limit: Math.min(request.limit, MAX_LIMIT) }

/** Whether two dashboards would be saved alike. */
export const sameBoard = (one: Board, other: Board): boolean => JSON.stringify(boardBody(one)) === JSON.stringify(boardBody(other))

/** A key that no tile of the dashboard has. */
export function freshKey(tiles: readonly Tile[]): string {
  let number = tiles.length
  while (tiles.some((tile) => tile.key === `t${number}`)) number += 1
  return `t${number}`
}
