// Words for what schemes call keys, statuses and grades: those of the methods themselves, and those that
// regulations use. A scheme's own codes have no other name, and are shown as they are.
import type { Choice } from "./form"
import { language } from "@/language"

const NAMES: Record<string, readonly [zh: string, en: string]> = {
  actual: ["实际值", "actual value"],
  value: ["数值", "value"],
  level: ["总量", "level"],
  growth: ["增速", "growth"],
  ratio: ["比率", "ratio"],
  count: ["件数", "pieces"],
  volume: ["数量", "volume"],
  mark: ["评分", "mark"],
  score: ["得分", "score"],
  rank: ["名次", "rank"],
  grade: ["等级", "grade"],
  rank_pct: ["名次百分位", "rank as a percentage"],
  superior_loss: ["上级扣分", "loss in the superior's assessment"],
  target: ["目标值", "target"],
  baseline: ["基数", "baseline"],
  pledge: ["自报数", "pledge"],
  q1: ["第一季度", "first quarter"],
  q2: ["第二季度", "second quarter"],
  q3: ["第三季度", "third quarter"],
  q4: ["第四季度", "fourth quarter"],
  zero_report: ["零报告", "nothing happened"],
  dont_know: ["不了解", "does not know"],
  on_time: ["按期完成", "on time"],
  late: ["逾期完成", "late"],
  late_within_30d: ["逾期30日内完成", "late by up to 30 days"],
  late_over_30d: ["逾期超过30日完成", "late by more than 30 days"],
  not_done: ["未完成", "not done"],
  completion_pct: ["完成率（%）", "completion (%)"],
  enlistment_task_pct: ["征兵任务完成率（%）", "enlistment completed (%)"],
  review_score_0_100: ["考核得分（百分制）", "review score of 100"],
  audit_score_0_100: ["审计得分（百分制）", "audit score of 100"],
  rank_pct_in_system: ["系统内名次百分位", "rank in the system as a percentage"],
  share_pct: ["占比（%）", "share (%)"],
  pct: ["百分比（%）", "percentage"],
  case_filed: ["立案", "case filed"],
  complaint_upheld: ["投诉属实", "complaint upheld"],
  crime_case: ["刑事案件", "criminal case"],
  death: ["死亡", "death"],
  larger_accident: ["较大事故", "larger accident"],
  discipline_case: ["违纪案件", "disciplinary case"],
  group_incident: ["群体性事件", "group incident"],
  late_return: ["逾期反馈", "late return"],
  no_feedback: ["未反馈", "no feedback"],
  overdue: ["逾期", "overdue"],
  petition_to_province: ["赴省上访", "petition to the province"],
  rectification_overdue: ["整改逾期", "rectification overdue"],
  red_card: ["红牌", "red card"],
  yellow_card: ["黄牌", "yellow card"],
  repeat_complaint: ["重复投诉", "repeated complaint"],
  reply_overdue: ["答复逾期", "reply overdue"],
  returned_for_rework: ["退回重办", "returned for rework"],
  rework: ["返工", "rework"],
  score_overturned_on_appeal: ["申诉后改分", "score overturned on appeal"],
  score_without_detail: ["评分无明细", "score without detail"],
  warning_letter: ["提醒函", "warning letter"],
  excellent: ["优秀", "excellent"],
  good: ["良好", "good"],
  qualified: ["合格", "qualified"],
  unqualified: ["不合格", "unqualified"],
}

/** What a key, status or grade of a scheme is called. */
export function nameOfCode(choice: Choice): string {
  const [zh, en] = choice.zh === choice.code ? (NAMES[choice.code] ?? [choice.zh, choice.en]) : [choice.zh, choice.en]
  return language.value === "zh" ? zh : en
}

/** The same of a code by itself; numbers of items stay numbers. */
export function codeName(code: string | null | undefined): string {
  return code ? nameOfCode({ code, zh: code, en: code }) : ""
}

/** A period in words: 2025, 2025H1, 2025Q3, 2025-07. */
export function periodName(period: string | null | undefined): string {
  if (!period) return "—"
  const [, year, half, quarter, month] = /^(\d{4})(?:H([12])|Q([1-4])|-(\d{2}))?$/.exec(period) ?? []
  if (!year) return period
  const zh = language.value === "zh"
  if (half) return zh ? `${year}年${half === "1" ? "上" : "下"}半年` : `half-year ${half} of ${year}`
  if (quarter) return zh ? `${year}年第${"一二三四"[Number(quarter) - 1]}季度` : `quarter ${quarter} of ${year}`
  if (month) return zh ? `${year}年${Number(month)}月` : new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${year}-${month}-01T00:00:00Z`))
  return zh ? `${year}年` : year
}
