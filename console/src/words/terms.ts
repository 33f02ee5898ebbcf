// The words of the glossary for what the API says by codes, with the tone in which they are shown.
import { type Terms, vocabulariesOf } from "@/words/vocabulary"


const entryState = {
  draft: ["草稿", "draft", "plain"],
  submitted: ["已提交", "submitted", "calm"],
  checked: ["已初审", "checked", "calm"],
  returned: ["已退回", "returned", "bad"],
  verified: ["已审核", "verified", "good"],
  locked: ["已封存", "locked", "good"],
  voided: ["已冲销", "voided", "bad"],
  withdrawn: ["已撤回", "withdrawn", "plain"],
  replaced: ["已更正", "replaced", "plain"],
} satisfies Terms

const entryKind = {
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
} satisfies Terms

const claimState = {
  handed_in: ["已申报", "handed in", "calm"],
  confirmed: ["已认定", "confirmed", "good"],
  rejected: ["已驳回", "rejected", "bad"],
  withdrawn: ["已撤回", "withdrawn", "plain"],
} satisfies Terms

const claimKind = { bonus: ["加分", "bonus"], deduction: ["减分", "deduction"] } satisfies Terms

const light = {
  green: ["正常", "on time", "good"],
  yellow: ["临近期限", "due soon", "warn"],
  yellow_card: ["黄牌", "yellow card", "warn"],
  red: ["严重滞后", "far behind", "bad"],
  red_card: ["红牌", "red card", "bad"],
} satisfies Terms

const waveState = {
  planned: ["未开放", "planned", "plain"],
  open: ["进行中", "open", "calm"],
  stopped: ["已停止接收", "stopped", "warn"],
  closed: ["已关闭", "closed", "good"],
  voided: ["已作废", "voided", "bad"],
} satisfies Terms

const cyclePhase = { draft: ["筹备", "in preparation", "plain"], open: ["进行中", "open", "calm"] } satisfies Terms
const ledgerPhase = { open: ["台账开放", "ledger open", "calm"], sealed: ["台账已封存", "ledger sealed", "good"] } satisfies Terms

const all = { entryState, entryKind, claimState, claimKind, light, waveState, cyclePhase, ledgerPhase } as const

export const { word: term, tag: tagged } = vocabulariesOf(all)
