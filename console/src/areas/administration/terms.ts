// Rights, states and chains of journals in words; and which roles are offered to accounts.
import { codesOf, term } from "@/words/terms"
import { type Terms, vocabulariesOf } from "@/words/vocabulary"

const vocabularies = {
  right: {
    "account-care": ["账户应急处置", "care of accounts"],
    "incident-reading": ["故障应急查阅", "reading in an incident"],
  },
  state: {
    effective: ["有效", "in effect", "good"],
    pending: ["待确认", "to be confirmed", "warn"],
    disabled: ["已停用", "disabled", "bad"],
    expired: ["已到期", "expired", "plain"],
    "one-time": ["一次性", "for once", "calm"],
    revoked: ["已吊销", "revoked", "bad"],
    replaced: ["已更换", "replaced", "plain"],
    overtaken: ["已被取代", "overtaken", "plain"],
    lapsed: ["已过期限", "lapsed", "plain"],
    going: ["行使中", "in use", "warn"],
    over: ["已结束，待复核", "over, to be reviewed", "calm"],
    reviewed: ["已复核", "reviewed", "good"],
    justified: ["确有必要", "justified", "good"],
    unjustified: ["并无必要", "unjustified", "bad"],
    withdrawn: ["已撤回", "withdrawn", "plain"],
    declined: ["不予确认", "declined", "bad"],
    active: ["推送中", "active", "good"],
    paused: ["已暂停", "paused", "warn"],
    ended: ["已终止", "ended", "plain"],
  },
  kind: {
    person: ["个人", "person"],
    client: ["系统客户端", "system"],
    password: ["密码", "password"],
    "second-factor": ["动态口令", "second factor"],
  },
  // Chains of journals that are of no year.
  chain: {
    accounts: ["账户", "accounts"],
    sessions: ["登录会话", "sessions"],
    emergency: ["应急授权", "emergency grants"],
    messages: ["报文", "messages"],
    webhooks: ["消息推送", "webhooks"],
    units: ["单位", "units"],
    calendars: ["工作日历", "calendars"],
    "id-schemes": ["代码体系", "identifier schemes"],
    reads: ["查阅日志", "reads"],
    checkpoints: ["检查点", "checkpoints"],
  },
} satisfies Record<string, Terms>

const { word, tag } = vocabulariesOf(vocabularies)

/** The roles that an account may hold, in the order in which they are offered. */
export const ROLES = codesOf("role")
/** Roles that only systems hold. */
export const OF_SYSTEMS = new Set(["personnel_system", "daily_round"])
/** The rights that a role may take in an emergency. */
export const TAKEN_BY: Record<string, string[]> = { "account-care": ["system_administrator", "audit_administrator"], "incident-reading": ["system_administrator"] }

export const roleName = (code: string) => term("role", code)
export const partName = (code: string) => term("part", code)
export const rightName = (code: string) => word("right", code)
export const kindName = (code: string) => word("kind", code)
export const chainName = (code: string) => word("chain", code)
/** A state, as `Tag` takes it. */
export const stated = (code: string) => tag("state", code)
