// The picture of ranks over the years; its figures stand in the table below it.
import type { EChartsCoreOption } from "echarts/core"
import { standings, type Year } from "./years"

const MOST = 30

/** Return lines of ranks, the first on top; nothing where ranks are not shown, or lines would be a thicket. */
export function rankOption(years: readonly Year[], units: readonly { unit: string; name: string }[]): EChartsCoreOption | null {
  const series = units
    .map((unit) => ({ unit, ranks: standings(years, unit.unit).map((each) => each?.rank ?? null) }))
    .filter((each) => each.ranks.some((rank) => rank !== null))
  if (!series.length || series.length > MOST) return null
  return {
    aria: { enabled: true },
    grid: { left: 40, right: 110, top: 16, bottom: 28 },
    tooltip: { trigger: "item" },
    xAxis: { type: "category", data: years.map((each) => String(each.year)), boundaryGap: false },
    yAxis: { type: "value", inverse: true, min: 1, minInterval: 1 },
    series: series.map(({ unit, ranks }) => ({
      type: "line", name: unit.name, data: ranks, symbolSize: 8, endLabel: { show: true, formatter: "{a}" }, emphasis: { focus: "series" },
    })),
  }
}
