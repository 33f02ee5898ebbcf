// Faults and remedies as the API tells them, for people: a place in what was sent by its name, and what programs
// read (`errors`, `detail`) by what stands on the page.
import { language, marks } from "@/language"

type Both = readonly [zh: string, en: string]

const NAMES: Record<string, Both> = {
  unit: ["单位", "unit"], units: ["单位", "units"], indicator: ["指标", "indicator"], category: ["类别", "category"], period: ["期间", "period"],
  key: ["录入项", "what is entered"], item: ["分项", "item"], kind: ["种类", "kind"], value: ["数值", "value"], word: ["状态或等级", "status or grade"],
  occurred_on: ["发生日期", "day"], document_no: ["文号", "document"], document_date: ["发文日期", "date of the document"], authority: ["发文机关", "issued by"],
  evidence_ids: ["佐证材料", "evidence"], reason: ["理由", "reason"], text: ["内容", "text"], note: ["说明", "note"], name: ["名称", "name"], code: ["代码", "code"],
  points: ["分值", "points"], weight: ["权重", "weight"], share: ["份额", "share"], quota: ["配额", "quota"], survey: ["调查", "survey"], wave: ["轮次", "wave"],
  username: ["账户", "account"], subject: ["账户", "account"], roles: ["角色", "roles"], password: ["密码", "password"], current: ["现用密码", "present password"],
  new: ["新密码", "new password"], otp: ["动态口令", "code"], until: ["截止日期", "last day"], closes_on: ["截止日期", "last day"], from_day: ["起始日期", "first day"],
  expires_on: ["有效期至", "end"], decision: ["决定", "decision"], outcome: ["处理结果", "outcome"], contact: ["联系方式", "contact"], minutes: ["时长", "minutes"],
  host: ["主机", "host"], port: ["端口", "port"], jurisdiction: ["行政区划代码", "jurisdiction"], assessment_year: ["评估年份", "year"], target: ["目标值", "target"],
  indicators: ["指标", "indicators"], shares: ["分担", "shares"], contacts: ["联系人", "contacts"], superior: ["上级", "superior"], unowned: ["无单位负责的原因", "why nobody answers"], role: ["牵头或协办", "role"],
  project: ["项目编号", "number of the project"], leader: ["责任人", "led by"], lead_unit: ["牵头单位", "leading unit"], starts_on: ["开始日期", "starts on"], completes_on: ["完成日期", "complete by"],
  nodes: ["节点", "nodes"], due: ["期限", "due"], months: ["按月分解", "by month"], month: ["月份", "month"], persons: ["按人分解", "by person"], person: ["责任人", "person"], measures: ["工作措施", "measures"],
  action: ["措施", "measure"], combine: ["合计方式", "how they are combined"], as_of: ["截至", "as of"], won: ["已得", "won"], lost: ["丢分", "lost"], basis: ["依据", "basis"], causes: ["原因单位", "causes"],
  label: ["阶段名称", "name of the stage"], cut_off: ["截止时刻", "as of"], digest: ["清单摘要", "digest"], founded_on: ["设立日期", "founded on"],
  errors: ["上列差错", "the list above"], detail: ["上述说明", "what is said above"], request_id: ["请求编号", "the request's number"],
}
/** Lists whose items are only counted. */
const LISTS = new Set(["rows", "entries", "claims", "decisions", "answers", "accounts", "marks", "targets", "scheme", "projects", "plans", "standings"])

const called = (name: string) => (Object.hasOwn(NAMES, name) ? NAMES[name]![language.value === "zh" ? 0 : 1] : name)

/** A place in what was sent (`/rows/3/value`): row 4, value; as it is told where it has no words, deep in a file. */
export function placeOf(pointer: string): string {
  const steps = pointer.split("/").filter((each) => each && !LISTS.has(each))
  if (steps.some((each) => !/^\d+$/.test(each) && !Object.hasOwn(NAMES, each))) return pointer
  return steps.map((each) => (/^\d+$/.test(each) ? nth(Number(each) + 1) : called(each))).join(marks.value.comma)
}

function nth(n: number): string {
  return language.value === "zh" ? `第${n}行` : `row ${n}`
}

/** A sentence of a problem, without the signs that set names of fields apart. */
export function spoken(text: string): string {
  if (language.value === "zh") return text.replace(/ ?`([^`]*)`( ?)/g, (_, name: string, gap: string) => (Object.hasOwn(NAMES, name) ? called(name) : ` ${name}${gap}`)).trim().replaceAll("调用者", "本账户")
  return text.replace(/`([^`]*)`/g, (_, name: string) => called(name)).replaceAll("the caller", "this account")
}
