import type { EChartsCoreOption, ECharts } from 'echarts/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useT } from '../i18n/useT'
import { Tip, type TipContent } from './Tip'

/** What stands around the drawing once it is there: the band under the pointer, names at the right edge. */
export type Around = (chart: ECharts) => ReactNode

type PlotProps = {
  option: EChartsCoreOption
  width: number
  height: number
  description: string
  /** Whether it draws single marks instead of lines and bars. */
  marks?: boolean
  onMark?: (series: number, at: number) => void
  /** The category under the pointer; null outside. */
  onCategory?: (at: number | null) => void
  categories?: { count: number; flat: boolean }
  around?: Around
  /** What is said beside the pointer, of a category or a mark. */
  tip: (at: number) => TipContent | null
}

/** A drawing by ECharts, which is loaded with the first one. */
export function Plot({ option, width, height, description, marks = false, onMark, onCategory, categories, around, tip }: PlotProps) {
  const t = useT()
  const holder = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<ECharts | null>(null)
  const [failed, setFailed] = useState(false)
  const [drawn, setDrawn] = useState(0)
  useEffect(() => {
    let made: ECharts | null = null
    let gone = false
    Promise.all([import('./echarts'), marks ? import('./echartsMarks') : null]).then(
      ([{ createChart }]) => {
        if (gone || holder.current === null) return
        made = createChart(holder.current, holder.current.clientWidth || 600, height)
        setChart(made)
      },
      () => setFailed(true),
    )
    return () => {
      gone = true
      made?.dispose()
      setChart(null)
    }
    // The first size is enough to begin with; the next effect follows it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  useEffect(() => {
    if (chart === null) return
    chart.resize({ width, height })
    chart.setOption(option, { notMerge: true })
    setDrawn((times) => times + 1)
  }, [chart, option, width, height])
  const point = usePointer(chart, { onMark, onCategory, categories })
  const said = point === null ? null : tip(point.at)
  if (failed) return <p className="sub rs-note" role="status">{t('result.chart.unsupported')}</p>
  return (
    <div className="rc-plot" style={{ height }}>
      {drawn === 0 ? <div className="rc-wait" aria-hidden="true" /> : null}
      {chart === null || drawn === 0 ? null : around?.(chart)}
      <div ref={holder} className="rc-canvas" role="img" aria-label={description} />
      {point === null || said === null ? null : <Tip content={said} {...{ width, height }} x={point.x} y={point.y} />}
    </div>
  )
}

type Pointer = Pick<PlotProps, 'onMark' | 'onCategory' | 'categories'>
type Point = { at: number; x: number; y: number }

/** Tells what is under the pointer; returns it with the place of the tooltip. */
function usePointer(chart: ECharts | null, pointer: Pointer): Point | null {
  const [point, setPoint] = useState<Point | null>(null)
  const latest = useRef(pointer)
  useEffect(() => {
    latest.current = pointer
  })
  useEffect(() => {
    if (chart === null) return
    const show = (at: number | null, x: number, y: number) => {
      latest.current.onCategory?.(at)
      setPoint(at === null ? null : { at, x, y })
    }
    const click = (event: { seriesIndex?: number; dataIndex?: number }) => latest.current.onMark?.(event.seriesIndex ?? 0, event.dataIndex ?? 0)
    const move = (event: { offsetX: number; offsetY: number }) => {
      const { categories } = latest.current
      if (categories !== undefined) show(categoryAt(chart, event, categories), event.offsetX, event.offsetY)
    }
    const over = (event: { dataIndex?: number; event?: { offsetX: number; offsetY: number } }) => {
      if (latest.current.categories === undefined && event.dataIndex !== undefined) show(event.dataIndex, event.event?.offsetX ?? 0, event.event?.offsetY ?? 0)
    }
    const leave = () => show(null, 0, 0)
    const out = () => latest.current.categories === undefined && leave()
    const marks = chart as unknown as { on: (name: string, handler: unknown) => void }
    marks.on('click', click)
    marks.on('mouseover', over)
    marks.on('mouseout', out)
    chart.getZr().on('mousemove', move)
    chart.getZr().on('globalout', leave)
    // Disposing of the chart ends what it listens to.
  }, [chart])
  return point
}

function categoryAt(chart: ECharts, { offsetX, offsetY }: { offsetX: number; offsetY: number }, categories: { count: number; flat: boolean }): number | null {
  const point = [offsetX, offsetY]
  if (!chart.containPixel({ gridIndex: 0 }, point)) return null
  const at = Math.round((chart.convertFromPixel({ gridIndex: 0 }, point) as number[])[categories.flat ? 1 : 0] ?? -1)
  return at >= 0 && at < categories.count ? at : null
}
