// Pictures of scores: options for `Chart`, from figures that stand in a table beside them.
import type { IndicatorDiagnostics, ScorerDiagnostics, SimulatedMove } from "kaoping-client"
import type { EChartsCoreOption } from "echarts/core"
import { place } from "@/format"
import { short } from "../decision/pictures"

const [GAIN, LOSS, STILL, DARK, LIGHT] = ["#2f7d4f", "#b3541e", "#b6c0ca", "#17406f", "#7fa8d6"]

/** One line for each unit from its rank before to its rank after, the first at the top. */
export function slopes(ranked: readonly SimulatedMove[], before: string, after: string): EChartsCoreOption {
  const first = Math.min(...ranked.flatMap((each) => [each.before!.rank!, each.after!.rank!]))
  return {
    grid: { left: "28%", right: "28%", top: 38, bottom: 12 },
    tooltip: { trigger: "item", renderMode: "richText", formatter: (point: { seriesIndex: number }) => told(ranked[point.seriesIndex]) },
    xAxis: { type: "category", boundaryGap: false, position: "top", data: [before, after], axisLine: { show: false }, axisTick: { show: false } },
    yAxis: { type: "value", inverse: true, min: first, show: false },
    series: ranked.map((each) => {
      const change = each.rank_change ?? 0
      const label = (position: string, rank: number) => ({ show: true, position, formatter: `${rank} ${short(each.name)}`, color: "#1c2733", fontSize: 11 })
      return {
        type: "line",
        symbolSize: 6,
        lineStyle: { width: change ? 2.5 : 1, type: change < 0 ? "dashed" : "solid" },
        itemStyle: { color: change > 0 ? GAIN : change < 0 ? LOSS : STILL },
        data: [
          { value: each.before!.rank, label: label("left", each.before!.rank!) },
          { value: each.after!.rank, label: label("right", each.after!.rank!) },
        ],
      }
    }),
  }
}

function told(each: SimulatedMove | undefined): string {
  return each ? `${each.name}\n${each.before?.rank} → ${each.after?.rank}` : ""
}

/** Shares of units with full marks, the highest at the top; from `ceiling` on they are dark. */
export function ceilings(indicators: readonly IndicatorDiagnostics[], name: string, ceiling = 0.8): EChartsCoreOption {
  return {
    ...across(indicators),
    xAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%", hideOverlap: true }, position: "top" },
    series: [
      {
        name,
        type: "bar",
        barMaxWidth: 14,
        data: indicators.map((each) => ({ value: percent(each.full_marks_share), itemStyle: { color: place(each.full_marks_share) >= ceiling ? DARK : LIGHT } })),
        markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: LOSS, type: "dashed" }, data: [{ xAxis: ceiling * 100 }] },
      },
    ],
  }
}

/** What each indicator is to weigh beside what it weighs in telling units apart. */
export function weights(indicators: readonly IndicatorDiagnostics[], nominal: string, effective: string): EChartsCoreOption {
  return {
    ...across(indicators),
    legend: { top: 0, data: [nominal, effective] },
    grid: { left: 8, right: 24, top: 52, bottom: 8, containLabel: true },
    xAxis: { type: "value", axisLabel: { formatter: "{value}%", hideOverlap: true }, position: "top" },
    series: [
      { name: nominal, type: "bar", barMaxWidth: 8, itemStyle: { color: STILL }, data: indicators.map((each) => percent(each.weight)) },
      { name: effective, type: "bar", barMaxWidth: 8, itemStyle: { color: DARK }, data: indicators.map((each) => percent(each.effective_weight)) },
    ],
  }
}

/** How lenient scorers are: to the right of the line above the others, to its left below them. */
export function leniencies(of: readonly ScorerDiagnostics[], names: (scorer: ScorerDiagnostics) => string, name: string): EChartsCoreOption {
  return {
    grid: { left: 8, right: 24, top: 26, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "value", position: "top", axisLabel: { hideOverlap: true } },
    yAxis: { type: "category", inverse: true, data: of.map((each) => short(names(each))), axisLabel: { interval: 0 }, axisLine: { onZero: false } },
    series: [{ name, type: "bar", barMaxWidth: 12, data: of.map((each) => ({ value: place(each.leniency), itemStyle: { color: place(each.leniency) < 0 ? LOSS : GAIN } })) }],
  }
}

function percent(share: string | null): number | null {
  return share === null ? null : Math.round(place(share) * 1000) / 10
}
function across(indicators: readonly IndicatorDiagnostics[]): EChartsCoreOption {
  return {
    grid: { left: 8, right: 24, top: 26, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    yAxis: { type: "category", inverse: true, data: indicators.map((each) => short(each.name)), axisLabel: { interval: 0 } },
  }
}
