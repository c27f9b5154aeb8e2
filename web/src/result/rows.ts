import type { ResultBody } from '../api/query'
import type { Cell } from '../shared/formats'
import type { ResultModel } from './columns'

/** A row of the table: of the result by its place there, or a subtotal over the first `level` dimensions. */
export type TableRow = { kind: 'row'; index: number; cells: Cell[] } | { kind: 'subtotal'; level: number; cells: Cell[] }

/** The rows as they stand: subtotals below their groups where these are contiguous, else after all rows. */
export function tableRows(result: ResultBody, model: ResultModel): TableRow[] {
  const rows: TableRow[] = result.rows.map((cells, index) => ({ kind: 'row', index, cells }))
  const levels = (result.subtotals ?? []).map((level) => ({
    places: level.dimensions.map((name) => model.dimensions.find((column) => column.name === name)?.index ?? 0),
    rows: level.rows,
  }))
  if (levels.length === 0) return rows
  const contiguous = levels.every(({ places }) => runs(result.rows, places))
  return contiguous ? interleaved(rows, levels) : [...rows, ...levels.flatMap(({ places, rows: found }) => found.map((cells) => subtotal(places.length, cells)))]
}

type Level = { places: number[]; rows: Cell[][] }

const subtotal = (level: number, cells: Cell[]): TableRow => ({ kind: 'subtotal', level, cells })
const keyOf = (cells: Cell[], places: number[]): string => JSON.stringify(places.map((place) => cells[place] ?? null))

/** Whether all rows of each group follow each other. */
function runs(rows: Cell[][], places: number[]): boolean {
  const seen = new Set<string>()
  let last: string | null = null
  for (const cells of rows) {
    const key = keyOf(cells, places)
    if (key === last) continue
    if (seen.has(key)) return false
    seen.add(key)
    last = key
  }
  return true
}

function interleaved(rows: TableRow[], levels: Level[]): TableRow[] {
  const found = levels.map(({ places, rows: subtotals }) => new Map(subtotals.map((cells) => [keyOf(cells, places), cells])))
  return rows.flatMap((row, at) => {
    const next = rows[at + 1]
    const ends = levels.flatMap((level, place) => {
      const key = keyOf(row.cells, level.places)
      const cells = found[place]?.get(key)
      const goesOn = next !== undefined && keyOf(next.cells, level.places) === key
      return goesOn || cells === undefined ? [] : [subtotal(level.places.length, cells)]
    })
    // The deepest level closes first.
    return [row, ...ends.reverse()]
  })
}

/** The values that name a row's group, as a drill sends them; null for the totals. */
export function groupOf(row: TableRow, model: ResultModel): Cell[] {
  const named = row.kind === 'row' ? model.dimensions : model.dimensions.slice(0, row.level)
  return named.map((column) => row.cells[column.index] ?? null)
}

/** For each column the width, in digits, that its longest value needs: virtual rows must not change the columns' widths. */
export function columnWidths(rows: TableRow[], model: ResultModel, show: (cells: Cell[], column: ResultModel['columns'][number]) => string): number[] {
  return model.columns.map((column) => {
    let longest: Cell[] | null = null
    let length = -1
    for (const { cells } of rows) {
      const size = String(cells[column.index] ?? '').length
      if (size > length) [longest, length] = [cells, size]
    }
    return longest === null ? 1 : show(longest, column).length
  })
}
