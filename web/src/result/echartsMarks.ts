import { HeatmapChart, PieChart, ScatterChart } from 'echarts/charts'
import { AriaComponent, VisualMapComponent } from 'echarts/components'
import { use } from 'echarts/core'

// What charts of single marks need: slices with patterns, dots, cells.
use([HeatmapChart, PieChart, ScatterChart, AriaComponent, VisualMapComponent])
