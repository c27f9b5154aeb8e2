import { useT } from '../i18n/useT'
import { useFormats, type Formats } from '../shared/formats'
import type { ResultBody } from '../api/query'
import type { ChartOptions } from '../report/types'
import type { ChartProps } from './Chart'
import { figure, showCell, type ResultColumn, type ResultModel } from './columns'
import { drawnMeasures, measuresToDraw } from './series'

type Step = { label: string; value: number | null; shown: string; row: number; column: ResultColumn }

const MOST_STEPS = 50

/** Steps as bars: each with its share of the step before. */
export function FunnelBars({ chart, model, result, onPick, onHover, hovered = null, description }: ChartProps) {
  const t = useT()
  const formats = useFormats()
  const steps = stepsOf(result, model, chart, formats)
  const most = Math.max(...steps.map((step) => step.value ?? 0), 0)
  return (
    <ol className="rc-funnel" aria-label={description} onMouseLeave={() => onHover?.(null)}>
      {steps.map((step, at) => {
        const before = steps[at - 1]
        const share = before?.value && step.value !== null ? step.value / before.value : null
        const width = most === 0 || step.value === null ? 0 : (step.value / most) * 100
        return (
          <li key={`${step.label}${at}`} className={model.dimensions.length > 0 && hovered === step.row ? 'hov' : ''} onMouseEnter={() => onHover?.(step.row)}>
            <div className="row s13">
              <span className="strong">{step.label}</span>
              <span className="grow s12 mut">{share === null || before === undefined ? '' : t('result.funnel.of', { share: formats.percent(share), step: before.label })}</span>
              {onPick === undefined || !step.column.drillable ? <span className="num strong">{step.shown}</span> : (
                <button type="button" className="rt-fig num strong" aria-label={t('result.table.drill', { shown: step.shown, where: step.label })} onClick={() => onPick(step.row, step.column)}>{step.shown}</button>
              )}
            </div>
            <div className="rc-track" aria-hidden="true"><span style={{ width: `${width}%` }} /></div>
          </li>
        )
      })}
    </ol>
  )
}

/** The steps: the rows of one dimension, or without one the measures in their order. */
export function stepsOf(result: ResultBody, model: ResultModel, chart: ChartOptions, formats: Formats): Step[] {
  const drawn = drawnMeasures(model, chart)
  const columns = measuresToDraw(model).filter((column) => drawn.includes(column.base))
  const [dimension] = model.dimensions
  const [first] = columns
  if (first === undefined) return []
  if (dimension === undefined) {
    const cells = result.rows[0] ?? []
    return columns.filter((column) => column.variant === 'value').map((column) => ({ label: column.head, value: figure(cells[column.index]), shown: showCell(cells[column.index], column, model, formats), row: 0, column }))
  }
  return result.rows.slice(0, MOST_STEPS).map((cells, row) => ({
    label: showCell(cells[dimension.index], dimension, model, formats),
    value: figure(cells[first.index]),
    shown: showCell(cells[first.index], first, model, formats),
    row,
    column: first,
  }))
}
