import type { EChartsCoreOption } from 'echarts/core'
import type { ResultBody } from '../api/query'
import { figure, showCell, type ResultColumn, type ResultModel } from './columns'
import type { Colours, ColourToken } from './colours'
import { tick } from './cartesian'
import type { Formats } from '../shared/formats'
import type { Palette } from './palette'
import { drawnMeasures, measuresToDraw } from './series'
import type { ChartOptions } from '../report/types'
import type { TipContent } from './Tip'

export type Setting = { result: ResultBody; model: ResultModel; chart: ChartOptions; formats: Formats; palette: Palette; colours: Colours; description: string; width: number; height: number }

/** A drawing that ECharts makes, and the row and column behind each of its marks. */
export type Drawn = { option: EChartsCoreOption; pick: (series: number, at: number) => { row: number; column: ResultColumn } | null; of: { shown: number; count: number }; tip: (at: number) => TipContent | null; legend?: Legend }

/** Names above the drawing, where there is no room for them beside its marks. */
export type Legend = { items: { key: string; label: string; token: ColourToken }[]; height: number }

const FONT = { fontFamily: 'Inter Variable, system-ui, sans-serif' }
const MOST_SLICES = 50
const MOST_DOTS = 1_000
/** Of a label: the width of a letter, and of the line that leads to it. */
const LETTER = 6.8
const LEADER = 40
const LEGEND_LINE = 20
const LEGEND_LINES = 3
const WIDE = 520

/** Whether the names of slices fit beside a pie that takes 78 % of its place. */
export function labelsFitBeside(labels: readonly string[], width: number, height: number): boolean {
  const room = width / 2 - (0.78 * Math.min(width, height)) / 2 - LEADER
  return labels.every((label) => label.length * LETTER <= room)
}

/** How high names in lines of this width stand. */
function legendHeight(labels: readonly string[], width: number): number {
  let [lines, used] = [1, 0]
  for (const label of labels) {
    const needed = label.length * LETTER + 26
    if (used > 0 && used + needed > width) [lines, used] = [lines + 1, 0]
    used += needed
  }
  return Math.min(lines, LEGEND_LINES) * LEGEND_LINE + 4
}

const base = (setting: Setting) => ({ animation: false, textStyle: FONT, aria: { enabled: true, label: { description: setting.description } } })

function chosen({ model, chart }: Setting): ResultColumn[] {
  const names = drawnMeasures(model, chart)
  return measuresToDraw(model).filter((column) => names.includes(column.base))
}

/** Parts of a whole; with patterns, for colour alone must not tell them apart. */
export function pieOption(setting: Setting): Drawn | null {
  const { result, model, formats, palette, colours } = setting
  const dimension = model.dimensions[0]
  const measure = chosen(setting)[0]
  if (dimension === undefined || measure === undefined) return null
  const slices = result.rows.slice(0, MOST_SLICES).flatMap((cells, row) => {
    const value = figure(cells[measure.index])
    if (value === null || value <= 0) return []
    const name = showCell(cells[dimension.index], dimension, model, formats)
    return [{ name, value, row, token: colours.of(dimension.field ?? '', cells[dimension.index] ?? null, dimension.options) }]
  })
  const whole = measure.additive && !result.truncated && result.rows.length <= MOST_SLICES
  const total = slices.reduce((sum, slice) => sum + slice.value, 0)
  const labels = slices.map((slice) => `${slice.name}  ${showCell(slice.value, measure, model, formats)}${whole && setting.width >= WIDE ? ` · ${formats.percent(slice.value / total)}` : ''}`)
  const beside = labelsFitBeside(labels, setting.width, setting.height)
  return {
    option: {
      ...base(setting),
      aria: { enabled: true, label: { description: setting.description }, decal: { show: true } },
      series: [{
        type: 'pie',
        radius: beside ? ['48%', '78%'] : ['56%', '94%'],
        cursor: 'pointer',
        itemStyle: { borderColor: palette.surface, borderWidth: 1 },
        label: { show: beside, color: palette['text-2'], fontSize: 12, formatter: ({ dataIndex }: { dataIndex: number }) => labels[dataIndex] ?? '' },
        labelLine: { show: beside, lineStyle: { color: palette.axis } },
        emphasis: { scale: false },
        data: slices.map((slice) => ({ name: slice.name, value: slice.value, itemStyle: { color: palette[slice.token] } })),
      }],
    },
    ...(beside ? {} : { legend: { items: slices.map((slice, at) => ({ key: String(slice.row), label: labels[at] ?? slice.name, token: slice.token })), height: legendHeight(labels, setting.width) } }),
    pick: (_, at) => (slices[at] === undefined ? null : { row: slices[at].row, column: measure }),
    of: { shown: slices.length, count: result.rows.length },
    tip: (at) => {
      const slice = slices[at]
      if (slice === undefined) return null
      return { title: dimension.label, lines: [{ token: slice.token, label: slice.name, value: showCell(slice.value, measure, model, formats), share: whole ? formats.percent(slice.value / total) : null }] }
    },
  }
}

/** One point for each row: the first measure across, the second upwards. */
export function scatterOption(setting: Setting): Drawn | null {
  const { result, model, chart, formats, palette, colours } = setting
  const all = measuresToDraw(model)
  const named = all.filter((column) => chart.series?.includes(column.base))
  const [x, y] = named.length >= 2 ? named : all.filter((column) => column.variant === 'value')
  if (x === undefined || y === undefined) return null
  const dots = result.rows.slice(0, MOST_DOTS).flatMap((cells, row) => {
    const [across, up] = [figure(cells[x.index]), figure(cells[y.index])]
    return across === null || up === null ? [] : [{ at: [across, up], row, cells }]
  })
  const dimension = model.dimensions[0]
  const coloured = dimension?.options !== null && dimension?.options !== undefined
  const axis = (column: ResultColumn) => ({
    type: 'value',
    scale: true,
    name: column.head,
    nameGap: 8,
    nameTextStyle: { color: palette['text-2'], fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: palette.axis } },
    axisLabel: { color: palette['text-2'], fontSize: 12, formatter: (value: number) => tick(value, formats), hideOverlap: true },
    splitLine: { lineStyle: { color: palette.grid } },
  })
  return {
    option: {
      ...base(setting),
      grid: { left: 0, right: 16, top: 28, bottom: 26, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: { ...axis(x), nameLocation: 'middle', nameGap: 26 },
      yAxis: { ...axis(y), nameTextStyle: { color: palette['text-2'], fontSize: 12, align: 'left' } },
      series: [{
        type: 'scatter',
        symbolSize: 9,
        cursor: 'pointer',
        data: dots.map((dot) => ({
          value: dot.at,
          itemStyle: {
            color: palette[coloured ? colours.of(dimension.field ?? '', dot.cells[dimension.index] ?? null, dimension.options) : 'c1'],
            opacity: 0.8,
            borderColor: palette.surface,
            borderWidth: 1,
          },
        })),
        emphasis: { scale: false },
      }],
    },
    pick: (_, at) => (dots[at] === undefined ? null : { row: dots[at].row, column: y }),
    of: { shown: dots.length, count: result.rows.length },
    tip: (at) => {
      const dot = dots[at]
      if (dot === undefined) return null
      const say = (column: ResultColumn) => showCell(dot.cells[column.index], column, model, formats)
      return { title: model.dimensions.map(say).join(' · '), lines: [x, y].map((column) => ({ token: null, label: column.head, value: say(column), share: null })) }
    },
  }
}
