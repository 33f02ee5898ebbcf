// Pictures of rankings: options for `Chart`, from figures that stand in a table beside them.
import type { UnitRange } from "kaoping-client"
import type { EChartsCoreOption } from "echarts/core"
import { marks } from "@/language"
import { unitName } from "@/year"

const LONGEST = 10

/** Cut what is too long beside an axis; the whole name is in the table. */
export function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

/** Ranges of ranks: a bar from the best to the worst, and a dot at the rank; the first at the top. */
export function ranges(units: readonly UnitRange[], range: string, rank: string): EChartsCoreOption {
  return {
    grid: { left: 8, right: 16, top: 30, bottom: 8, containLabel: true },
    legend: { top: 0, data: [range, rank] },
    tooltip: { trigger: "axis", renderMode: "richText", formatter: (points: { dataIndex: number }[]) => told(units[points[0]?.dataIndex ?? 0]) },
    xAxis: { type: "value", min: Math.min(...units.map((each) => each.best)), minInterval: 1, position: "top", axisLabel: { hideOverlap: true } },
    yAxis: { type: "category", inverse: true, data: units.map((each) => short(unitName(each.unit))), axisLabel: { interval: 0 } },
    series: [
      { name: "from", type: "bar", stack: "range", silent: true, itemStyle: { color: "transparent" }, data: units.map((each) => each.best - 0.4) },
      { name: range, type: "bar", stack: "range", barWidth: 9, itemStyle: { color: "#9bbcdf", borderRadius: 4 }, data: units.map((each) => each.worst - each.best + 0.8) },
      { name: rank, type: "scatter", symbolSize: 8, itemStyle: { color: "#17406f" }, data: units.map((each, n) => [each.rank, n]) },
    ],
  }
}

function told(unit: UnitRange | undefined): string {
  return unit ? `${unitName(unit.unit)}\n${unit.rank}${marks.value.open}${unit.best}–${unit.worst}${marks.value.close}` : ""
}
