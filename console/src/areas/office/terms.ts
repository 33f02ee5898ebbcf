// Words for the codes that the office's pages show beside those of `@/words/terms`.
import { language } from "@/language"
import { type Term, vocabulariesOf } from "@/words/vocabulary"


const vocabularies = {
  dutyLight: {
    none: ["正常", "on time", "plain"],
    warning: ["预警", "warning", "warn"],
    yellow_card: ["黄牌", "yellow card", "warn"],
    red_card: ["红牌", "red card", "bad"],
  },
  progressLight: {
    green: ["绿灯", "green", "good"],
    yellow: ["黄灯", "yellow", "warn"],
    red: ["红灯", "red", "bad"],
  },
  keptAlone: {
    "not-assessed": ["该单位不参评", "the unit is not assessed"],
    "not-taken": ["所定指标不收此类事件", "its indicator takes no such event"],
    "period-closed": ["该期间已关账", "its period is closed"],
    "zero-report-contradicted": ["与零报告矛盾", "a zero report says otherwise"],
    "not-applicable": ["该指标不适用于该单位", "the indicator does not apply to the unit"],
  },
  deadline: {
    date: ["", ""],
    opens: ["开始", "opens"],
    closes: ["结束", "ends"],
    due: ["截止", "due"],
  },
  level: {
    national: ["国家级", "national"],
    provincial: ["省级", "provincial"],
    provincial_department: ["省直部门", "department of the province"],
    municipal: ["市级", "municipal"],
    city: ["市级", "municipal"],
    special_grade: ["特等", "special grade"],
    county: ["县级", "county"],
  },
  // What schemes write in entries; a word that is none of these is shown as the scheme writes it.
  said: {
    on_time: ["按期完成", "on time"],
    late_within_30d: ["逾期30日内完成", "within 30 days late"],
    late_over_30d: ["逾期30日以上完成", "over 30 days late"],
    not_done: ["未完成", "not done"],
    actual: ["实际值", "actual"],
    value: ["数值", "value"],
    level: ["总量", "level"],
    growth: ["增速", "growth"],
    count: ["数量", "count"],
    pct: ["百分比", "percentage"],
    share_pct: ["占比", "share"],
    completion_pct: ["完成率", "completion"],
    enlistment_task_pct: ["征兵任务完成率", "enlistment task"],
    rank_pct_in_system: ["系统内排名比例", "rank within the system"],
    audit_score_0_100: ["审计评分", "audit score"],
    review_score_0_100: ["评审得分", "review score"],
    zero_report: ["零报告", "zero report"],
    yellow_card: ["黄牌", "yellow card"],
    red_card: ["红牌", "red card"],
    overdue: ["逾期", "overdue"],
    late_return: ["迟反馈", "late return"],
    no_feedback: ["未反馈", "no feedback"],
    returned_for_rework: ["退回重办", "returned for rework"],
    rework: ["重办", "rework"],
    reply_overdue: ["答复逾期", "reply overdue"],
    rectification_overdue: ["整改逾期", "rectification overdue"],
    warning_letter: ["提醒函", "warning letter"],
    complaint_upheld: ["投诉属实", "complaint upheld"],
    repeat_complaint: ["重复投诉", "repeated complaint"],
    petition_to_province: ["赴省上访", "petition to the province"],
    group_incident: ["群体性事件", "group incident"],
    case_filed: ["立案", "case filed"],
    discipline_case: ["违纪案件", "discipline case"],
    crime_case: ["刑事案件", "crime case"],
    death: ["死亡", "death"],
    larger_accident: ["较大事故", "larger accident"],
    superior_loss: ["上级考核失分", "points lost with the superior"],
    score_overturned_on_appeal: ["评分经申诉改正", "score overturned on appeal"],
    score_without_detail: ["评分无明细", "score without detail"],
  },
  holder: {
    unit: ["本单位", "the unit"],
    subordinate: ["下属单位", "a body below it"],
    person: ["个人", "a person"],
  },
  likeness: {
    same_document: ["同一文件", "the same document", "warn"],
    same_number: ["文号相同而日期不同", "the same number, another date", "calm"],
    same_authority_and_date: ["机关与日期相同", "the same authority and day", "calm"],
  },
  award: {
    sole: ["独有", "its own alone"],
    joint: ["共同获奖", "the award of several"],
    another_award: ["同一文件的另一奖项", "another one in the same document"],
    same: ["同一奖项，只计一次", "the same, which counts once"],
    listed: ["文件名单列名，各自计入", "named in the document's list"],
    as_filed: ["按共同申报内容", "as the units propose"],
  },
  duplicate: {
    same_subject: ["内容相同", "about the same"],
    same_document: ["文件相同", "the same document"],
  },
  decision: {
    accepted: ["计入", "it counts", "good"],
    accepted_carried_over: ["上年度文件，顺延计入", "it counts, carried over from the year before", "good"],
    accepted_capped: ["计入，超过上限的部分不计", "it counts, up to the cap", "good"],
    accepted_in_part: ["按比例核减后计入", "it counts, cut in the same part as others", "good"],
    accepted_against_proposal: ["作出与规则建议不同的决定，计入", "it counts against the rules", "good"],
    accepted_by_correction: ["按封存后更正的分值计入", "it counts as a correction says", "good"],
    carried_to_next_year: ["文件晚到，顺延至下一年度", "it carries over to the next year", "warn"],
    superseded_same_event: ["同一事件已取更高的一项", "another on the same event counts", "warn"],
    unconfirmed: ["尚未认定，不计", "nobody has confirmed it", "plain"],
    withdrawn: ["已撤回", "withdrawn", "plain"],
    rejected_by_confirmer: ["认定时驳回", "rejected by who decided", "bad"],
    rejected_by_correction: ["按封存后更正不再计入", "by a correction it counts no longer", "bad"],
    rejected_not_in_the_total: ["总分不含该类加减分", "the total has no such part", "bad"],
    rejected_no_document: ["没有文件", "it has no document", "bad"],
    rejected_holder_mismatch: ["受表彰的不是本单位", "the document names another holder", "bad"],
    rejected_authority: ["机关不在所列之内", "the authority is none of those listed", "bad"],
    rejected_unknown_rule: ["方案没有所适用的规则", "the scheme has no such rule", "bad"],
    rejected_unknown_place: ["名次或等次不在规则所列之内", "its rules list no such place", "bad"],
    rejected_over_limit: ["超过该规则可计的项数", "as many by its rule count already", "bad"],
    rejected_conditions_not_met: ["不符合规则对其他单位的要求", "what its rule asks of others is not met", "bad"],
    rejected_not_linked_to_indicator: ["没有关联到本单位的指标", "it is linked to no indicator of the unit", "bad"],
    rejected_scored_already: ["所涉文件或事项已在指标中计分", "an indicator scores it already", "bad"],
    rejected_out_of_window: ["不在计入的期间", "it is outside the window", "bad"],
    rejected_counted_before: ["以前年度已经计算", "it counted in an earlier year", "bad"],
    rejected_same_award: ["同一奖项已在其他申报中计算", "the same award counts in another claim", "bad"],
  },
  veto: {
    reported: ["已报送，待确认", "reported", "calm"],
    confirmed: ["已确认", "confirmed", "bad"],
    refused: ["不予确认", "refused", "plain"],
    lifting: ["申请解除，待确认", "to be lifted", "calm"],
    lifted: ["已解除", "lifted", "plain"],
  },
  ranking: {
    ranked: ["已排名", "ranked"],
    merged: ["已汇总", "merged"],
    reviewed: ["已审核", "reviewed"],
    in_approval: ["审批中", "in approval"],
    approved: ["已审定", "approved"],
    embargoed: ["待公开", "waiting for its instant"],
    published: ["已公布", "published"],
  },
} satisfies Record<string, Record<string, Term>>

export const { word, tag: mark, codes } = vocabulariesOf(vocabularies)

/** Several names one after the other. */
export function several(names: readonly (string | null | undefined)[]): string {
  return names.filter(Boolean).join(language.value === "zh" ? "、" : ", ") || "—"
}

/** A period (`2025`, `2025H1`, `2025Q3`, `2025-07`) as people say it. */
export function period(code: string): string {
  const [, year, kind, part] = /^(\d{4})(?:-?(H|Q)?(\d{1,2}))?$/.exec(code) ?? []
  if (!year) return code
  if (!part) return language.value === "zh" ? `${year}年` : year
  if (language.value !== "zh") return kind ? `${kind}${part} ${year}` : `${year}-${part}`
  if (kind === "H") return `${year}年${part === "1" ? "上" : "下"}半年`
  return kind === "Q" ? `${year}年第${part}季度` : `${year}年${Number(part)}月`
}
