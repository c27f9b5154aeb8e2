import type { EChartsCoreOption, ECharts } from 'echarts/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useT } from '../i18n/useT'

/** What stands around the drawing once it is there: the band under the pointer, names at the right edge. */
export type Around = (chart: ECharts) => ReactNode

type PlotProps = {
  option: EChartsCoreOption
  width: number
  height: number
  description: string
  onMark?: (series: number, at: number) => void
  /** The category under the pointer; null outside. */
  onCategory?: (at: number | null) => void
  categories?: { count: number; flat: boolean }
  around?: Around
}

/** A drawing by ECharts, which is loaded with the first one. */
export function Plot({ option, width, height, description, onMark, onCategory, categories, around }: PlotProps) {
  const t = useT()
  const holder = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<ECharts | null>(null)
  const [failed, setFailed] = useState(false)
  const [, setDrawn] = useState(0)
  useEffect(() => {
    let made: ECharts | null = null
    let gone = false
    import('./echarts').then(
      ({ createChart }) => {
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
  usePointer(chart, { onMark, onCategory, categories })
  if (failed) return <p className="sub rs-note" role="status">{t('result.chart.unsupported')}</p>
  return (
    <div className="rc-plot" style={{ height }}>
      {chart === null ? <div className="rc-wait" aria-hidden="true" /> : null}
      {chart === null ? null : around?.(chart)}
      <div ref={holder} className="rc-canvas" role="img" aria-label={description} />
    </div>
  )
}

type Pointer = Pick<PlotProps, 'onMark' | 'onCategory' | 'categories'>

function usePointer(chart: ECharts | null, pointer: Pointer): void {
  const latest = useRef(pointer)
  useEffect(() => {
    latest.current = pointer
  })
  useEffect(() => {
    if (chart === null) return
    const click = (event: { seriesIndex?: number; dataIndex?: number }) => latest.current.onMark?.(event.seriesIndex ?? 0, event.dataIndex ?? 0)
    const move = (event: { offsetX: number; offsetY: number }) => {
      const { onCategory, categories } = latest.current
      if (onCategory === undefined || categories === undefined) return
      const point = [event.offsetX, event.offsetY]
      if (!chart.containPixel({ gridIndex: 0 }, point)) return onCategory(null)
      const at = (chart.convertFromPixel({ gridIndex: 0 }, point) as number[])[categories.flat ? 1 : 0] ?? -1
      onCategory(at >= 0 && at < categories.count ? Math.round(at) : null)
    }
    const leave = () => latest.current.onCategory?.(null)
    chart.on('click', click)
    chart.getZr().on('mousemove', move)
    chart.getZr().on('globalout', leave)
    return () => {
      if (chart.isDisposed()) return
      chart.off('click', click)
      chart.getZr().off('mousemove', move)
      chart.getZr().off('globalout', leave)
    }
  }, [chart])
}
