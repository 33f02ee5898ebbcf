// Words for the codes of rankings, their approval, corrections and consequences.
import type {
  Consequence, Ranking, SealedCorrection,
} from "kaoping-client"
import { language } from "@/language"
import type { Tone } from "@/parts/Tag.vue"
import { type Terms, type TermsOf, vocabulariesOf } from "@/words/vocabulary"


const all = {
  rankingState: {
    ranked: ["已排名", "ranked", "plain"],
    merged: ["已汇总", "merged", "calm"],
    reviewed: ["已审核", "reviewed", "calm"],
    in_approval: ["审批中", "in approval", "calm"],
    approved: ["已审定", "approved", "good"],
    embargoed: ["待公开", "embargoed", "warn"],
    published: ["已公布", "published", "good"],
  },
  sheetPhase: { computed: ["未反馈", "not fed back", "warn"], fed_back: ["已反馈", "fed back", "good"] },
  step: {
    ranked: ["排名", "ranking"],
    merge: ["汇总", "merge"],
    review: ["审核", "review"],
    decision: ["审定", "decision"],
    publication: ["公布", "publication"],
    signature: ["签署", "signature"],
  },
  share: { over_half: ["过半数", "more than half"], two_thirds: ["三分之二以上", "two thirds or more"], all: ["全体", "all"] },
  word: { approved: ["同意", "approved", "good"], sent_back: ["退回", "sent back", "bad"], entered: ["会议记录首次录入", "minutes entered once", "warn"] },
  grade: {
    excellent: ["优秀", "excellent", "good"],
    good: ["良好", "good", "calm"],
    qualified: ["合格", "qualified", "plain"],
    unqualified: ["不合格", "unqualified", "bad"],
  },
  noticeState: { running: ["公示中", "running", "calm"], ended: ["公示期满", "ended", "good"], replaced: ["已被新的公示取代", "replaced", "plain"] },
  noticeShows: {
    grades: ["等次名单", "grades"],
    grades_and_ranks: ["等次和名次", "grades and ranks"],
    grades_ranks_and_totals: ["等次、名次和总分", "grades, ranks and totals"],
  },
  outcome: { upheld: ["成立", "upheld", "warn"], rejected: ["不成立", "rejected", "plain"] },
  correctionState: {
    proposed: ["待决定", "waits for a decision", "warn"],
    approved: ["已批准", "approved", "good"],
    refused: ["未批准", "refused", "bad"],
    withdrawn: ["已撤回", "withdrawn", "plain"],
  },
  origin: { court: ["法院", "court"], audit: ["审计", "audit"], superior: ["上级", "superior"], objection: ["异议", "objection"] },
  what: { replaces: ["替换", "replaces"], removes: ["不再计入", "removes"], adds: ["补录", "adds"] },
  keptAlone: {
    "not-assessed": ["录入单位不参评，不另行计分", "who entered it is not assessed and not charged"],
    "not-taken": ["录入单位不按该指标评估，不另行计分", "who entered it is not assessed by the indicator and not charged"],
    "no-scorer": ["由本单位或绩效办录入，不另行计分", "the unit itself or the office entered it; nobody is charged"],
  },
  correctedKind: {
    measured_value: ["实测值", "measured value"],
    event: ["事件", "event"],
    milestone: ["节点状态", "milestone"],
    grade: ["评定等级", "grade"],
    panel_mark: ["评委打分", "panel mark"],
    superior_rank: ["上级排名", "superior rank"],
    external_result: ["外部系统结果", "external result"],
    reversal: ["冲销", "reversal"],
    not_applicable: ["不适用申报", "not applicable"],
    progress_report: ["进展情况", "progress report"],
    inspection_finding: ["检查发现", "inspection finding"],
    claim: ["加减分申报", "claim"],
    target: ["目标值", "target"],
    baseline: ["基数", "baseline"],
    pledge: ["自报数", "pledge"],
    satisfaction: ["调查结果", "survey result"],
  },
  consequenceState: {
    proposed: ["待决定", "proposed", "warn"],
    heard: ["已听取意见，待决定", "heard", "warn"],
    refused: ["未予采纳", "refused", "bad"],
    decided: ["已决定", "decided", "good"],
    carried_out: ["已执行", "carried out", "good"],
    revoking: ["待决定撤销", "to be revoked", "warn"],
    revoked: ["已撤销", "revoked", "plain"],
  },
  consequence: {
    commendation: ["表彰", "commendation"],
    fault_notice: ["告诫书", "fault notice"],
    public_criticism: ["通报批评", "public criticism"],
    admonition_talk: ["诫勉谈话", "admonition talk"],
    rectification_report: ["整改报告", "rectification report"],
    award_ban: ["取消评先评优资格", "ban on awards"],
    title: ["称号", "title"],
    bonus_coefficient: ["奖金系数", "bonus coefficient"],
    headcount_quota: ["优秀等次名额", "places for excellent people"],
    negative_case: ["反面典型", "negative case"],
  },
  cause: {
    release: ["公布结果", "release"],
    veto: ["一票否决", "veto"],
    indicator: ["指标", "indicator"],
    objection: ["异议", "objection"],
    item: ["督办事项", "supervised item"],
    other: ["其他事项", "other"],
  },
} satisfies Record<string, Terms> & {
  rankingState: TermsOf<Ranking["state"]>
  correctedKind: TermsOf<SealedCorrection["kind"]>
  consequenceState: TermsOf<Consequence["state"]>
  consequence: TermsOf<Consequence["kind"]>
  cause: TermsOf<Consequence["cause"]>
}

export const { word, tag, codes } = vocabulariesOf(all)

/** A grade by the name that the scheme gives it; in English by its code's word. */
export function gradeTag(grade: string | null, name: string | null | undefined): { text: string; tone: Tone } {
  const known = tag("grade", grade)
  return { text: language.value === "zh" && name ? name : known.text, tone: known.tone }
}
