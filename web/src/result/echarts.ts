import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts'
import { AriaComponent, GridComponent, VisualMapComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'

// Only what the page draws; this module is loaded with the first chart. SVG prints well, and a test can read it.
use([BarChart, HeatmapChart, LineChart, PieChart, ScatterChart, AriaComponent, GridComponent, VisualMapComponent, LabelLayout, SVGRenderer])

/** A chart in an element. */
export const createChart = (element: HTMLElement, width: number, height: number): ECharts => init(element, null, { renderer: 'svg', width, height })
