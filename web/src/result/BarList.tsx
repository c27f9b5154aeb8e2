import { useMemo } from 'react'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import type { ChartProps } from './Chart'
import { useColours } from './colours'
import { figure, isDated, showCell, type ResultColumn, type ResultModel } from './columns'
import type { ResultBody } from '../api/query'
import { drawnMeasures, measuresToDraw, MOST_CATEGORIES } from './series'

/** Horizontal bars of one measure: names to the left, figures and shares to the right. */
export function BarList({ chart, model, result, onPick, onHover, hovered = null, description }: ChartProps) {
  const t = useT()
  const formats = useFormats()
  const colours = useColours()
  const [dimension] = model.dimensions
  const column = measuresToDraw(model).find((candidate) => candidate.base === drawnMeasures(model, chart)[0])
  const rows = useMemo(() => result.rows.slice(0, MOST_CATEGORIES), [result])
  if (dimension === undefined || column === undefined) return null
  const most = Math.max(0, ...rows.map((cells) => figure(cells[column.index]) ?? 0))
  const total = wholeOf(result, column)
  return (
    <>
      <ul className="rc-list" aria-label={description} onMouseLeave={() => onHover?.(null)}>
        {rows.map((cells, row) => {
          const value = figure(cells[column.index])
          const shown = showCell(cells[column.index], column, model, formats)
          const label = showCell(cells[dimension.index], dimension, model, formats)
          const token = coloured(dimension, model) ? colours.of(dimension.field ?? '', cells[dimension.index] ?? null, dimension.options) : 'c7'
          return (
            <li key={row} className={`row ${hovered === row ? 'hov' : ''}`} onMouseEnter={() => onHover?.(row)}>
              <span className="s13 trunc rc-name" title={label}>{label}</span>
              <span className="grow rc-track" aria-hidden="true"><span style={{ width: `${most <= 0 || value === null ? 0 : (Math.max(0, value) / most) * 100}%`, background: `var(--${token})` }} /></span>
              {onPick === undefined || !column.drillable || value === 0 ? <span className="num s13 strong rc-value">{shown}</span> : (
                <button type="button" className="rt-fig num s13 strong rc-value" aria-label={t('result.table.drill', { shown, where: label })} onClick={() => onPick(row, column)}>{shown}</button>
              )}
              {total === null ? null : <span className="num s12 sub rc-share">{value === null ? '' : formats.percent(value / total)}</span>}
            </li>
          )
        })}
      </ul>
      {result.rows.length > rows.length ? <p className="rc-note">{t('result.chart.top', { shown: formats.number(rows.length), count: formats.number(result.rows.length) })}</p> : null}
    </>
  )
}

/** Colours say which value it is; where there are no known values, one colour says as much. */
const coloured = (dimension: ResultColumn, model: ResultModel): boolean => dimension.options !== null && !isDated(dimension) && model.dimensions.length === 1

/** What shares are of: the service's total, or the sum of parts that add up and are all here. */
export function wholeOf(result: ResultBody, column: ResultColumn): number | null {
  if (!column.additive) return null
  const told = result.totals === null ? null : figure(result.totals[column.index])
  if (told !== null) return told === 0 ? null : told
  if (result.truncated) return null
  const sum = result.rows.reduce((total, cells) => total + (figure(cells[column.index]) ?? 0), 0)
  return sum === 0 ? null : sum
}
