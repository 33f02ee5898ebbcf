// The words of the glossary for what the API says by codes, with the tone in which they are shown.
import type {
  Claim, CyclePhase, Ledger, LedgerEntry, WaveState,
} from "kaoping-client"
import { type Terms, type TermsOf, vocabulariesOf } from "@/words/vocabulary"

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
} satisfies TermsOf<LedgerEntry["state"]>

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
} satisfies TermsOf<LedgerEntry["kind"]>

const claimState = {
  handed_in: ["已申报", "handed in", "calm"],
  confirmed: ["已认定", "confirmed", "good"],
  rejected: ["已驳回", "rejected", "bad"],
  withdrawn: ["已撤回", "withdrawn", "plain"],
} satisfies TermsOf<Claim["state"]>

const claimKind = { bonus: ["加分", "bonus"], deduction: ["减分", "deduction"] } satisfies TermsOf<Claim["kind"]>

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
} satisfies TermsOf<WaveState>

const cyclePhase = { draft: ["筹备", "in preparation", "plain"], open: ["进行中", "open", "calm"] } satisfies TermsOf<CyclePhase>
const ledgerPhase = { open: ["台账开放", "ledger open", "calm"], sealed: ["台账已封存", "ledger sealed", "good"] } satisfies TermsOf<Ledger["phase"]>

/** The roles of accounts (角色). */
const role = {
  system_administrator: ["系统管理员", "system administrator"],
  security_administrator: ["安全管理员", "security administrator"],
  audit_administrator: ["审计管理员", "audit administrator"],
  performance_office: ["绩效办", "performance office"],
  organiser: ["组织单位", "organiser"],
  data_source_unit: ["数据采集责任单位", "data source unit"],
  assessed_unit: ["被评估单位", "assessed unit"],
  panel_member: ["评委", "panel member"],
  survey_centre: ["民调中心", "survey centre"],
  responsible_body: ["责任部门", "responsible body"],
  second_body: ["回避事项办理机构", "second body"],
  committee: ["综合绩效评估委员会", "committee"],
  standing_committee: ["市委常委会", "standing committee"],
  vice_mayor: ["分管副市长", "vice mayor"],
  auditor: ["审计", "auditor"],
  supervision: ["纪检监察机关", "supervision"],
  statistics: ["统计部门", "statistics"],
  personnel: ["组织人事部门", "personnel"],
  budget: ["财政部门", "budget"],
  personnel_system: ["干部人事系统", "personnel system"],
  daily_round: ["每日例行", "daily round"],
} satisfies Terms

/** The parts of the system (服务), by what each of them keeps. */
const part = {
  indicators: ["指标与目标", "indicators and targets"],
  scoring: ["台账与评分", "ledger and scoring"],
  survey: ["调查", "surveys"],
  ranking: ["排名与公布", "ranking and release"],
  gateway: ["账户", "accounts"],
} satisfies Terms

const all = { entryState, entryKind, claimState, claimKind, light, waveState, cyclePhase, ledgerPhase, role, part } as const

export const { word: term, tag: tagged, codes: codesOf } = vocabulariesOf(all)
