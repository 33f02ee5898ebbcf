// What is drawn with, loaded with the first picture.
import { BarChart, CustomChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts"
import {
  AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components"
import { init as begin, use, type EChartsType } from "echarts/core"
import { CanvasRenderer } from "echarts/renderers"

use([
  AriaComponent, BarChart, CanvasRenderer, CustomChart, GridComponent, HeatmapChart, LegendComponent,
  LineChart, MarkLineComponent, ScatterChart, TooltipComponent, VisualMapComponent,
])

const FONT = '"Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'

export function init(place: HTMLElement): EChartsType {
  return begin(place, { color: ["#1f5fa8", "#b3541e", "#2f7d4f", "#7a4fa3", "#8a6d1d"], textStyle: { fontFamily: FONT }, animation: false })
}
