// The scoring methods (计分办法) in words: their names, and the rule of each in a sentence.
import { language } from "@/language"

type Both = readonly [zh: string, en: string]

const METHODS: Record<string, readonly [name: Both, rule: Both]> = {
  ratio_to_target: [["完成率", "ratio to target"], ["按完成值与目标值的比例计分，可设上限、下限和超额加分；越低越好的，取倒数。", "Points by the ratio of the value to the target, within a cap and a floor, with an addition over the target where one is set; turned round where lower is better."]],
  stepped_deduction: [["差值计分", "stepped deduction"], ["与目标值每差一档扣规定分，扣完为止；不足一档的，按规定比例计、进一档或不计。", "Each step short of the target costs points, down to zero; a begun step counts its part, wholly or not at all, as set."]],
  tiers: [["分档计分", "tiers"], ["按数值所在档次得分，界限含本数；各档都不到的，得其余情形的分值。", "The points of the first tier that the value reaches, its bound included; else those for all others."]],
  all_or_nothing: [["达标制", "all or nothing"], ["达到标准得满分，否则不得分；比较前不舍入。", "All points from the threshold on, otherwise none; the value is not rounded before."]],
  baseline_growth: [["基数增长", "growth over a baseline"], ["达到基数得基础分，每增长一定百分比加分，封顶；低于基数的，按规定扣减。", "The baseline earns the base; each step of growth adds points up to a cap, and less than the baseline costs some."]],
  pledge: [["自报数", "pledge"], ["超过标准值的加分，超过自报数的部分扣分，使低报无利可图。", "What is over the target adds, what is over one's own pledge costs, so that pledging too little does not pay."]],
  rank_points: [["排位赋分", "points by rank"], ["组内第一名得满分，每低一名按规定递减，或按名次表得分。", "The first has all points and each place lower costs some; or each place has its points in a table."]],
  relative_to_best: [["与最好者相比", "relative to the best"], ["数值除以组内最优值，乘以分值。", "Points times the value over the best value of the group."]],
  efficacy_linear: [["功效系数法（线性）", "efficacy coefficient, linear"], ["下限得基础分，上限得满分，其间按直线计算。", "From the base at the worse bound to all points at the better one, in a line."]],
  efficacy_exp: [["功效系数法（指数）", "efficacy coefficient, exponential"], ["下限得基础分，上限得满分，其间按指数计算。", "From the base at the worse bound to all points at the better one, along an exponential."]],
  min_max: [["极差标准化", "min–max"], ["按数值在上下限之间的位置计分，可取对数。", "Points by where the value lies between two bounds, of its logarithm where so set."]],
  z_score: [["标准分", "standard score"], ["按数值与组内平均值相差几个标准差计分。", "Points by how many standard deviations the value is from the mean of the group."]],
  percentile_rank: [["百分位", "percentile rank"], ["按比本单位差的单位所占比例计分。", "Points by the share of the other units that are worse."]],
  steps_from: [["参照差值计分", "steps from a reference"], ["以参照值为准，每差一档扣分、扣完为止，每优一档加分、封顶。", "From a reference, each step on the worse side costs points down to zero, and one on the better side adds some up to a cap."]],
  share_of_sum: [["份额计分", "share of the sum"], ["本单位数值占各单位合计的份额与满分份额相比，封顶。", "The unit's share of the sum over the share that earns all points, up to a cap."]],
  milestone: [["节点", "milestones"], ["各节点按其状态折算后平均或加权。", "The mean, or the weighted sum, of what the statuses of the nodes are worth."]],
  count_points: [["按件计分", "points by piece"], ["每件得规定分，满额后另计超额分并封顶。", "Points a piece until all are earned; further pieces add some, up to a cap."]],
  deduct_events: [["扣分制", "deduction by event"], ["从满分起，每件事件扣规定分，扣到下限为止。", "From all points, each event costs what is set, down to the floor."]],
  base_plus_minus: [["基础加扣", "base, plus and minus"], ["从基础分起，每件事件加分或扣分，有上下限。", "From the base, each event adds or costs points, within bounds."]],
  items_weighted: [["分项加权", "mean of items"], ["各分项完成率封顶后取平均；某项超额不能弥补另一项。", "The mean completion of the items, each capped: one over its target does not make up for another."]],
  qualitative_panel: [["定性评分", "marks of a panel"], ["评委打分去掉若干最高、最低分后取平均。", "The mean mark of the panel without the highest and lowest."]],
  grade_map: [["等级折算", "points by grade"], ["按评定等级对应的比例得分。", "The share of the points that the awarded grade is worth."]],
  survey_score: [["满意度计分", "satisfaction"], ["按调查所得满意度计分，不录台账。", "Points by the satisfaction that the survey found; nothing is entered."]],
  inherit_superior: [["沿用上级扣分", "loss at the superior"], ["上级考核扣分换算、加倍后扣分。", "What the superior took off, on our scale and multiplied, is taken off here."]],
  external_result: [["系统考评结果", "result of another system"], ["按其他系统考评的分数、等级或名次折算。", "Points by the score, grade or rank that another system gave."]],
  superior_rank: [["上级排名计分", "rank in the superior's list"], ["按上级公布的名次计分。", "Points by the place in the superior's list."]],
  blend: [["水平与增幅结合", "blend"], ["各分项按各自办法计分后加权。", "The weighted sum of components, each scored by a method of its own."]],
  periodic_weighted: [["分期计分", "by period"], ["各期分别计分后加权。", "The weighted sum of what each period is worth."]],
  expression: [["公式计分", "formula"], ["按方案自定的公式计分；门槛不成立的，不得分。", "What the scheme's own formula gives; nothing where its gate does not hold."]],
  sum_children: [["下级指标求和", "sum of sub-indicators"], ["下级指标得分之和。", "The sum of the scores of its sub-indicators."]],
  mean_children: [["合成指数", "mean of sub-indicators"], ["下级指标得分率的平均数，乘以分值。", "Points times the mean of what share of its points each sub-indicator has."]],
}

/** The names of all methods, as the headings of docs/methods.md have them. */
export const METHOD_NAMES: Record<string, Both> = Object.fromEntries(Object.entries(METHODS).map(([code, [name]]) => [code, name]))

/** The name of a scoring method. */
export function methodName(code: string): string {
  return METHODS[code]?.[0][language.value === "zh" ? 0 : 1] ?? code
}

/** What it does, in a sentence. */
export function methodRule(code: string): string {
  return METHODS[code]?.[1][language.value === "zh" ? 0 : 1] ?? ""
}
