/** Places of tiles: columns and rows of a grid of twelve columns, from 0. */
export type Position = { x: number; y: number; w: number; h: number }
export type Placed = { key: string; position: Position }
export type Move = 'left' | 'right' | 'up' | 'down' | 'wider' | 'narrower' | 'taller' | 'shorter'

export const COLUMNS = 12
export const ROW_HEIGHT = 40
export const GAP = 12
export const MIN_WIDTH = 2
export const MIN_HEIGHT = 2
export const MAX_HEIGHT = 40
const MAX_ROW = 4_000

/** Tiles as one reads them: row by row, from the left. */
export function readingOrder<T extends Placed>(tiles: readonly T[]): T[] {
  return [...tiles].sort((one, other) => one.position.y - other.position.y || one.position.x - other.position.x)
}

/** Whether two places share a cell. */
export const overlap = (one: Position, other: Position): boolean =>
  one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h

const shareColumns = (one: Position, other: Position) => one.x < other.x + other.w && other.x < one.x + one.w
const shareRows = (one: Position, other: Position) => one.y < other.y + other.h && other.y < one.y + one.h

/** A place within the grid, in whole cells. */
export function bounded(position: Position): Position {
  const w = clamp(position.w, MIN_WIDTH, COLUMNS)
  return {
    x: clamp(position.x, 0, COLUMNS - w),
    y: clamp(position.y, 0, MAX_ROW),
    w,
    h: clamp(position.h, MIN_HEIGHT, MAX_HEIGHT),
  }
}

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(Math.round(value), least), most)

/** Moves tiles up until they touch; none overlap afterwards. Where two claim a cell, `first` keeps it, then the upper one. */
export function compacted<T extends Placed>(tiles: readonly T[], first?: string): T[] {
  const done: T[] = []
  const rank = (tile: T) => (tile.key === first ? 0 : 1)
  const order = [...tiles].sort(
    (one, other) => one.position.y - other.position.y || rank(one) - rank(other) || one.position.x - other.position.x,
  )
  for (const tile of order) {
    // Rows down to the lowest tile above it in the same columns: nothing between is free for it without jumping over one.
    const above = done.filter((other) => shareColumns(tile.position, other.position))
    const y = above.reduce((lowest, other) => Math.max(lowest, other.position.y + other.position.h), 0)
    done.push(y === tile.position.y ? tile : { ...tile, position: { ...tile.position, y } })
  }
  return readingOrder(done)
}

type Sent = { key: string; position: Record<string, number> | null; chart?: { type?: string } | null }

/** Tiles with the places that were saved; those without one, or with an impossible one, come below the others. */
export function placed<T extends Sent>(tiles: readonly T[]): (T & Placed)[] {
  const made: (T & Placed)[] = []
  for (const tile of tiles) if (isPosition(tile.position)) made.push({ ...tile, position: bounded(tile.position) })
  for (const tile of tiles) {
    if (!isPosition(tile.position)) made.push({ ...tile, position: nextPlace(made, defaultSize(tile.chart?.type)) })
  }
  return compacted(made)
}

function isPosition(position: Record<string, number> | null): position is Position {
  return position !== null && ['x', 'y', 'w', 'h'].every((name) => Number.isInteger(position[name]))
}

/** How large a new tile is, by how it is drawn. */
export function defaultSize(type: string | undefined): { w: number; h: number } {
  if (type === 'single') return { w: 3, h: 3 }
  if (type === 'table') return { w: 8, h: 6 }
  return type === 'line' || type === 'area' || type === 'heatmap' ? { w: 8, h: 7 } : { w: 4, h: 7 }
}

/** The first free place for a tile of this size: at the end of the last row if it fits there, else below all. */
export function nextPlace(tiles: readonly Placed[], size: { w: number; h: number }): Position {
  const bottom = tiles.reduce((lowest, { position }) => Math.max(lowest, position.y + position.h), 0)
  const last = readingOrder(tiles).at(-1)
  if (last !== undefined) {
    const beside = { x: last.position.x + last.position.w, y: last.position.y, ...size }
    if (beside.x + size.w <= COLUMNS && !tiles.some(({ position }) => overlap(position, beside))) return beside
  }
  return { x: 0, y: bottom, ...size }
}

/** The tiles after one of them was put at a place; the others make room. */
export function putAt<T extends Placed>(tiles: readonly T[], key: string, position: Position): T[] {
  return compacted(tiles.map((tile) => (tile.key === key ? { ...tile, position: bounded(position) } : tile)), key)
}

/** The tiles after a step from the keyboard menu; the same tiles where there is no room for it. */
export function moved<T extends Placed>(tiles: readonly T[], key: string, move: Move): readonly T[] {
  const tile = tiles.find((each) => each.key === key)
  if (tile === undefined) return tiles
  const { x, y, w, h } = tile.position
  switch (move) {
    case 'wider':
      // At the right edge it grows to the left.
      return w === COLUMNS ? tiles : putAt(tiles, key, { x: Math.min(x, COLUMNS - w - 1), y, w: w + 1, h })
    case 'narrower':
      return w === MIN_WIDTH ? tiles : putAt(tiles, key, { x, y, w: w - 1, h })
    case 'taller':
      return h === MAX_HEIGHT ? tiles : putAt(tiles, key, { x, y, w, h: h + 1 })
    case 'shorter':
      return h === MIN_HEIGHT ? tiles : putAt(tiles, key, { x, y, w, h: h - 1 })
    case 'left':
    case 'right':
      return sideways(tiles, tile, move)
    default:
      return vertically(tiles, tile, move)
  }
}

/** One column to the side; past a tile of the same row that stands in the way, the two change places. */
function sideways<T extends Placed>(tiles: readonly T[], tile: T, move: 'left' | 'right'): readonly T[] {
  const step = move === 'right' ? 1 : -1
  const { position } = tile
  const x = position.x + step
  if (x < 0 || x + position.w > COLUMNS) return tiles
  const next = { ...position, x }
  const inTheWay = tiles.filter((other) => other.key !== tile.key && overlap(other.position, next))
  const [other] = inTheWay
  if (inTheWay.length !== 1 || other === undefined || other.position.y !== position.y) return putAt(tiles, tile.key, next)
  const left = Math.min(position.x, other.position.x)
  const [mine, its] = move === 'right' ? [left + other.position.w, left] : [left, left + position.w]
  return compacted(
    tiles.map((each) => {
      if (each.key === tile.key) return { ...each, position: { ...position, x: mine } }
      return each.key === other.key ? { ...each, position: { ...other.position, x: its } } : each
    }),
    tile.key,
  )
}

/** Past the nearest tile above or below in the same columns. */
function vertically<T extends Placed>(tiles: readonly T[], tile: T, move: 'up' | 'down'): readonly T[] {
  const { position } = tile
  const near = readingOrder(tiles.filter((other) => other.key !== tile.key && shareColumns(other.position, position) && !shareRows(other.position, position)))
  if (move === 'up') {
    const above = near.filter((other) => other.position.y < position.y).at(-1)
    return above === undefined ? tiles : putAt(tiles, tile.key, { ...position, y: above.position.y })
  }
  const below = near.find((other) => other.position.y > position.y)
  if (below === undefined) return tiles
  // The tile below comes first, so that it moves up into the room that this one leaves.
  const y = below.position.y + below.position.h
  const lowered = tiles.map((each) => {
    if (each.key === tile.key) return { ...each, position: { ...position, y } }
    const { position: its } = each
    return its.y >= y && shareColumns(its, position) ? { ...each, position: { ...its, y: its.y + position.h } } : each
  })
  return compacted(lowered, tile.key)
}
