// Words of the decomposition of the superior's indicators (责任分解), and of how we stand with the superior.
import type { DecompositionChange, ExposedUnit, IndicatorStanding, UnitShare } from "kaoping-client"
import { wordsOf } from "@/language"
import { type TermsOf, vocabulariesOf } from "@/words/vocabulary"

export const t = wordsOf({
  title: ["责任分解", "Decomposition"],
  about: ["上级考核指标的每一分由哪个单位牵头、哪些单位协办。", "Whose the points of the superior's scheme are: which unit leads, and which support."],
  none: ["上级指标尚未分解。", "The superior's scheme has not been decomposed."],
  version: ["版本", "Version"],
  versionOf: ["第{n}版（{document}）", "Version {n} ({document})"],
  superior: ["上级", "Superior"],
  documentNo: ["文号", "Document"],
  documentDate: ["发文日期", "Date of the document"],
  superiorPoints: ["上级方案总分", "Total of the superior's scheme"],
  setAt: ["分解时间", "Set at"],
  indicators: ["指标与分担", "Indicators and shares"],
  units: ["责任单位", "Units"],
  changes: ["与上一版的不同", "What changed"],
  noChanges: ["与上一版没有不同，或为第一版。", "Nothing, or it is the first version."],
  code: ["代码", "Code"],
  name: ["名称", "Name"],
  block: ["板块", "Block"],
  leads: ["牵头", "Leads"],
  supports: ["协办", "Supports"],
  shares: ["分担", "Shares"],
  shareOf: ["{unit}（{role}）{points}", "{unit} ({role}) {points}"],
  unowned: ["无单位负责：{why}", "nobody answers for it: {why}"],
  kind: ["类型", "Kind"],
  contact: ["联系人", "Contact"],
  allPoints: ["承担分值", "Points"],
  field: ["不同之处", "What"],
  before: ["上一版", "Before"],
  after: ["本版", "Now"],
  set: ["分解上级指标", "Decompose the superior's scheme"],
  setAgain: ["按上级变动重新分解", "Set another version"],
  setAbout: ["可从电子表格复制粘贴，一行一项，各列以制表符分隔。保存后为新的一版，原版本保留。", "Rows may be pasted from a spreadsheet, one a line, their columns parted by tabs. It is kept as another version."],
  rowsIndicators: ["上级指标：代码、名称、板块、分值、无单位负责的原因（可不填）", "Indicators: code, name, block, points, why nobody answers for it (may be left out)"],
  rowsShares: ["分担：指标代码、单位代码、牵头或协办、分值", "Shares: code of the indicator, code of the unit, leads or supports, points"],
  rowsContacts: ["联系人：单位代码、联系人", "Contacts: code of the unit, whom to speak to"],
  fewColumns: ["第{n}行应有{count}列。", "Row {n} should have {count} columns."],
  noRole: ["第{n}行的第3列应为“牵头”或“协办”。", "The third column of row {n} should be “leads” or “supports”."],
  wouldSet: ["将保存第{n}版责任分解：指标{indicators}项，分担{shares}项。", "Version {n} is kept: {indicators} indicators, {shares} shares."],
  wasSet: ["责任分解已保存。", "The decomposition is kept."],

  standingsTitle: ["上级计分情况", "Standings with the superior"],
  standingsAbout: ["上级指标已得、已丢和仍可争取的分；丢分先由认定的原因单位承担，其余按分担分摊。", "Points won, lost and still open with the superior. A loss is charged to named causes first, and the rest by share."],
  won: ["已得", "Won"],
  lost: ["丢分", "Lost"],
  open: ["可争取", "Open"],
  unreported: ["情况不明", "Not known"],
  uncharged: ["无单位承担的丢分", "Lost, charged to nobody"],
  caused: ["其中本单位所致", "Caused by itself"],
  lead: ["牵头单位", "Led by"],
  asOf: ["截至", "As of"],
  basis: ["依据", "Basis"],
  causes: ["原因单位", "Causes"],
  causeOf: ["{unit}{points}", "{unit} {points}"],
  act: ["报告", "Report"],
  report: ["报告计分情况", "Report how it stands"],
  reportOf: ["报告“{name}”的计分情况", "Report how {name} stands"],
  reportedAt: ["报告时间", "Reported at"],
  pointsOf: ["该指标{points}分", "It has {points} points"],
  causesAbout: ["由绩效办认定；未认定的部分按分担分摊。", "Named by the office; the rest is charged by share."],
  causePoints: ["所致丢分", "Points"],
  addCause: ["增加原因单位", "Name a cause"],
  dropNo: ["删除第{n}行", "Remove row {n}"],
  drop: ["删除", "Remove"],
  wouldReport: ["将报告“{name}”：已得{won}分，丢{lost}分，其余仍可争取。", "{name} is reported: {won} won, {lost} lost, the rest still open."],
  wasReported: ["已报告。", "Reported."],
  byIndicator: ["各项指标", "By indicator"],
  byUnit: ["各单位承担情况", "By unit"],
  charges: ["各项分担", "By share"],
  noneOfYours: ["没有由本单位牵头的上级指标。", "Your unit leads none of the superior's indicators."],
  noShares: ["没有单位承担分值。", "No unit has a share."],
})

const all = {
  role: { lead: ["牵头", "leads"], support: ["协办", "supports"] } satisfies TermsOf<UnitShare["role"]>,
  kind: { assessed: ["被评估单位", "assessed here"], body: ["不参评机构", "not assessed here"] } satisfies TermsOf<ExposedUnit["kind"]>,
  field: {
    superior: ["上级", "superior"], points: ["分值", "points"], name: ["名称", "name"], block: ["板块", "block"], unowned: ["无单位负责的原因", "why nobody answers"], role: ["牵头或协办", "role"], contact: ["联系人", "contact"],
  } satisfies TermsOf<DecompositionChange["field"]>,
  state: {
    known: ["已报告", "known", "good"],
    outdated: ["分解已变动，待重新报告", "outdated", "warn"],
    missing: ["未报告", "not reported", "plain"],
  } satisfies TermsOf<IndicatorStanding["state"]>,
}
export const { word, tag } = vocabulariesOf(all)

/** Which role a word in either language says, as it stands in a spreadsheet. */
export function roleOf(text: string): UnitShare["role"] | undefined {
  return (Object.keys(all.role) as UnitShare["role"][]).find((code) => text === code || all.role[code].some((each) => each === text))
}
