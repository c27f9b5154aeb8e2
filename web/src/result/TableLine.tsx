import { memo } from 'react'
import { useT } from '../i18n/useT'
import { EMPTY, useFormats, type Cell } from '../shared/formats'
import { figureWords, isFigure, showCell, type ResultColumn, type ResultModel } from './columns'
import { groupOf, type TableRow } from './rows'

type Drill = ((row: Cell[] | null, column: ResultColumn) => void) | undefined

/** One row of a result, or a subtotal. */
export const TableLine = memo(function TableLine({ row, at, model, hovered, onHover, onDrill, active, rowIndex }: {
  row: TableRow
  at: number
  model: ResultModel
  hovered: boolean
  onHover: ((row: number | null) => void) | undefined
  onDrill: Drill
  active: number | null
  rowIndex: number | undefined
}) {
  const t = useT()
  const group = groupOf(row, model)
  const subtotal = row.kind === 'subtotal'
  return (
    <tr
      className={`${hovered ? 'hov' : ''} ${subtotal ? 'rt-sub' : ''}`}
      aria-rowindex={rowIndex}
      onMouseEnter={() => onHover?.(row.kind === 'row' ? row.index : null)}
    >
      {model.columns.map((column, place) => {
        const head = place === 0 && !isFigure(column)
        const Tag = head ? 'th' : 'td'
        const hidden = subtotal && column.kind === 'dimension' && place >= row.level
        const last = subtotal && place === row.level
        return (
          <Tag key={column.name} {...(head ? { scope: 'row' as const } : {})} className={classOf(column, model)}>
            {hidden ? (last ? <span className="mut">{t('result.table.subtotal')}</span> : null) : <CellContent {...{ column, model, onDrill, at, place }} cells={row.cells} group={group} active={active === place} />}
          </Tag>
        )
      })}
    </tr>
  )
})

/** The totals: at the bottom edge, each at its own grain. */
export function TotalsLine({ cells, model, at, onDrill, active, rowIndex }: { cells: Cell[]; model: ResultModel; at: number; onDrill: Drill; active: number | null; rowIndex: number | undefined }) {
  const t = useT()
  return (
    <tfoot>
      <tr className="tot" aria-rowindex={rowIndex}>
        {model.columns.map((column, place) => {
          if (place === 0) return <th key={column.name} scope="row">{t('result.table.total')}</th>
          return (
            <td key={column.name} className={classOf(column, model)}>
              {isFigure(column) ? <CellContent {...{ column, model, onDrill, at, cells, place }} group={null} active={active === place} /> : null}
            </td>
          )
        })}
      </tr>
    </tfoot>
  )
}

function classOf(column: ResultColumn, model: ResultModel): string {
  const first = model.groups?.some((group) => group.columns[0] === column) ?? false
  return `${isFigure(column) ? 'n' : ''} ${first ? 'lft' : ''} ${column.variant === 'before' ? 'rt-before' : ''}`
}

/** `at` and `place`: where the cell stands, for the arrow keys. */
function CellContent({ cells, column, model, group, onDrill, at, place, active }: { place: number; cells: Cell[]; column: ResultColumn; model: ResultModel; group: Cell[] | null; onDrill: Drill; at: number; active: boolean }) {
  const t = useT()
  const formats = useFormats()
  const value = cells[column.index] ?? null
  const text = showCell(value, column, model, formats)
  if (text === EMPTY) return <span className="mut"><span aria-hidden="true">{EMPTY}</span><span className="vh">{t('common.noValue')}</span></span>
  if (onDrill === undefined || !column.drillable || value === 0) return <>{text}<Part value={value} column={column} model={model} /></>
  const where = [...(group === null ? [t('result.table.total')] : []), ...figureWords(group, column, model, formats)].join(', ')
  const counted = column.measure.endsWith('.count')
  return (
    <button
      type="button"
      className="rt-fig"
      data-at={`${at}:${place}`}
      tabIndex={active ? 0 : -1}
      aria-label={counted && typeof value === 'number' ? t('result.table.drillCount', { count: value, shown: text, where }) : t('result.table.drill', { shown: text, where })}
      onClick={() => onDrill(group, column)}
    >
      {text}
    </button>
  )
}

function Part({ value, column, model }: { value: Cell; column: ResultColumn; model: ResultModel }) {
  const t = useT()
  const part = column.kind === 'dimension' && typeof value === 'string' ? model.parts.get(value) : undefined
  if (part === undefined || column.shape.granularity == null) return null
  return <span className="mut s12 rt-part"> * <span>{t('result.table.part', { days: part.days, of: part.of })}</span></span>
}
