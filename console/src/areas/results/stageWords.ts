// Words of stages (阶段评估): results so far that were frozen, and the release of their ranks.
import type { Stage, StageReaders } from "kaoping-client"
import { wordsOf } from "@/language"
import { type TermsOf, vocabulariesOf } from "@/words/vocabulary"

export const t = wordsOf({
  title: ["阶段评估", "Stages"],
  about: ["按截止时刻定格的迄今结果，定格后不再改动；名次经两人办理后公布。", "Results so far, frozen as they stood at a moment and never changed. Their ranks are released by two people."],
  none: ["还没有定格的阶段结果。", "No stage has been frozen yet."],
  noScheme: ["方案公布后方可定格阶段结果。", "Stages are frozen once a scheme is published."],
  label: ["阶段名称", "Name of the stage"],
  cutOff: ["截止时刻", "As of"],
  frozenAt: ["定格时间", "Frozen at"],
  ledger: ["台账", "Ledger"],
  freeze: ["定格阶段结果", "Freeze a stage"],
  wouldFreeze: ["将按{moment}的记录定格阶段结果“{label}”，定格后不再改动。", "The results as of {moment} are frozen as {label}, and change no more."],
  wasFrozen: ["已定格。", "Frozen."],
  chosen: ["阶段结果：{label}", "Stage: {label}"],
  restored: ["由归档恢复", "restored from an archive"],
  digest: ["摘要", "Digest"],
  frozenBy: ["定格人", "Frozen by"],
  readers: ["可看名次的范围", "Who reads the ranks"],
  documentNo: ["文号", "Document"],
  reasonIfAny: ["说明（可不填）", "Why, if it is to be said"],
  reason: ["说明", "Why"],
  propose: ["提请公布名次", "Propose to release the ranks"],
  wouldPropose: ["将提请公布阶段“{label}”的名次：{readers}。须由绩效办另一人确认后公布。", "The ranks of {label} are proposed for release: {readers}. Another of the office confirms."],
  wasProposed: ["已提请，待绩效办另一人确认。", "Proposed; another of the office confirms."],
  decide: ["确认公布", "Decide on the release"],
  decision: ["决定", "Decision"],
  confirm: ["同意公布", "release them"],
  refuse: ["不予公布", "do not release them"],
  wouldRelease: ["阶段“{label}”的名次将公布：{readers}。公布后不能撤回。", "The ranks of {label} are released: {readers}. That stays so."],
  wouldRefuse: ["阶段“{label}”的名次将不予公布，提请退回。", "The ranks of {label} are not released."],
  wasDecided: ["已办理。", "Done."],
  anotherConfirms: ["本次公布由您提出，须由绩效办另一人确认。", "You proposed this release; another of the office confirms it."],
  proposedBy: ["提请人", "Proposed by"],
  results: ["各单位迄今结果", "Results of the units"],
  noResults: ["没有可查看的单位结果。", "There are no results that you read."],
  ranks: ["已公布的名次", "Released ranks"],
  earned: ["已得", "Earned"],
  open: ["仍可争取", "Still open"],
  unreachable: ["已无法取得", "Out of reach"],
  adjustment: ["加减分", "Bonus and deductions"],
  notReleased: ["名次尚未公布。", "The ranks are not released."],
})

const all = {
  phase: {
    frozen: ["已定格", "frozen", "calm"],
    release_proposed: ["待确认公布", "release proposed", "warn"],
    released: ["名次已公布", "ranks released", "good"],
  } satisfies TermsOf<Stage["phase"]>,
  readers: {
    own_unit: ["各单位查看本单位名次", "each unit its own"],
    category: ["各单位查看本类别名次", "each unit those of its category"],
    everybody: ["全部人员查看全部名次", "everybody all of them"],
  } satisfies TermsOf<StageReaders>,
}
export const { word, tag, codes } = vocabulariesOf(all)
