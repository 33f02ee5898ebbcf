// Words for what checks are and how they stand.
import { type Terms, vocabulariesOf } from "@/words/vocabulary"

const all = {
  checkKind: { recheck: ["复检", "re-check"], spot_check: ["抽查", "spot check"] },
  checkState: {
    to_commit: ["待固定名单", "lists to be fixed", "warn"],
    committed: ["名单已固定，待抽取", "lists fixed, to be drawn", "calm"],
    drawn: ["已抽取", "drawn", "good"],
  },
  readers: { office: ["绩效办和审计", "the office and the auditor"], units: ["参评单位", "assessed units too"] },
  chosenBy: { seed: ["按种子抽取", "by the seed"], office: ["绩效办指定", "by the office"] },
  lookFor: {
    self_reported: ["单位自报", "the unit itself reported it", "warn"],
    no_evidence: ["没有佐证材料", "no evidence", "warn"],
    shared_evidence: ["佐证材料另有他用", "its file supports something else too", "warn"],
    entered_late: ["关账后补录", "entered after its period was closed", "warn"],
    restated: ["曾经修订", "restated", "warn"],
    not_counted: ["已不计入", "counts no longer", "bad"],
  },
  verdict: { right: ["无误", "it is right", "good"], differs: ["不符", "it differs", "bad"] },
  findingState: {
    reported: ["待单位答复", "waits for the unit", "warn"],
    signed: ["单位已签字，待决定", "the unit signed", "calm"],
    objected: ["单位有异议，待决定", "the unit objected", "warn"],
    upheld: ["维持", "upheld", "bad"],
    dismissed: ["不予采纳", "dismissed", "plain"],
  },
  fraudState: {
    alleged: ["待单位陈述", "waits for the unit's statement", "warn"],
    heard: ["单位已陈述，待决定", "the unit made its statement", "warn"],
    fraud: ["认定弄虚作假", "found to be fraud", "bad"],
    not_fraud: ["不予认定", "found to be no fraud", "plain"],
  },
  keptAlone: {
    "not-assessed": ["该单位不按该指标评估", "the unit is not assessed by it"],
    "not-taken": ["所定指标不收此类事件", "its indicator takes no such event"],
    "period-closed": ["该期间已关账", "its period is closed"],
    "zero-report-contradicted": ["与零报告矛盾", "a zero report says otherwise"],
    "not-applicable": ["该指标不适用于该单位", "the indicator does not apply to the unit"],
  },
} satisfies Record<string, Terms>

export const { word, tag, codes } = vocabulariesOf(all)
