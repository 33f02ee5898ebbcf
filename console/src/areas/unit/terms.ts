// What the API says by codes about a unit's points and its dealings with the office, in words and with a tone.
import type {
  CheckFinding, Claim, Consequence, Deadline, DutyCard, ExplainedInput, ExplainedNode, Fraud, ItemState, ItemStep, LetterVersion, MadeMove, MadeObjectionMove, MissingTargetValue, MovedClaim, NoticeAnswer, Objection, OpenMatter, PolicyDecision, SealedCorrection, SupervisedItem, TargetVersion, UnitSelfEvaluation,
} from "kaoping-client"
import { schemeWord } from "@/words/said"
import { METHOD_NAMES } from "../scheme/methods"
import { BECAME } from "@/words/said"
import { type Terms, type TermsOf, vocabulariesOf } from "@/words/vocabulary"


const nodeKind = {
  total: ["总分", "total"],
  part: ["折算、加权后计入总分的部分", "what a block comes to in the total, converted and weighed"],
  block: ["板块", "block"],
  shown_block: ["只列示的板块，不计入总分", "block that is shown and counts for nothing in the total"],
  vetoed_block: ["被一票否决、不计入总分的板块", "block of the total that a veto has count for nothing"],
  component: ["分项计分", "part of a method"],
  adjustment: ["加减分", "bonus and deductions"],
  indicator: ["指标", "indicator"],
  claim: ["申报", "claim"],
  excess: ["超过指标分值的扣分", "points lost beyond the indicators' own"],
} satisfies TermsOf<ExplainedNode["kind"]>

// How an indicator was scored, and what became of a claim.
const method: Terms = { ...METHOD_NAMES, ...BECAME }

const inputSource = {
  ledger: ["台账", "ledger"],
  target: ["目标", "target"],
  survey: ["调查", "survey"],
  score: ["其他指标的得分", "score of another indicator"],
  scheme: ["方案", "scheme"],
  group: ["与其他单位的比较", "comparison with other units"],
} satisfies TermsOf<ExplainedInput["source"]>

const policy = {
  zero: ["计零分", "scores 0"],
  skipped: ["不计该项，分值归同级", "left out; its siblings get its points"],
  category_mean: ["取类别平均", "mean of the category"],
  subcategory_mean: ["取子类别平均", "mean of the sub-category"],
  carried_over: ["沿用上期", "value of the period before"],
  not_applicable: ["不适用于该单位", "not applicable to the unit"],
  short_sample: ["样本不足，按规定以其他应答计", "too few answered, and others count"],
  voided: ["弄虚作假，不得分", "fraud; scores nothing"],
} satisfies TermsOf<PolicyDecision["what"]>

const matter = {
  input: ["应报未报", "value that is owed"],
  signature: ["待签发", "entry to be signed off"],
  verification: ["待审核", "entry to be verified"],
  evidence: ["待审核而缺佐证", "entry to be verified that lacks evidence"],
  correction: ["被退回待改", "entry that was sent back"],
  reply: ["待答复", "reply that is due"],
  answer: ["待答复的共同申报", "joint claim to be answered"],
  confirmation: ["待认定的申报", "claim to be decided"],
  award: ["尚未申报的加分", "award of which nothing is claimed"],
  item: ["办理中的督办事项", "supervised item in hand"],
} satisfies TermsOf<OpenMatter["what"]>

const deadline = {
  date: ["当日", "that day"],
  opens: ["开始", "begins"],
  closes: ["截止", "ends"],
  due: ["到期", "due"],
} satisfies TermsOf<Deadline["what"]>

const consequenceKind = {
  commendation: ["表彰", "commendation"],
  fault_notice: ["告诫书", "fault notice"],
  public_criticism: ["通报批评", "public criticism"],
  admonition_talk: ["诫勉谈话", "admonition talk"],
  rectification_report: ["整改报告", "rectification report"],
  award_ban: ["取消评先评优资格", "ban on awards"],
  title: ["称号", "title"],
  bonus_coefficient: ["奖金系数", "bonus coefficient"],
  headcount_quota: ["优秀等次名额", "places for excellent people"],
  negative_case: ["反面典型", "negative case"],
} satisfies TermsOf<Consequence["kind"]>

const consequenceState = {
  proposed: ["待决定", "to be decided", "warn"],
  heard: ["已听取意见，待决定", "heard, to be decided", "calm"],
  refused: ["未予采纳", "refused"],
  decided: ["已决定", "decided", "calm"],
  carried_out: ["已执行", "carried out", "calm"],
  revoking: ["待决定撤销", "to be revoked"],
  revoked: ["已撤销", "revoked", "plain"],
} satisfies TermsOf<Consequence["state"]>

const verdict = {
  right: ["无误", "right", "good"],
  differs: ["不符", "differs", "bad"],
} satisfies TermsOf<CheckFinding["verdict"]>

const findingState = {
  reported: ["已登记", "recorded", "warn"],
  signed: ["单位已签字", "signed by the unit", "calm"],
  objected: ["单位有异议", "objected by the unit", "calm"],
  upheld: ["维持", "upheld", "bad"],
  dismissed: ["不予采纳", "dismissed", "good"],
} satisfies TermsOf<CheckFinding["state"]>

const fraudState = {
  alleged: ["已提请", "put forward", "bad"],
  heard: ["单位已陈述", "statement made", "warn"],
  fraud: ["认定弄虚作假", "fraud", "bad"],
  not_fraud: ["不予认定", "no fraud", "good"],
} satisfies TermsOf<Fraud["state"]>

const itemKind = {
  instruction: ["批示件", "leader's instruction"],
  supervised: ["督办件", "supervised matter"],
  plan: ["计划", "plan"],
  summary: ["总结", "summary"],
  self_report: ["自评报告", "self-report"],
  rectification_report: ["整改报告", "rectification report"],
} satisfies TermsOf<SupervisedItem["kind"]>

const itemState = {
  registered: ["待交办", "to be dispatched"],
  dispatched: ["待签收", "to be signed for", "warn"],
  handling: ["办理中", "in hand", "calm"],
  returned: ["退回待协调", "returned, to be settled", "warn"],
  disputed: ["争议待裁定", "disputed, to be ruled on", "warn"],
  suspended: ["中止", "suspended"],
  extension_asked: ["延期待审批", "extension asked for", "calm"],
  replied: ["待审核", "reply to be examined", "calm"],
  closed: ["已销号", "closed", "good"],
  called_off: ["已撤销", "called off"],
  withdrawn: ["已随整改报告撤销", "withdrawn with its report"],
} satisfies TermsOf<SupervisedItem["state"]>

const itemLight = {
  none: ["无", "none"],
  yellow: ["黄灯：三个工作日内到期", "yellow: due within three working days", "warn"],
  red: ["红灯：逾期", "red: overdue", "bad"],
} satisfies TermsOf<SupervisedItem["light"]>

const itemMove = {
  register: ["登记", "register"],
  dispatch: ["交办", "dispatch"],
  withdraw: ["随整改报告撤销", "withdraw with its report"],
  sign: ["签收", "sign for it"],
  return: ["退回", "return it"],
  dispute: ["提出异议", "dispute the answer"],
  report: ["报告进展", "report progress"],
  reply: ["答复", "reply"],
  ask_extension: ["申请延期", "ask for an extension"],
  call_off: ["撤销", "call it off"],
  urge: ["催办", "urge"],
  suspend: ["中止", "suspend"],
  resume: ["恢复", "resume"],
  insist: ["维持交办", "uphold the dispatch"],
  reassign: ["改派", "reassign"],
  grant_extension: ["同意延期", "grant the extension"],
  refuse_extension: ["不同意延期", "refuse the extension"],
  close: ["销号", "close"],
  redo: ["退回重办", "have it redone"],
  accept_part: ["部分办结", "accept in part"],
  reopen: ["重新启动", "reopen"],
} satisfies TermsOf<MadeMove["move"]>

const selfState = {
  to_do: ["待填报", "to be filled in", "warn"],
  answered: ["填报中", "being filled in", "calm"],
  handed_in: ["已提交", "handed in", "good"],
  compared: ["已比对", "compared", "good"],
} satisfies TermsOf<UnitSelfEvaluation["state"]>

const about = {
  mark: ["得分", "mark"],
  claim: ["加减分申报", "claim"],
  entry: ["台账记录，如检查发现", "entry, such as a finding"],
  card: ["预警、黄牌或红牌", "warning or a card"],
  wave: ["调查轮次", "wave of a survey"],
} satisfies TermsOf<Objection["about"]>

const objectionState = {
  pending: ["待复核", "to be decided", "calm"],
  upheld: ["成立", "upheld", "good"],
  partly_upheld: ["部分成立", "upheld in part", "good"],
  rejected: ["不成立", "rejected", "bad"],
  withdrawn: ["已撤回", "withdrawn"],
} satisfies TermsOf<Objection["state"]>

const objectionMove = {
  file: ["提出", "filed"],
  appeal: ["提交上一级（申诉）", "taken to the next level"],
  withdraw: ["撤回", "withdrawn"],
  uphold: ["成立", "upheld"],
  uphold_part: ["部分成立", "upheld in part"],
  reject: ["不成立", "rejected"],
  carry_out: ["办理落实", "carried out"],
} satisfies TermsOf<MadeObjectionMove["move"]>

const holderKind = {
  unit: ["单位本身", "unit"],
  subordinate: ["下属单位", "body below it"],
  person: ["个人", "person"],
} satisfies TermsOf<Claim["holder_kind"]>

const rectificationStep = {
  replied: ["答复", "reply"],
  accepted: ["通过", "accepted"],
  returned: ["退回", "returned"],
} satisfies TermsOf<ItemStep>

const rectificationState = {
  open: ["待答复", "to be answered", "warn"],
  replied: ["已答复", "answered", "calm"],
  accepted: ["已通过", "accepted", "good"],
  returned: ["已退回", "returned", "bad"],
} satisfies TermsOf<ItemState>

const cardLight = {
  warning: ["预警", "warning"],
  yellow_card: ["黄牌", "yellow card"],
  red_card: ["红牌", "red card"],
} satisfies TermsOf<DutyCard["light"]>

const objectionForm = {
  objection: ["对反馈结果的异议", "to what was fed back"],
  remark: ["对台账记录的意见", "on the open record"],
} satisfies TermsOf<Objection["form"]>

const outcome = {
  upheld: ["成立", "upheld", "good"],
  rejected: ["不成立", "rejected", "bad"],
} satisfies TermsOf<NoticeAnswer["outcome"]>

const award = {
  joint: ["共同获奖", "an award of several"],
  another_award: ["同一文件的另一奖项", "another award in the same document"],
  same: ["同一奖项，只计一次", "the same award, which counts once"],
  sole: ["独有", "its own alone"],
  listed: ["文件名单列名，各自计入", "the document lists it, and it counts for each"],
} satisfies TermsOf<MovedClaim["award"]>

const correction = {
  replaces: ["替换", "replaced"],
  removes: ["不再计入", "counts no longer"],
  adds: ["补录", "added"],
} satisfies TermsOf<SealedCorrection["what"]>

const targetState = {
  proposed: ["已申报", "proposed", "calm"],
  returned: ["已退回", "sent back", "bad"],
  approved: ["已审核，待下达", "approved, to be issued", "calm"],
  issue_pending: ["下达待确认", "issued, to be confirmed", "calm"],
  issued: ["已下达", "issued", "good"],
  revision_requested: ["单位申请调整", "revision asked for", "calm"],
  revision_supported: ["组织单位同意调整", "revision supported", "calm"],
  revision_pending: ["调整待确认", "revised, to be confirmed", "calm"],
  revised: ["已调整", "revised", "good"],
  withdrawal_pending: ["撤回待确认", "withdrawn, to be confirmed"],
  withdrawn: ["已撤回", "withdrawn"],
  refused: ["未同意", "refused", "bad"],
  request_withdrawn: ["单位撤回申请", "request taken back"],
} satisfies TermsOf<TargetVersion["state"]>

const targetValue = {
  target: ["目标值", "target"],
  baseline: ["基数", "baseline"],
  pledge: ["自报数", "pledge"],
} satisfies TermsOf<MissingTargetValue["value"]>

const letterState = {
  drawn_up: ["已拟定", "drawn up", "warn"],
  signed_by_office: ["绩效办已签署", "signed by the office", "warn"],
  signed_by_unit: ["单位已签署", "signed by the unit", "calm"],
  signed: ["双方已签署", "signed by both", "good"],
} satisfies TermsOf<LetterVersion["state"]>

const outdated = {
  targets: ["目标", "targets"],
  indicators: ["指标的名称、分值或计量单位", "names, points or measures of indicators"],
  deadline: ["调整截止日", "deadline"],
  plans: ["任务分解", "how targets are divided"],
} satisfies TermsOf<LetterVersion["outdated_by"][number]>

const all = {
  nodeKind, method, inputSource, policy, matter, deadline, consequenceKind, consequenceState, verdict,
  findingState, fraudState, itemKind, itemState, itemLight, itemMove, selfState, about, objectionState,
  objectionMove, holderKind, rectificationStep, rectificationState, cardLight, objectionForm, outcome, award, correction,
  targetState, targetValue, letterState, outdated,
} as const

export type Vocabulary = keyof typeof all

export const { word, tag: state, codes: codesOf } = vocabulariesOf(all)

/** A text that the API tells, with the names that a scheme gives in words; these may stand between backticks. */
export function inWords(text: string): string {
  return text.replace(/`([^`]*)`/g, "$1").replace(/\b[a-z]+(?:_[a-z0-9]+)*\b/g, (name) => (name.includes("_") || ONE_WORD.has(name) ? schemeWord(name) : name))
}
const ONE_WORD = new Set(["pct", "overdue", "rework", "death", "actual"])
