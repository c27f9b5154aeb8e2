import type { ECharts } from 'echarts/core'
import { useMemo } from 'react'
import type { MessageId } from '../i18n'
import { useT } from '../i18n/useT'
import { useFormats } from '../shared/formats'
import { cartesianOption, lastKnown, tipOf } from './cartesian'
import type { ChartProps } from './Chart'
import { useColours } from './colours'
import { usePalette } from './palette'
import { Plot } from './Plot'
import { drawingOf, stackOf, type Drawing } from './series'
import { spread, type EndLabel } from './spread'

const NARROW = 520
const LINE = 18
/** The width of a letter of a strong name, with some room: a name that is only just too long would be cut. */
const GLYPH = 8
const PER: Record<string, MessageId> = {
  hour: 'result.chart.perHour', day: 'result.chart.perDay', week: 'result.chart.perWeek', month: 'result.chart.perMonth',
  quarter: 'result.chart.perQuarter', year: 'result.chart.perYear',
}

/** Bars, lines and areas, with names beside them and the band that the table's row shares. */
export function AxisChart({ chart, model, result, height = 248, hovered = null, onHover, onPick, description, width }: ChartProps & { width: number }) {
  const t = useT()
  const formats = useFormats()
  const palette = usePalette()
  const colours = useColours()
  const drawing = useMemo(() => drawingOf(result, model, chart, colours, formats), [result, model, chart, colours, formats])
  const narrow = width < NARROW
  const flat = chart.type === 'bar' && chart.horizontal === true
  const named = drawing !== null && (drawing.series.length > 1 || model.groups !== null)
  const right = named && !narrow && !flat ? roomFor(drawing) : 0
  const option = useMemo(
    () => (drawing === null ? null : cartesianOption({ drawing, chart, model, formats, palette, description, right, width })),
    [drawing, chart, model, formats, palette, description, right, width],
  )
  const words = { total: t('result.chart.total'), weekOf: (date: string) => t('result.chart.weekOf', { date }) }
  if (drawing === null || option === null || drawing.series.length === 0) return <p className="sub rs-note">{t('result.chart.nothing')}</p>
  const legend = named && right === 0
  const rowAt = (at: number | null) => (at === null ? null : (drawing.categories[at]?.row ?? null))
  const band = hovered === null ? -1 : drawing.categories.findIndex((category, at) => category.row === hovered || drawing.series.some((line) => line.rows[at] === hovered))
  const unit = unitOf(drawing)
  return (
    <>
      <p className="rc-unit">{unit.per === null ? unit.measure : t(unit.per, { measure: unit.measure })}</p>
      {legend ? <Legend drawing={drawing} /> : null}
      <Plot
        option={option}
        width={width}
        height={flat ? Math.max(height, drawing.categories.length * 28 + 28) : height}
        description={description}
        categories={{ count: drawing.categories.length, flat }}
        tip={(at) => tipOf({ drawing, formats, model, words }, at)}
        onCategory={(at) => onHover?.(rowAt(at))}
        onMark={(series, at) => {
          const line = drawing.series[series]
          const row = line?.rows[at] ?? null
          if (line !== undefined && row !== null) onPick?.(row, line.column)
        }}
        around={(plot) => (
          <>
            {band < 0 ? null : <Band plot={plot} at={band} count={drawing.categories.length} flat={flat} bars={chart.type === 'bar'} />}
            {right === 0 ? null : <EndLabels {...{ plot, drawing, right, height }} stacked={stackOf(chart, drawing) !== 'none'} percent={stackOf(chart, drawing) === 'percent'} />}
          </>
        )}
      />
      <Notes drawing={drawing} />
    </>
  )
}

const roomFor = (drawing: Drawing): number => Math.min(190, Math.max(64, ...drawing.series.map((line) => line.label.length * GLYPH + 24)))

function unitOf(drawing: Drawing): { measure: string; per: MessageId | null } {
  const heads = drawing.measures.filter((column) => column.variant === 'value').map((column) => column.head)
  return { measure: heads.join(', '), per: PER[drawing.dimension.shape.granularity ?? ''] ?? null }
}

/** The only effect of the pointer: a band behind the category. */
function Band({ plot, at, count, flat, bars }: { plot: ECharts; at: number; count: number; flat: boolean; bars: boolean }) {
  const axis = flat ? { yAxisIndex: 0 } : { xAxisIndex: 0 }
  const centre = plot.convertToPixel(axis, at) as number
  const next = plot.convertToPixel(axis, at === 0 ? 1 : at - 1) as number
  const step = count < 2 ? 120 : Math.abs(next - centre)
  const size = bars || count < 2 ? step : Math.min(step, 24)
  if (!Number.isFinite(centre)) return null
  return <div className="rc-band" style={flat ? { top: centre - size / 2, height: size, left: 0, right: 0 } : { left: centre - size / 2, width: size, top: 16, bottom: 26 }} />
}

function EndLabels({ plot, drawing, right, height, stacked, percent }: { plot: ECharts; drawing: Drawing; right: number; height: number; stacked: boolean; percent: boolean }) {
  const last = Math.max(...drawing.series.map((line) => lastKnown(line.values)))
  const total = drawing.totals?.[last] ?? 0
  let below = 0
  const wished = drawing.series.flatMap<EndLabel>((line) => {
    const value = line.values[stacked ? last : lastKnown(line.values)] ?? null
    if (value === null) return []
    const scaled = percent && total > 0 ? value / total : value
    const middle = stacked ? below + scaled / 2 : scaled
    if (stacked) below += scaled
    return [{ key: line.key, label: line.label, token: line.token, y: plot.convertToPixel({ yAxisIndex: 0 }, middle) as number, strong: !line.before }]
  })
  const labels = spread(wished.filter((label) => Number.isFinite(label.y)), LINE, height - 20)
  return (
    <div className="rc-ends" style={{ width: right - 8 }} aria-hidden="true">
      {labels.map((label) => (
        <span key={label.key} style={{ top: label.y - LINE / 2 }} className={label.strong ? 'strong' : ''} title={label.label}>
          <i style={{ background: `var(--${label.token})` }} /><b>{label.label}</b>
        </span>
      ))}
    </div>
  )
}

function Legend({ drawing }: { drawing: Drawing }) {
  return (
    <ul className="rc-legend" aria-hidden="true">
      {drawing.series.map((line) => <li key={line.key}><span className="dot" style={{ background: `var(--${line.token})` }} />{line.label}</li>)}
    </ul>
  )
}

/** What of the result the chart does not show. */
function Notes({ drawing }: { drawing: Drawing }) {
  const t = useT()
  const formats = useFormats()
  const { of, categories, series } = drawing
  return (
    <>
      {of.categories > categories.length ? <p className="rc-note">{t('result.chart.top', { shown: formats.number(categories.length), count: formats.number(of.categories) })}</p> : null}
      {of.series > series.length ? <p className="rc-note">{t('result.chart.topSeries', { shown: formats.number(series.length), count: formats.number(of.series) })}</p> : null}
    </>
  )
}
