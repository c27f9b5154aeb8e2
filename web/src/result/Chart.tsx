import '../styles/result.css'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { ResultBody } from '../api/query'
import { useT } from '../i18n/useT'
import type { ChartOptions, Report } from '../report/types'
import { useFormats } from '../shared/formats'
import { AxisChart } from './AxisChart'
import { BarList } from './BarList'
import { useColours } from './colours'
import { isNumeric, type ResultColumn, type ResultModel } from './columns'
import { FunnelBars } from './FunnelBars'
import { heatmapOption } from './heatmap'
import { pieOption, scatterOption, type Setting } from './otherOptions'
import { usePalette } from './palette'
import { observeSize } from './observeSize'
import { Plot } from './Plot'
import { isBarList } from './series'
import { SingleValue } from './SingleValue'

export type ChartProps = {
  chart: ChartOptions
  model: ResultModel
  result: ResultBody
  report: Report
  /** In pixels; 248 unless told. */
  height?: number
  hovered?: number | null
  onHover?: (row: number | null) => void
  /** A figure was chosen: the place of its row in the result, and its column. */
  onPick?: (row: number, column: ResultColumn) => void
  /** What the chart shows, in one sentence. */
  description: string
}

/** A result as a chart. A table is drawn by ResultTable. */
export function Chart(props: ChartProps) {
  const t = useT()
  const holder = useRef<HTMLDivElement>(null)
  const width = useWidth(holder)
  const { chart, model, result, onPick } = props
  const pick = onPick === undefined ? undefined : (row: number, column: ResultColumn) => column.drillable && onPick(row, column)
  const own = { ...props, ...(pick === undefined ? {} : { onPick: pick }) }
  if (chart.type === 'table') return null
  return (
    <figure className="rc" ref={holder}>
      {result.rows.length === 0 || !model.figures.some(isNumeric) ? <p className="sub">{t('result.chart.nothing')}</p> : width === 0 ? <div style={{ height: props.height ?? 248 }} /> : <Kind {...own} width={width} />}
    </figure>
  )
}

function Kind(props: ChartProps & { width: number }) {
  const { chart, model } = props
  switch (chart.type) {
    case 'single':
      return <SingleValue {...props} />
    case 'funnel':
      return <FunnelBars {...props} />
    case 'pie':
    case 'scatter':
    case 'heatmap':
      return <MarkChart {...props} />
    case 'bar':
      return isBarList(model, chart) ? <BarList {...props} /> : <AxisChart {...props} />
    default:
      return <AxisChart {...props} />
  }
}

const OPTIONS = { pie: pieOption, scatter: scatterOption, heatmap: heatmapOption }

/** Charts of single marks: slices, dots, cells. */
function MarkChart({ chart, model, result, height = 280, onPick, description, width }: ChartProps & { width: number }) {
  const t = useT()
  const formats = useFormats()
  const palette = usePalette()
  const colours = useColours()
  const drawn = useMemo(() => {
    const setting: Setting = { result, model, chart, formats, palette, colours, description, width, height }
    return OPTIONS[chart.type as keyof typeof OPTIONS](setting)
  }, [result, model, chart, formats, palette, colours, description, width, height])
  if (drawn === null) return <p className="sub">{t('result.chart.nothing')}</p>
  return (
    <>
      {drawn.legend === undefined ? null : <ul className="rc-legend rc-few" aria-hidden="true">{drawn.legend.items.map((item) => <li key={item.key}><span className="dot" style={{ background: `var(--${item.token})` }} />{item.label}</li>)}</ul>}
      <Plot
        marks
        option={drawn.option}
        height={height - (drawn.legend?.height ?? 0)}
        {...{ width, description }}
        tip={drawn.tip}
        onMark={(series, at) => {
          const found = drawn.pick(series, at)
          if (found !== null) onPick?.(found.row, found.column)
        }}
      />
      {drawn.of.count > drawn.of.shown ? <p className="rc-note">{t('result.chart.top', { shown: formats.number(drawn.of.shown), count: formats.number(drawn.of.count) })}</p> : null}
    </>
  )
}

/** The inner width of an element, as it changes. */
function useWidth(holder: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = holder.current
    if (element === null) return
    const measure = () => {
      const style = getComputedStyle(element)
      setWidth(Math.floor(element.clientWidth - (parseFloat(style.paddingLeft) || 0) - (parseFloat(style.paddingRight) || 0)))
    }
    return observeSize(element, measure)
  }, [holder])
  return width
}
