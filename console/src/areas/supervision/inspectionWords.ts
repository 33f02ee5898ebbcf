// Words of the calendar of inspections (督查检查), and of what a year asks of units (基层负担).
import type { InspectionVersion } from "kaoping-client"
import { wordsOf } from "@/language"
import { type TermsOf, vocabulariesOf } from "@/words/vocabulary"

export const t = wordsOf({
  title: ["督查检查", "Inspections"],
  about: ["全年督查检查列入同一计划；未列入方案的事项不得单独检查。", "All inspections of a year stand in one calendar. What the scheme does not ask about is not inspected by itself."],
  none: ["还没有登记督查检查。", "No inspection is registered."],
  number: ["编号", "Number"],
  numberAbout: ["字母、数字，登记后不再改动。", "Letters and digits; it stays for good."],
  name: ["名称", "Name"],
  kind: ["类型", "Kind"],
  body: ["实施单位", "Made by"],
  units: ["被检查单位", "Goes to"],
  starts: ["开始日期", "From"],
  ends: ["结束日期", "Until"],
  basis: ["依据", "Rests on"],
  onIndicators: ["所依据的指标", "Indicators that it rests on"],
  onPriority: ["所依据的专项重点工作", "Special priority that it rests on"],
  noPriority: ["不依据专项重点工作", "none"],
  legal: ["法定或应急依据", "Its basis"],
  register: ["登记督查检查", "Register an inspection"],
  change: ["变更", "Change"],
  changeTitle: ["变更督查检查“{name}”", "Change {name}"],
  cancel: ["取消", "Call it off"],
  cancelled: ["已取消：{why}", "called off: {why}"],
  cancelWhy: ["取消原因", "Why it is called off"],
  preview: ["预览并登记", "Preview and register"],
  wouldSet: ["将登记：{name}，检查{n}个单位。", "{name} is registered; it goes to {n} units."],
  isSame: ["与已登记的内容相同。", "It is registered just so."],
  refused: ["不能登记：", "It cannot be registered:"],
  wouldCancel: ["将取消“{name}”，不再计次。", "{name} is called off, and counts no more."],
  done: ["已登记。", "Registered."],
  burden: ["基层负担", "What the year asks of units"],
  burdenAbout: ["按方案统计各单位全年应填报的数据项、须附佐证的份数和被检查的次数、天数。", "Counted by the scheme: fields to fill in, uploads, and inspections with their days."],
  fields: ["数据项", "Fields"],
  uploads: ["佐证份数", "Uploads"],
  indicatorsCount: ["指标", "Indicators"],
  inspectionsCount: ["被检查次数", "Inspections"],
  days: ["被检查天数", "Days"],
})

const all = {
  kind: {
    tracking_evaluation: ["跟踪评估", "tracking evaluation"],
    on_site_verification: ["察访核验", "on-site verification"],
    unannounced_visit: ["明察暗访", "unannounced visit"],
    statutory: ["法定检查", "statutory inspection"],
    emergency: ["应急检查", "emergency inspection"],
  } satisfies TermsOf<InspectionVersion["kind"]>,
}
export const { word, codes } = vocabulariesOf(all)
