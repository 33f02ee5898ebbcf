// Roles, rights and states of accounts in words.
import { told } from "@/language"
import type { Tone } from "@/parts/Tag.vue"

type Both = readonly [zh: string, en: string]

/** The roles that an account may hold, in the order in which they are offered. */
export const ROLES: Record<string, Both> = {
  system_administrator: ["系统管理员", "system administrator"], security_administrator: ["安全管理员", "security administrator"], audit_administrator: ["审计管理员", "audit administrator"],
  performance_office: ["绩效办", "performance office"], organiser: ["组织单位", "organiser"], data_source_unit: ["数据采集责任单位", "data source unit"], assessed_unit: ["被评估单位", "assessed unit"],
  panel_member: ["评委", "panel member"], survey_centre: ["民调中心", "survey centre"], responsible_body: ["责任部门", "responsible body"], second_body: ["回避事项办理机构", "second body"],
  committee: ["综合绩效评估委员会", "committee"], standing_committee: ["市委常委会", "standing committee"], vice_mayor: ["分管副市长", "vice mayor"], auditor: ["审计", "auditor"],
  supervision: ["纪检监察机关", "supervision"], statistics: ["统计部门", "statistics"], personnel: ["组织人事部门", "personnel"], budget: ["财政部门", "budget"],
  personnel_system: ["干部人事系统", "personnel system"], daily_round: ["每日例行", "daily round"],
}
/** Roles that only systems hold. */
export const OF_SYSTEMS = new Set(["personnel_system", "daily_round"])

const RIGHTS: Record<string, Both> = {
  "account-care": ["账户应急处置", "care of accounts"],
  "incident-reading": ["故障应急查阅", "reading in an incident"],
}
/** The rights that a role may take in an emergency. */
export const TAKEN_BY: Record<string, string[]> = { "account-care": ["system_administrator", "audit_administrator"], "incident-reading": ["system_administrator"] }

const STATES: Record<string, readonly [zh: string, en: string, tone: Tone]> = {
  effective: ["有效", "in effect", "good"], pending: ["待确认", "to be confirmed", "warn"], disabled: ["已停用", "disabled", "bad"], expired: ["已到期", "expired", "plain"],
  "one-time": ["一次性", "for once", "calm"], revoked: ["已吊销", "revoked", "bad"], replaced: ["已更换", "replaced", "plain"],
  overtaken: ["已被取代", "overtaken", "plain"], lapsed: ["已过期限", "lapsed", "plain"], going: ["行使中", "in use", "warn"], over: ["已结束，待复核", "over, to be reviewed", "calm"],
  reviewed: ["已复核", "reviewed", "good"], justified: ["确有必要", "justified", "good"], unjustified: ["并无必要", "unjustified", "bad"], withdrawn: ["已撤回", "withdrawn", "plain"],
  declined: ["不予确认", "declined", "bad"], active: ["推送中", "active", "good"], paused: ["已暂停", "paused", "warn"], ended: ["已终止", "ended", "plain"],
}
const KINDS: Record<string, Both> = { person: ["个人", "person"], client: ["系统客户端", "system"], password: ["密码", "password"], "second-factor": ["动态口令", "second factor"] }
const PARTS: Record<string, Both> = { indicators: ["指标与目标", "indicators"], scoring: ["台账与评分", "scoring"], survey: ["调查", "survey"], ranking: ["排名与公布", "ranking"], gateway: ["账户", "gateway"] }

const word = (both: Both | undefined, code: string) => (both ? told({ zh: both[0], en: both[1] }) : code)

export const roleName = (code: string) => word(ROLES[code], code)
export const rightName = (code: string) => word(RIGHTS[code], code)
export const kindName = (code: string) => word(KINDS[code], code)
export const partName = (code: string) => word(PARTS[code], code)

/** A state, as `Tag` takes it. */
export function stated(code: string): { text: string; tone: Tone } {
  const found = STATES[code]
  return found ? { text: told({ zh: found[0], en: found[1] }), tone: found[2] } : { text: code, tone: "plain" }
}

const CHAINS: Record<string, Both> = {
  accounts: ["账户", "accounts"], sessions: ["登录会话", "sessions"], emergency: ["应急授权", "emergency grants"], messages: ["报文", "messages"], webhooks: ["消息推送", "webhooks"],
  units: ["单位", "units"], calendars: ["工作日历", "calendars"], "id-schemes": ["代码体系", "identifier schemes"], reads: ["查阅日志", "reads"], checkpoints: ["检查点", "checkpoints"],
}
/** The name of a chain of a journal that is of no year. */
export const chainName = (code: string) => word(CHAINS[code], code)
