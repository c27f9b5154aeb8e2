import { showCell } from './columns'
import type { Drawn, Setting } from './otherOptions'
import { drawingOf } from './series'

/** Two dimensions as a grid: the stronger the colour, the higher the figure. */
export function heatmapOption(setting: Setting): Drawn | null {
  const { result, model, chart, formats, palette, colours } = setting
  const drawing = drawingOf(result, model, chart, colours, formats)
  if (drawing === null || drawing.series.length === 0) return null
  const { categories, series } = drawing
  const cells = series.flatMap((line, y) => line.values.flatMap((value, x) => (value === null ? [] : [[x, y, value] as [number, number, number]])))
  const values = cells.map(([, , value]) => value)
  const [low, high] = [Math.min(0, ...values), Math.max(...values)]
  const roomy = categories.length <= 20
  const axis = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } }
  return {
    option: {
      animation: false,
      textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif' },
      aria: { enabled: true, label: { description: setting.description } },
      grid: { left: 0, right: 4, top: 4, bottom: 6, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: { ...axis, type: 'category', data: categories.map((category) => category.label), axisLabel: { color: palette['text-2'], fontSize: 12, hideOverlap: true } },
      yAxis: { ...axis, type: 'category', inverse: true, data: series.map((line) => line.label), axisLabel: { color: palette['text-2'], fontSize: 12, width: 110, overflow: 'truncate' } },
      visualMap: { show: false, min: low, max: high === low ? low + 1 : high, inRange: { color: [palette.hover, palette.c1] } },
      series: [{
        type: 'heatmap',
        cursor: 'pointer',
        data: cells,
        itemStyle: { borderColor: palette.surface, borderWidth: 1, borderRadius: 2 },
        emphasis: { disabled: true },
        label: {
          show: chart.labels ?? roomy,
          fontSize: 12,
          color: palette.text,
          formatter: ({ value }: { value: [number, number, number] }) => formats.compact(value[2]),
        },
        labelLayout: { hideOverlap: true },
      }],
    },
    pick: (_, at) => {
      const [x, y] = cells[at] ?? []
      const line = y === undefined ? undefined : series[y]
      const row = x === undefined ? null : (line?.rows[x] ?? null)
      return line === undefined || row === null ? null : { row, column: line.column }
    },
    tip: (at) => {
      const [x = 0, y = 0, value = null] = cells[at] ?? []
      const line = series[y]
      return line === undefined ? null : { title: categories[x]?.long ?? '', lines: [{ token: null, label: line.label, value: showCell(value, line.column, model, formats), share: null }] }
    },
    of: { shown: categories.length, count: drawing.of.categories },
  }
}
