import type { EChartsCoreOption } from 'echarts/core'
import type { ChartOptions } from '../report/types'
import { showCell, type ResultModel } from './columns'
import type { Formats } from '../shared/formats'
import type { Palette } from './palette'
import { stackOf, type Drawing, type Series } from './series'
import type { TipContent, TipLine } from './Tip'

export type Scene = {
  drawing: Drawing
  chart: ChartOptions
  model: ResultModel
  formats: Formats
  palette: Palette
  description: string
  /** Room for the names of series at the right edge; 0 if they stand in a legend. */
  right: number
  width: number
}

export type Words = { total: string; weekOf: (date: string) => string }

const TOP = 20
/** A figure above a bar needs this much room, in pixels; past so many bars figures only disturb. */
const LABEL_ROOM = 34
const MOST_LABELS = 24

/** Bars, lines and areas. */
export function cartesianOption(scene: Scene): EChartsCoreOption {
  const { drawing, chart, palette, formats, right } = scene
  const { categories } = drawing
  const flat = chart.type === 'bar' && chart.horizontal === true
  const stack = stackOf(chart, drawing)
  const names = {
    type: 'category',
    data: categories.map((category) => category.label + (category.part ? '*' : '')),
    boundaryGap: chart.type === 'bar' || categories.length === 1,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.axis } },
    axisLabel: { color: palette['text-2'], fontSize: 12, hideOverlap: true, margin: 10, ...(flat ? { width: 120, overflow: 'truncate' } : nameRoom(drawing, scene.width - right)) },
    ...(flat ? { inverse: true } : {}),
  }
  const figures = {
    type: 'value',
    splitNumber: 4,
    ...(stack === 'percent' ? { min: 0, max: 1, interval: 0.25 } : {}),
    axisLabel: { color: palette['text-2'], fontSize: 12, formatter: (value: number) => (stack === 'percent' ? formats.percent(value, 0) : tick(value, formats)) },
    splitLine: { lineStyle: { color: palette.grid } },
  }
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif' },
    aria: { enabled: true, label: { description: scene.description } },
    grid: { left: 0, right: right + (flat ? 40 : 4), top: flat ? 4 : TOP, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: flat ? figures : names,
    yAxis: flat ? names : figures,
    series: [...drawing.series.map((line, at) => seriesOf(scene, line, at, stack)), ...totalsOf(scene, stack, flat)],
  }
}

/** An axis stands at round numbers: with all decimals of its step they stay short, and no two neighbours look alike. */
const TICK_DECIMALS = 6

/** A short number of an axis; small ones in full. */
export const tick = (value: number, formats: Formats): string => (Math.abs(value) < 1000 ? formats.number(value) : formats.compact(value, TICK_DECIMALS))

/** Long names are cut to the room that their category has. */
const nameRoom = (drawing: Drawing, width: number): object => (drawing.dated ? {} : { width: Math.max(48, Math.round(width / Math.max(1, drawing.categories.length)) - 8), overflow: 'truncate' })

const share = (drawing: Drawing, line: Series, at: number): number | null => {
  const value = line.values[at] ?? null
  const total = drawing.totals?.[at] ?? null
  return value === null || total === null || total === 0 ? null : value / total
}

function seriesOf(scene: Scene, line: Series, place: number, stack: ReturnType<typeof stackOf>): object {
  const { drawing, chart, palette, formats, model } = scene
  const colour = palette[line.token]
  const values = stack === 'percent' ? line.values.map((_, at) => share(drawing, line, at)) : line.values
  const alone = drawing.series.length === 1
  const labelled = chart.labels ?? (hasLabels(chart, alone) && labelsFit(scene))
  const common = {
    name: line.label,
    data: values,
    cursor: 'pointer',
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    ...(stack === 'none' || line.before ? {} : { stack: 'all' }),
    label: {
      show: labelled,
      position: stack === 'none' || chart.type !== 'bar' ? (chart.horizontal === true ? 'right' : 'top') : 'inside',
      color: stack === 'none' || chart.type !== 'bar' ? palette.text : '#ffffff',
      fontSize: 12,
      fontWeight: 500,
      formatter: ({ dataIndex }: { dataIndex: number }) => shown(line, dataIndex, formats, model),
    },
    labelLayout: { hideOverlap: true },
  }
  if (chart.type === 'bar') {
    return {
      ...common,
      type: 'bar',
      barMaxWidth: chart.horizontal === true ? 20 : 44,
      barCategoryGap: '32%',
      itemStyle: { color: colour, borderColor: palette.surface, borderWidth: stack === 'none' ? 0 : 0.5, ...(line.before ? { opacity: 0.45 } : {}), borderRadius: place === drawing.series.length - 1 || stack === 'none' ? 1.5 : 0 },
    }
  }
  const last = lastKnown(line.values)
  return {
    ...common,
    type: 'line',
    z: line.before ? 2 : 3,
    lineStyle: { color: colour, width: line.before ? 1.5 : 2, type: line.before ? [4, 4] : 'solid' },
    connectNulls: false,
    showAllSymbol: true,
    symbol: 'circle',
    // A point is drawn at the end, and where nothing connects it.
    symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => ((dataIndex === last && !line.before) || lonely(line.values, dataIndex) ? 7 : 0),
    ...(chart.type === 'area' && !line.before ? { areaStyle: { color: colour, opacity: stack === 'none' ? 0.12 : 0.5 } } : {}),
  }
}

/** Whether figures stand in the chart, where they fit, until the reader chooses. */
export const hasLabels = (chart: ChartOptions, alone: boolean): boolean => chart.type === 'heatmap' || (chart.type === 'bar' && alone)

function labelsFit({ drawing, width, right }: Scene): boolean {
  const bars = drawing.categories.length
  return bars <= MOST_LABELS && (width - right - 48) / Math.max(1, bars) >= LABEL_ROOM
}

const lonely = (values: (number | null)[], at: number): boolean => (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null

export function lastKnown(values: (number | null)[]): number {
  for (let at = values.length - 1; at >= 0; at -= 1) if (values[at] != null) return at
  return -1
}

function shown(line: Series, at: number, formats: Formats, model: ResultModel): string {
  const value = line.values[at]
  return value == null ? '' : showCell(value, line.column, model, formats)
}

/** Totals above stacked bars: an invisible series that carries the labels. */
function totalsOf(scene: Scene, stack: ReturnType<typeof stackOf>, flat: boolean): object[] {
  const { drawing, chart, palette, formats, model } = scene
  const { totals } = drawing
  if (chart.type !== 'bar' || stack !== 'stacked' || totals === null || chart.labels === false) return []
  if (chart.labels !== true && !labelsFit(scene)) return []
  const measure = drawing.measures[0]
  return [{
    name: '',
    type: 'scatter',
    data: totals.map((value, at) => (flat ? [value, at] : [at, value])),
    symbolSize: 1,
    silent: true,
    itemStyle: { color: 'transparent' },
    label: {
      show: true,
      position: flat ? 'right' : 'top',
      color: palette.text,
      fontSize: 12,
      fontWeight: 550,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const value = totals[dataIndex]
        return value == null || measure === undefined ? '' : showCell(value, measure, model, formats)
      },
    },
    labelLayout: { hideOverlap: true },
  }]
}

/** What a tooltip says of one category, from the top of a stack downwards. */
export function tipOf(scene: Pick<Scene, 'drawing' | 'formats' | 'model'> & { words: Words }, at: number): TipContent | null {
  const { drawing, formats, model, words } = scene
  const category = drawing.categories[at]
  if (category === undefined) return null
  const lines: TipLine[] = [...drawing.series].reverse().map((line) => {
    const part = share(drawing, line, at)
    return { token: line.token, label: line.label, value: showCell(line.values[at] ?? null, line.column, model, formats), share: part === null ? null : formats.percent(part) }
  })
  const total = drawing.totals?.[at] ?? null
  const measure = drawing.measures[0]
  if (total !== null && measure !== undefined && lines.length > 1) lines.push({ token: null, label: words.total, value: showCell(total, measure, model, formats), share: null, strong: true })
  return { title: drawing.dimension.shape.granularity === 'week' ? words.weekOf(category.long) : category.long, lines }
}
