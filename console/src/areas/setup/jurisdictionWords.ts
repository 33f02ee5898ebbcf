// Words of jurisdictions (辖区): whose years, units and accounts the installation keeps.
import type { Jurisdiction } from "kaoping-client"
import { wordsOf } from "@/language"
import { type TermsOf, vocabulariesOf } from "@/words/vocabulary"

export const t = wordsOf({
  title: ["辖区", "Jurisdictions"],
  about: ["本系统为哪些辖区保存年度、单位和账户。登记后由另一名系统管理员确认，代码不再改动。", "Whose years, units and accounts are kept here. Another system administrator confirms each; its code stays for good."],
  none: ["没有登记辖区：全部年度、单位和账户属于同一套。", "None is registered: all years, units and accounts are of one."],
  code: ["行政区划代码", "Division code"],
  codeAbout: ["县级及以上六位数字，乡镇九位，村、社区十二位。", "Six digits down to a county, nine or twelve below it."],
  nameZh: ["中文名称", "Name in Chinese"],
  nameEn: ["英文名称", "Name in English"],
  name: ["名称", "Name"],
  superior: ["上级辖区", "Superior"],
  noSuperior: ["无（不由本系统服务）", "none that is served here"],
  founded: ["设立日期", "Founded on"],
  registeredBy: ["登记人", "Registered by"],
  confirmedBy: ["确认人", "Confirmed by"],
  act: ["办理", "Act"],
  confirm: ["确认辖区", "Confirm the jurisdiction"],
  anotherConfirms: ["须由另一名系统管理员确认", "another system administrator confirms it"],
  wouldConfirm: ["将确认辖区“{name}”（{code}），此后可为其设立账户。", "{name} ({code}) is confirmed; it has accounts from then on."],
  wasConfirmed: ["已确认。", "Confirmed."],
  register: ["登记辖区", "Register a jurisdiction"],
  wouldRegister: ["将登记辖区“{name}”（{code}），待另一名系统管理员确认。", "{name} ({code}) is registered; another system administrator confirms it."],
  wasRegistered: ["已登记，待另一名系统管理员确认。", "Registered; another system administrator confirms it."],
})

const all = {
  state: { proposed: ["待确认", "proposed", "warn"], confirmed: ["已确认", "confirmed", "good"] } satisfies TermsOf<Jurisdiction["state"]>,
}
export const { word, tag } = vocabulariesOf(all)
