// States of targets and outcomes of comments, and parts of a scheme, in words.
import { told } from "@/language"
import type { Tone } from "@/parts/Tag.vue"

type Term = readonly [zh: string, en: string, tone: Tone]

const TARGETS: Record<string, Term> = {
  proposed: ["已申报", "proposed", "calm"],
  returned: ["已退回", "returned", "bad"],
  approved: ["已审核，待下达", "approved, to be issued", "calm"],
  issue_pending: ["下达待确认", "issued, to be confirmed", "warn"],
  issued: ["已下达", "issued", "good"],
  revision_requested: ["单位申请调整", "revision asked for", "calm"],
  revision_supported: ["组织单位同意调整", "revision supported", "calm"],
  revision_pending: ["调整待确认", "revised, to be confirmed", "warn"],
  revised: ["已调整", "revised", "good"],
  withdrawal_pending: ["撤回待确认", "withdrawn, to be confirmed", "warn"],
  withdrawn: ["已撤回", "withdrawn", "plain"],
  refused: ["未同意", "refused", "bad"],
  request_withdrawn: ["单位撤回申请", "request taken back", "plain"],
}

/** A state of a target, as `Tag` takes it. */
export function targetState(code: string): { text: string; tone: Tone } {
  const found = TARGETS[code]
  return found ? { text: told({ zh: found[0], en: found[1] }), tone: found[2] } : { text: code, tone: "plain" }
}

const PARTS: Record<string, readonly [zh: string, en: string]> = {
  title: ["名称", "title"], code: ["代码", "code"], assessment_year: ["评估年度", "year"], rounding: ["舍入", "rounding"], ledger: ["台账", "ledger"],
  calendar: ["日程", "calendar"], surveys: ["调查", "surveys"], composition: ["结果构成", "composition"], adjustments: ["加减分", "bonus and deductions"],
  vetoes: ["一票否决", "vetoes"], demotions: ["降等", "demotions"], grades: ["等次", "grades"], ranking: ["排名", "ranking"], recusals: ["回避", "recusals"],
  time_zone: ["时区", "time zone"], tags: ["标签", "tags"], panels: ["评委组", "panels"], duties: ["报送期限", "duties"], items: ["督办事项", "supervised items"],
  checks: ["复检、抽查", "checks"], complaints: ["投诉", "complaints"], objections: ["异议", "objections"], corrections: ["更正", "corrections"], inspections: ["督查检查", "inspections"],
  approval: ["审批链", "approval"], self_evaluations: ["自我评估", "self-evaluations"], notice: ["公示", "notice"], publication: ["公布范围", "publication"],
  consequences: ["结果运用", "consequences"], normalisation: ["评分修正", "normalisation"], cross_category_lists: ["跨类别名单", "lists across categories"], linked: ["三位一体", "linked results"],
}

/** The word for a part of a scheme. */
export function partName(code: string): string {
  const found = PARTS[code]
  return found ? told({ zh: found[0], en: found[1] }) : code
}

const GRADES: Record<string, readonly [zh: string, en: string]> = {
  excellent: ["优秀", "excellent"], good: ["良好", "good"], qualified: ["合格", "qualified"], unqualified: ["不合格", "unqualified"],
}

/** The word for a grade that the scheme gives no name of its own. */
export function gradeName(code: string): string {
  const found = GRADES[code]
  return found ? told({ zh: found[0], en: found[1] }) : code
}
