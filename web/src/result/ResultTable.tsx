import '../styles/result.css'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { ResultBody } from '../api/query'
import type { Report, SortKey } from '../report/types'
import { useT } from '../i18n/useT'
import { useFormats, type Cell } from '../shared/formats'
import { showCell, type ResultColumn, type ResultModel } from './columns'
import { columnWidths, tableRows } from './rows'
import { effectiveSort } from './sorting'
import { TableHead } from './TableHead'
import { TableLine, TotalsLine } from './TableLine'

export type TableProps = {
  model: ResultModel
  result: ResultBody
  report: Report
  caption: string
  /** The order as it is asked for; the report's, if left out. */
  sort?: SortKey[]
  onSort?: (sort: SortKey[]) => void
  /** `row`: a value for each dimension, null for the totals, fewer for a subtotal. */
  onDrill?: (row: Cell[] | null, column: ResultColumn) => void
  /** The row under the pointer, here or in the chart. */
  hovered?: number | null
  onHover?: (row: number | null) => void
  compact?: boolean
}

const ROW = 28
const VIRTUAL_FROM = 200

/** A result as a table: the chart's text alternative, and where figures lead to their records. */
export function ResultTable({ model, result, report, caption, sort, onSort, onDrill, hovered = null, onHover, compact = false }: TableProps) {
  const t = useT()
  const formats = useFormats()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => tableRows(result, model), [result, model])
  const virtual = rows.length >= VIRTUAL_FROM
  const virtualizer = useVirtualizer({ count: virtual ? rows.length : 0, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8 })
  const widths = useMemo(
    () => (virtual ? columnWidths(rows, model, (cells, column) => showCell(cells[column.index], column, model, formats)) : null),
    [virtual, rows, model, formats],
  )
  const items = virtualizer.getVirtualItems()
  const first = virtual ? (items[0]?.index ?? 0) : 0
  const last = virtual ? (items.at(-1)?.index ?? -1) : rows.length - 1
  const cursor = useCursor(scroller, rows.length, model, (row) => virtual && virtualizer.scrollToIndex(row))
  const heads = model.groups === null ? 1 : 2
  const above = virtual ? first * ROW : 0
  const below = virtual ? (rows.length - 1 - last) * ROW : 0
  return (
    <div
      className={`rt-scroll ${compact ? 'compact' : ''} ${virtual ? 'virtual' : ''}`}
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={t('result.table.region', { title: caption })}
      onKeyDown={cursor.onKeyDown}
      onMouseLeave={() => onHover?.(null)}
    >
      <table className="t rt" {...(virtual ? { 'aria-rowcount': rows.length + heads + (result.totals === null ? 0 : 1) } : {})}>
        <caption className="vh">{caption}</caption>
        {widths === null ? null : <colgroup>{widths.map((width, at) => <col key={at} style={{ width: `calc(${Math.min(width, 60)}ch + 32px)` }} />)}</colgroup>}
        <TableHead model={model} sort={sort ?? effectiveSort(report, model)} onSort={onSort} />
        <tbody>
          {above > 0 ? <tr aria-hidden="true" style={{ height: above }} /> : null}
          {rows.slice(first, last + 1).map((row, offset) => {
            const at = first + offset
            const result = row.kind === 'row' ? row.index : null
            return (
              <TableLine
                key={at}
                row={row}
                at={at}
                model={model}
                hovered={result !== null && hovered === result}
                onHover={onHover}
                onDrill={onDrill}
                active={cursor.at.row === at ? cursor.at.column : null}
                rowIndex={virtual ? at + heads + 1 : undefined}
              />
            )
          })}
          {below > 0 ? <tr aria-hidden="true" style={{ height: below }} /> : null}
        </tbody>
        {result.totals === null || model.dimensions.length === 0 ? null : (
          <TotalsLine
            cells={result.totals}
            model={model}
            at={rows.length}
            onDrill={onDrill}
            active={cursor.at.row === rows.length ? cursor.at.column : null}
            rowIndex={virtual ? rows.length + heads + 1 : undefined}
          />
        )}
      </table>
    </div>
  )
}

const MOVES: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** One figure takes part in the tab order; arrows lead from it to the others. */
function useCursor(scroller: { current: HTMLDivElement | null }, rows: number, model: ResultModel, reveal: (row: number) => void) {
  const start = Math.max(0, model.columns.findIndex((column) => column.drillable))
  const [moved, setMoved] = useState<{ row: number; column: number } | null>(null)
  const at = moved !== null && moved.row <= rows && model.columns[moved.column]?.drillable === true ? moved : { row: 0, column: start }
  const find = (row: number, column: number) => scroller.current?.querySelector<HTMLElement>(`[data-at="${row}:${column}"]`) ?? null
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key]
    const from = (event.target as HTMLElement).dataset.at?.split(':').map(Number)
    if (move === undefined || from === undefined) return
    event.preventDefault()
    let [row = 0, column = 0] = from
    // Cells that cannot be drilled are passed over.
    for (let tries = 0; tries < 50; tries += 1) {
      row += move[0]
      column += move[1]
      if (row < 0 || row > rows || column < 0 || column >= model.columns.length) return
      const found = find(row, column)
      if (found !== null) {
        setMoved({ row, column })
        found.focus()
        return
      }
      if (move[0] !== 0) reveal(Math.min(row, rows - 1))
    }
  }
  return { at, onKeyDown }
}
