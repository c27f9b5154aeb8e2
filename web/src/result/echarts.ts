import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { SVGRenderer } from 'echarts/renderers'

// Only what most charts need; this module is loaded with the first one. SVG prints well, and a test can read it.
use([BarChart, LineChart, GridComponent, LabelLayout, SVGRenderer])

/** A chart in an element. */
export const createChart = (element: HTMLElement, width: number, height: number): ECharts => init(element, null, { renderer: 'svg', width, height })
