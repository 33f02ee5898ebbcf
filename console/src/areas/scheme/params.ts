// The parameters of scoring methods, and fields of an indicator, in words; and the words of their choices.
import { language } from "@/language"

type Both = readonly [zh: string, en: string]

const NAMES: Record<string, Both> = {
  direction: ["优劣方向", "Better is"], cap_ratio: ["上限比例", "Cap, as a ratio"], floor_ratio: ["下限比例", "Floor, as a ratio"],
  over_target: ["超额加分", "Addition over the target"], per_pct_points: ["每超过百分之", "For each percent of"], points: ["分值", "Points"],
  max_points: ["加分上限", "At most, points"], when_target_zero: ["目标值为零时", "Where the target is zero"],
  no_over_target_when_lowered: ["目标被调低的不计超额分", "Nothing over a lowered target"], step: ["每档差值", "Step"],
  points_per_step: ["每档分值", "Points a step"], step_mode: ["不足一档", "A begun step"], composite: ["综合指标", "Composite"],
  inputs: ["输入项", "Inputs"], formula: ["公式", "Formula"], input: ["录入项名称", "Name of the value"], tiers: ["分档", "Tiers"],
  min: ["不低于", "At least"], max: ["不高于", "At most"], else_points: ["其余得分", "Points for all others"], compare: ["比较所用数值", "Compared as"],
  places: ["小数位数", "Decimal places"], interpolate: ["档间插值", "Interpolated"], threshold: ["达标标准", "Threshold"],
  base_ratio: ["基础比例", "Base, as a ratio"], step_pct: ["每档百分比", "Step, in percent"], below_base: ["低于基数时", "Below the baseline"],
  bonus_coef: ["超标准加分系数", "Bonus coefficient"], deduct_coef: ["超自报数扣分系数", "Deduction coefficient"], step_ratio: ["每名递减比例", "Less by each place, ratio"],
  table: ["名次得分表", "Points by place"], from: ["来源", "From"], rank_by: ["排名方向", "Ranked by"], tie: ["并列", "Ties"],
  allow_below_zero: ["可为负分", "May be below zero"], minimum_volume: ["参加排名的最低数量", "Least volume to be ranked"], period: ["分期", "Period"],
  period_combine: ["各期合并", "Periods combined by"], bounds: ["上下限", "Bounds"], low: ["下限", "Lowest"], high: ["上限", "Highest"],
  clamp: ["越界按界限计", "Held within the bounds"], log: ["取对数", "Logarithmic"], centre: ["中心分", "Centre"], spread: ["每个标准差分值", "A deviation is worth"],
  scale: ["满分刻度", "Out of"], deviation: ["标准差", "Deviation"], ties: ["并列", "Ties"], reference: ["参照值", "Reference"],
  bonus_per_step: ["每档加分", "Bonus a step"], full_share: ["满分份额", "Share for all points"], status_ratio: ["状态折算", "What statuses are worth"],
  nodes: ["节点", "Nodes"], item: ["分项", "Item"], name: ["名称", "Name"], due: ["期限", "Due"], weight: ["权重", "Weight"],
  season: ["评定时段", "Season"], opens: ["起始日期", "From"], closes: ["截止日期", "Until"], evidence: ["须有佐证", "With evidence"],
  ordered: ["按次序", "In this order"], by_day: ["按日期判定", "By the day"], on_time: ["按时", "On time"], late: ["逾期", "Late"],
  full_at: ["满分件数", "Pieces for all points"], per_item: ["每件得分", "Points a piece"], extra_per_item: ["超额每件得分", "A further piece"],
  extra_cap: ["超额得分上限", "Further points, at most"], distinct: ["去重计件", "Distinct pieces"], when_shared: ["多单位同一件", "A shared piece"],
  per_event: ["每件分值", "Points an event"], floor: ["得分下限", "Floor"], escalate: ["达到次数即得零分", "Zero after so many times"], by: ["日期依据", "By the day of"],
  base: ["基础分", "Base"], cap: ["上限", "Cap"], items: ["分项数", "Items"], item_cap_ratio: ["每项上限比例", "Cap of an item, ratio"],
  panel_size: ["评委人数", "Size of the panel"], trim: ["去掉最高、最低各", "Left out at either end"], exclude_own_unit: ["剔除本单位打分", "Own unit's mark left out"],
  comment_at_extremes: ["极端分须说明", "Extremes need a note"], min_marks: ["最少评分数", "Least number of marks"], panel: ["评委组", "Panel"],
  rubric: ["评分标准", "Rubric"], text: ["说明", "Text"], only_steps: ["只打所列分值", "Steps of the rubric only"], distinct_marks: ["评分不得雷同", "No equal marks"],
  grades: ["等级折算", "Ratios by grade"], at_most: ["强制分布", "At most, by grade"], rounding: ["舍入", "Rounding"], survey: ["调查", "Survey"],
  multiplier: ["倍数", "Multiplier"], excess_to: ["超出部分", "What exceeds"], share: ["分担份额", "Share"], otherwise: ["未扣分时", "Without a loss"],
  kind: ["种类", "Kind"], system: ["外部系统", "Other system"], components: ["分项计分", "Components"], key: ["录入项", "Key"], method: ["计分办法", "Method"],
  params: ["参数", "Parameters"], periods: ["各期", "Periods"], weights: ["权重", "Weights"], component: ["每期办法", "Method of a period"],
  result: ["结果为", "Result in"], gate: ["门槛", "Gate"], value: ["数值", "Value"], indicator: ["引用指标", "Of the indicator"],
  carry_over: ["顺延计入", "Carried over"],
}

const FIELDS: Record<string, Both> = {
  name: ["名称", "Name"], name_en: ["英文名称", "English name"], points: ["分值", "Points"], method: ["计分办法", "Method"],
  data_source_unit: ["数据采集责任单位", "Data source unit"], frequency: ["频次", "Frequency"], reviewed_by: ["初审单位", "Reviewed by"], measure: ["计量单位", "Measure"],
  allow_exceed: ["可超过分值", "May exceed its points"], may_be_not_applicable: ["可申报不适用", "May be not applicable"], redistribute_to: ["分值转移至", "Points go to"],
  external_result: ["外部系统结果", "External result"], veto_link: ["关联一票否决", "Veto"], clause: ["条款", "Clause"], missing: ["缺项处理", "Missing data"],
  precision: ["小数位数", "Decimal places"], per_unit_params: ["分单位参数", "Parameters by unit"], period_params: ["分时段参数", "Parameters by period"],
  must_differentiate: ["不得同分", "No equal scores"], tags: ["标签", "Tags"], compare_within: ["比较范围", "Compared within"], matter: ["同一事项", "Matter"],
  succeeds: ["承接以前年度指标", "Goes on from"], aggregate: ["以前年度数值合并", "Earlier values put together"], evidence_for: ["须有佐证", "Evidence for"],
  progress_plan: ["进度计划", "Progress plan"], combine: ["分期数值合并", "Values combined"], combine_requires: ["各期齐全", "All periods wanted"],
  findings_by: ["检查发现单位", "Findings by"], window: ["计入日期", "Days that count"],
}

const CHOICES: Record<string, Record<string, Both>> = {
  direction: { higher: ["越高越好", "higher"], lower: ["越低越好", "lower"] },
  rank_by: { higher: ["由高到低", "higher first"], lower: ["由低到高", "lower first"] },
  when_target_zero: { refuse: ["不计分，待处理", "left open"], full: ["得满分", "all points"], zero: ["不得分", "no points"] },
  step_mode: { proportional: ["按比例计", "counts its part"], whole_up: ["进一档", "counts as a whole one"], whole_down: ["不计", "does not count"] },
  compare: { raw: ["原值", "as measured"], rounded: ["舍入值", "rounded"] },
  below_base: { proportional: ["按比例", "in proportion"], symmetric: ["按同样步长扣分", "by the same steps down"] },
  from: { top: ["从最好者起", "the best"], bottom: ["从最差者起", "the worst"], measured: ["实测值", "measured"], target: ["目标值", "target"], baseline: ["基数", "baseline"], pledge: ["自报数", "pledge"], constant: ["常数", "constant"], score: ["得分", "score"], rank: ["名次", "rank"] },
  tie: { same_rank_skip: ["同名次，其后空位", "same rank, next skipped"], dense: ["同名次，其后顺延", "same rank, none skipped"], average: ["取平均名次", "mean of the ranks"], forbidden: ["不得并列", "not allowed"] },
  ties: { low: ["不计", "count not at all"], half: ["各计一半", "count by half"], high: ["全计", "count wholly"] },
  period: { month: ["月", "month"], quarter: ["季度", "quarter"], half_year: ["半年", "half year"] },
  period_combine: { mean: ["平均", "mean"], last: ["以最后一期为准", "the last one"] },
  bounds: { group_min_max: ["组内最低、最高", "lowest and highest of the group"], group: ["组内最低、最高", "lowest and highest of the group"], fixed: ["方案规定", "set here"], goalposts: ["方案规定", "set here"] },
  deviation: { population: ["总体标准差", "of a population"], sample: ["样本标准差", "of a sample"] },
  reference: { mean: ["组内平均值", "mean of the group"], median: ["组内中位数", "median of the group"], best: ["组内最优值", "best of the group"], baseline: ["本单位基数", "the unit's baseline"] },
  when_shared: { refuse: ["不计分，待认定", "left open"], share: ["平分", "equal parts"], each: ["各计一件", "all of it each"] },
  by: { occurred: ["发生日期", "happening"], discovered: ["发现日期", "discovery"] },
  rounding: { floor: ["舍去", "down"], half_up: ["四舍五入", "half up"], ceiling: ["进一", "up"] },
  excess_to: { deductions: ["转入减分", "becomes a deduction"], dropped: ["不计", "is dropped"] },
  kind: { score: ["分数", "score"], grade: ["等级", "grade"], rank_pct: ["名次百分比", "rank in percent"], arithmetic: ["算术平均", "arithmetic mean"], geometric: ["几何平均", "geometric mean"], harmonic: ["调和平均", "harmonic mean"] },
  result: { points: ["分", "points"], ratio: ["分值的比例", "a ratio of the points"] },
  late: { missing: ["按缺项处理", "counts as missing"], last_year: ["沿用上年结果", "last year's stands in"], carry_over: ["顺延计入下一年度", "counts in the next year"] },
  frequency: { monthly: ["每月", "monthly"], quarterly: ["每季度", "quarterly"], half_yearly: ["每半年", "half-yearly"], twice_a_year: ["一年两次", "twice a year"], yearly: ["每年", "yearly"], per_event: ["逐次", "per event"] },
  missing: { refuse: ["不计分，待补", "no score"], zero: ["计零分", "zero"], skip: ["不计该项，分值归同级", "left out, points shared"], category_mean: ["取类别平均", "mean of the category"], subcategory_mean: ["取子类别平均", "mean of the sub-category"], carry_over: ["沿用上期", "the period before stands in"] },
  compare_within: { category: ["类别", "category"], subcategory: ["子类别", "sub-category"] },
  combine: { last: ["最后一期", "the last"], sum: ["合计", "sum"], mean: ["平均", "mean"] },
  aggregate: { none: ["不合并", "none"], sum: ["求和", "sum"], mean: ["按份额求平均", "mean by share"] },
  items: { unit_defined: ["由单位设定", "set by each unit"] },
  combine_requires: { all: ["各期齐全", "all wanted"] },
}

// Which of the choices of a name one method has, where others have more.
const ONLY: Record<string, Record<string, string[]>> = {
  from: { rank_points: ["top", "bottom"] },
  period_combine: { rank_points: ["mean"] },
  bounds: { efficacy_linear: ["group_min_max", "fixed"], efficacy_exp: ["group_min_max", "fixed"], min_max: ["goalposts", "group"] },
  kind: { external_result: ["score", "grade", "rank_pct"], mean_children: ["arithmetic", "geometric", "harmonic"] },
}

const at = () => (language.value === "zh" ? 0 : 1)

/** The word for a parameter; its own name where it has none, such as the name of an event. */
export function paramName(name: string): string {
  return NAMES[name]?.[at()] ?? name
}

/** The word for a field of an indicator, or for one of its parameters (`params/step`). */
export function fieldName(path: string): string {
  const [first = "", ...rest] = path.split("/")
  if (first === "params" && rest.length) return rest.map(paramName).join(" / ")
  return FIELDS[first]?.[at()] ?? paramName(first)
}

/** The words that a parameter may have, as far as they are known here. */
export function choicesOf(name: string, method: string, now: unknown): string[] | null {
  const known = CHOICES[name]
  if (!known || typeof now !== "string" || !(now in known)) return null
  return ONLY[name]?.[method] ?? Object.keys(known).filter((each) => name !== "from" || !["top", "bottom"].includes(each))
}

/** The word for one of them, the text itself where there is none. */
export function choiceName(name: string, value: string): string {
  return CHOICES[name]?.[value]?.[at()] ?? value
}
