// What the API says by codes about a unit's points and its dealings with the office, in words and with a tone.
import { type Terms, vocabulariesOf } from "@/words/vocabulary"


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
} satisfies Terms

const method = {
  ratio_to_target: ["按目标完成率", "ratio to the target"],
  baseline_growth: ["较基数增长", "growth over the baseline"],
  pledge: ["自报目标", "pledge"],
  all_or_nothing: ["达标得满分", "all or nothing"],
  stepped_deduction: ["逐档扣分", "deduction in steps"],
  steps_from: ["按偏离参照值的档数", "steps from a reference"],
  tiers: ["分档", "tiers"],
  rank_points: ["按名次", "points by rank"],
  relative_to_best: ["与最优相比", "relative to the best"],
  efficacy_linear: ["功效系数（线性）", "linear efficacy"],
  efficacy_exp: ["功效系数（指数）", "exponential efficacy"],
  min_max: ["极差标准化", "between lowest and highest"],
  z_score: ["标准分", "standard score"],
  percentile_rank: ["百分位", "percentile rank"],
  share_of_sum: ["占合计份额", "share of the sum"],
  deduct_events: ["逐次扣分", "deduction for each event"],
  base_plus_minus: ["基本分加减", "base with additions and deductions"],
  count_points: ["计件得分", "points by count"],
  milestone: ["节点", "milestones"],
  grade_map: ["等级折算", "points by grade"],
  qualitative_panel: ["评委打分", "marks of a panel"],
  survey_score: ["满意度", "satisfaction"],
  items_weighted: ["分项加权", "weighted items"],
  external_result: ["外部结果", "somebody else's result"],
  superior_rank: ["按上级排名", "place in the superior's list"],
  expression: ["公式", "formula"],
  inherit_superior: ["沿用上级结果", "superior's result"],
  blend: ["多项合成", "several methods together"],
  periodic_weighted: ["分期加权", "weighted periods"],
  sum_children: ["下级之和", "sum of the children"],
  mean_children: ["下级平均", "mean of the children"],
  accepted: ["计入", "it counts"],
  accepted_carried_over: ["上年度文件，顺延计入", "it counts, carried over from the year before"],
  accepted_capped: ["计入，超过上限的部分不计", "it counts, up to the cap"],
  accepted_in_part: ["按比例核减后计入", "it counts, cut in the same part as others"],
  accepted_against_proposal: ["认定时作出与规则建议不同的决定，计入", "who examined it decided so against the rules"],
  accepted_by_correction: ["按封存后更正的分值计入", "it counts as a correction of the sealed record says"],
  carried_to_next_year: ["文件晚到，顺延至下一年度", "it came late and carries over to the next year"],
  superseded_same_event: ["同一事件已取更高的一项", "another on the same event counts"],
  unconfirmed: ["尚未认定，不计", "nobody has confirmed it, and it counts for nothing"],
  withdrawn: ["已撤回", "it was taken back"],
  rejected_by_confirmer: ["认定时驳回", "who decided about it rejected it"],
  rejected_by_correction: ["按封存后更正不再计入", "by a correction of the sealed record it counts no longer"],
  rejected_not_in_the_total: ["方案的总分不含该类加减分", "total has no such part"],
  rejected_no_document: ["没有文件", "it has no document"],
  rejected_holder_mismatch: ["受表彰的不是本单位", "document names another holder"],
  rejected_authority: ["机关不在所列之内", "authority is none of those listed"],
  rejected_unknown_rule: ["方案没有所适用的规则", "scheme has no such rule"],
  rejected_unknown_place: ["名次或等次不在规则所列之内", "its rules list no such place"],
  rejected_over_limit: ["超过该规则每个单位可计的项数", "as many by its rule count already"],
  rejected_conditions_not_met: ["不符合规则对其他单位得失分情况的要求", "what its rule asks of other units is not met"],
  rejected_not_linked_to_indicator: ["没有关联到本单位的指标", "it is linked to none of the unit's indicators"],
  rejected_scored_already: ["所涉文件或事项已在指标中计分", "indicator scores its document or matter already"],
  rejected_out_of_window: ["不在计入的期间", "it is outside the window"],
  rejected_counted_before: ["以前年度已经计算", "it counted in an earlier year"],
  rejected_same_award: ["同一奖项已在其他申报中计算", "same award counts in another claim"],
} satisfies Terms

const inputSource = {
  ledger: ["台账", "ledger"],
  target: ["目标", "target"],
  survey: ["调查", "survey"],
  score: ["其他指标的得分", "score of another indicator"],
  scheme: ["方案", "scheme"],
  group: ["与其他单位的比较", "comparison with other units"],
} satisfies Terms

const policy = {
  zero: ["计零分", "it scores 0"],
  skipped: ["不计该项，分值归同级", "it is left out, and its siblings get its points"],
  category_mean: ["取类别平均", "mean of the category counts"],
  subcategory_mean: ["取子类别平均", "mean of the sub-category counts"],
  carried_over: ["沿用上期", "value of the period before counts"],
  not_applicable: ["不适用于该单位", "it does not apply to the unit"],
  short_sample: ["样本不足，按规定以其他应答计", "too few answered, and others count"],
  voided: ["弄虚作假，不得分", "there was fraud in it, and it scores nothing"],
} satisfies Terms

const matter = {
  input: ["应报未报", "input that is owed"],
  signature: ["待签发", "entry that waits for a second person of its unit to sign it off"],
  verification: ["待审核", "entry that waits to be verified"],
  evidence: ["待审核而缺佐证", "entry that waits and lacks evidence"],
  correction: ["被退回待改", "entry that was sent back"],
  reply: ["待答复", "reply that is due"],
  answer: ["待答复的共同申报", "claim that another unit filed for both and that waits for an answer"],
  confirmation: ["待认定的申报", "claim that waits to be decided"],
  award: ["尚未申报的加分", "award of which nothing is claimed"],
  item: ["办理中的督办事项", "supervised item in hand"],
} satisfies Terms

const deadline = {
  date: ["当日", "day itself"],
  opens: ["开始", "it begins"],
  closes: ["截止", "it ends"],
  due: ["到期", "it is due"],
} satisfies Terms

const consequenceKind = {
  commendation: ["表彰", "commendation"],
  fault_notice: ["告诫书", "notice of fault"],
  public_criticism: ["通报批评", "public criticism"],
  admonition_talk: ["诫勉谈话", "admonition talk"],
  rectification_report: ["整改报告", "rectification report"],
  award_ban: ["取消评先评优资格", "ban on awards"],
  title: ["荣誉称号", "title"],
  bonus_coefficient: ["奖金系数", "bonus coefficient"],
  headcount_quota: ["优秀等次名额", "quota of excellent people"],
  negative_case: ["反面典型", "negative case that is published"],
} satisfies Terms

const consequenceState = {
  proposed: ["待决定", "waits to be decided on", "warn"],
  heard: ["已听取意见，待决定", "unit was heard", "calm"],
  refused: ["未予采纳", "was refused"],
  decided: ["已决定", "was decided", "calm"],
  carried_out: ["已执行", "was carried out", "calm"],
  revoking: ["待决定撤销", "is to be revoked"],
  revoked: ["已撤销", "was revoked", "plain"],
} satisfies Terms

const verdict = {
  right: ["无误", "entry is right", "good"],
  differs: ["不符", "it tells something else than was found", "bad"],
} satisfies Terms

const findingState = {
  reported: ["已登记", "it was recorded", "warn"],
  signed: ["单位已签字", "unit signed", "calm"],
  objected: ["单位有异议", "unit objected", "calm"],
  upheld: ["维持", "it was upheld", "bad"],
  dismissed: ["不予采纳", "it was dismissed", "good"],
} satisfies Terms

const fraudState = {
  alleged: ["已提请", "it was put forward", "bad"],
  heard: ["单位已陈述", "unit made its statement", "warn"],
  fraud: ["认定弄虚作假", "it is fraud", "bad"],
  not_fraud: ["不予认定", "it is no fraud", "good"],
} satisfies Terms

const itemKind = {
  instruction: ["批示件", "instruction of a leader"],
  supervised: ["督办件", "matter that is supervised"],
  plan: ["计划", "plan that is due"],
  summary: ["总结", "summary that is due"],
  self_report: ["自评报告", "self-report that is due"],
  rectification_report: ["整改报告", "rectification report"],
} satisfies Terms

const itemState = {
  registered: ["待交办", "waits to be dispatched"],
  dispatched: ["待签收", "waits for the lead unit to sign", "warn"],
  handling: ["办理中", "is being handled", "calm"],
  returned: ["退回待协调", "unit says that it is not its own", "warn"],
  disputed: ["争议待裁定", "waits for a leader to rule", "warn"],
  suspended: ["中止", "its clock stands still"],
  extension_asked: ["延期待审批", "more time was asked for", "calm"],
  replied: ["待审核", "waits for the reply to be accepted", "calm"],
  closed: ["已销号", "is closed", "good"],
  called_off: ["已撤销", "was called off before it was dispatched"],
  withdrawn: ["已随整改报告撤销", "report that it was opened for was revoked"],
} satisfies Terms

const itemLight = {
  none: ["无", "nothing to be said"],
  yellow: ["黄灯：三个工作日内到期", "due within three working days", "warn"],
  red: ["红灯：逾期", "overdue", "bad"],
} satisfies Terms

const itemMove = {
  register: ["登记", "it is registered"],
  dispatch: ["交办", "it is dispatched"],
  withdraw: ["随整改报告撤销", "report that it was opened for was revoked"],
  sign: ["签收", "lead unit signs for it"],
  return: ["退回", "unit says that it is not its own"],
  dispute: ["提出异议", "unit disagrees with the answer"],
  report: ["报告进展", "unit says how far it is"],
  reply: ["答复", "lead unit replies"],
  ask_extension: ["申请延期", "lead unit asks for more time"],
  call_off: ["撤销", "it is called off"],
  urge: ["催办", "office urges"],
  suspend: ["中止", "clock stands still"],
  resume: ["恢复", "clock goes on"],
  insist: ["维持交办", "it stays where it is"],
  reassign: ["改派", "other units have it"],
  grant_extension: ["同意延期", "more time is granted"],
  refuse_extension: ["不同意延期", "no more time is granted"],
  close: ["销号", "reply is accepted"],
  redo: ["退回重办", "it is to be done again"],
  accept_part: ["部分办结", "part that is done is accepted"],
  reopen: ["重新启动", "it is reopened"],
} satisfies Terms

const selfState = {
  to_do: ["待填报", "nothing was given", "warn"],
  answered: ["填报中", "self marks were given", "calm"],
  handed_in: ["已提交", "it was handed in", "good"],
  compared: ["已比对", "it was compared with the record", "good"],
} satisfies Terms

const about = {
  mark: ["得分", "mark"],
  claim: ["加减分申报", "claim"],
  entry: ["台账记录，如检查发现", "entry, such as a finding"],
  card: ["预警、黄牌或红牌", "warning or a card"],
  wave: ["调查轮次", "wave of a survey"],
} satisfies Terms

const objectionState = {
  pending: ["待复核", "waits to be decided", "calm"],
  upheld: ["成立", "is upheld", "good"],
  partly_upheld: ["部分成立", "is upheld in part", "good"],
  rejected: ["不成立", "is rejected", "bad"],
  withdrawn: ["已撤回", "was withdrawn"],
} satisfies Terms

const objectionMove = {
  file: ["提出", "it is filed"],
  appeal: ["提交上一级（申诉）", "it goes to the next level"],
  withdraw: ["撤回", "it is withdrawn"],
  uphold: ["成立", "it is upheld"],
  uphold_part: ["部分成立", "it is upheld in part"],
  reject: ["不成立", "it is rejected"],
  carry_out: ["办理落实", "it is carried out"],
} satisfies Terms

const holderKind = {
  unit: ["单位本身", "unit"],
  subordinate: ["下属单位", "body below it"],
  person: ["个人", "person"],
} satisfies Terms

const rectificationStep = {
  replied: ["答复", "unit replied"],
  accepted: ["通过", "reply was accepted"],
  returned: ["退回", "reply was returned"],
} satisfies Terms

const rectificationState = {
  open: ["待答复", "unit is to reply", "warn"],
  replied: ["已答复", "reply is to be looked at", "calm"],
  accepted: ["已通过", "reply was accepted", "good"],
  returned: ["已退回", "reply was returned", "bad"],
} satisfies Terms

const cardLight = {
  warning: ["预警", "warning"],
  yellow_card: ["黄牌", "yellow card"],
  red_card: ["红牌", "red card"],
} satisfies Terms

const objectionForm = {
  objection: ["对反馈结果的异议", "to what was fed back"],
  remark: ["对台账记录的意见", "on the open record"],
} satisfies Terms

const outcome = {
  upheld: ["成立", "it was upheld", "good"],
  rejected: ["不成立", "it was rejected", "bad"],
} satisfies Terms

const award = {
  joint: ["共同获奖", "an award of several"],
  another_award: ["同一文件的另一奖项", "another award in the same document"],
  same: ["同一奖项，只计一次", "the same award, which counts once"],
  sole: ["独有", "its own alone"],
  listed: ["文件名单列名，各自计入", "the document lists it, and it counts for each"],
} satisfies Terms

const correction = {
  replaces: ["替换", "another value takes the place"],
  removes: ["不再计入", "it counts no longer"],
  adds: ["补录", "something is added"],
} satisfies Terms

const targetState = {
  proposed: ["已申报", "proposed", "calm"],
  returned: ["已退回", "sent back", "bad"],
  approved: ["已审定", "approved", "calm"],
  issue_pending: ["下达待确认", "to be issued", "calm"],
  issued: ["已下达", "issued", "good"],
  revision_requested: ["单位申请调整", "its unit asks to revise it", "calm"],
  revision_supported: ["组织单位同意调整", "organiser agrees to revise it", "calm"],
  revision_pending: ["调整待确认", "to be revised", "calm"],
  revised: ["已调整", "revised", "good"],
  withdrawal_pending: ["撤回待确认", "to be withdrawn"],
  withdrawn: ["已撤回", "it was taken back"],
  refused: ["未同意", "refused", "bad"],
  request_withdrawn: ["单位撤回申请", "unit took its request back"],
} satisfies Terms

const targetValue = {
  target: ["目标值", "target"],
  baseline: ["基数", "baseline"],
  pledge: ["自报数", "pledge"],
} satisfies Terms

const letterState = {
  drawn_up: ["已拟定", "drawn up", "warn"],
  signed_by_office: ["绩效办已签署", "signed by the office", "warn"],
  signed_by_unit: ["单位已签署", "signed by the unit", "calm"],
  signed: ["双方已签署", "signed by both", "good"],
} satisfies Terms

const outdated = {
  targets: ["目标", "targets"],
  indicators: ["指标的名称、分值或计量单位", "names, points or measures of indicators"],
  deadline: ["调整截止日", "deadline"],
  plans: ["任务分解", "how targets are divided"],
} satisfies Terms

// Names that schemes give to values, events and states of nodes; another one is shown as the scheme writes it.
const schemeWord = {
  actual: ["实际值", "actual value"],
  value: ["数值", "value"],
  level: ["水平", "level"],
  growth: ["增速", "growth"],
  count: ["件数", "number"],
  pct: ["比例（%）", "share (%)"],
  share_pct: ["占比（%）", "share (%)"],
  completion_pct: ["完成率（%）", "completion (%)"],
  enlistment_task_pct: ["征兵任务完成率（%）", "enlistment (%)"],
  rank_pct_in_system: ["系统内排名百分位", "percentile in the system"],
  audit_score_0_100: ["百分制考核分", "audit score of 100"],
  review_score_0_100: ["百分制评审分", "review score of 100"],
  superior_loss: ["上级扣分", "points lost at the superior"],
  zero_report: ["零报告", "zero report"],
  overdue: ["逾期", "overdue"],
  no_feedback: ["未反馈", "no feedback"],
  returned_for_rework: ["退回重办", "returned for rework"],
  rework: ["重办", "rework"],
  late_return: ["逾期退回", "late return"],
  reply_overdue: ["答复逾期", "reply overdue"],
  repeat_complaint: ["重复投诉", "repeated complaint"],
  complaint_upheld: ["投诉属实", "complaint upheld"],
  item_overdue: ["督办事项逾期", "item overdue"],
  item_redone: ["督办事项重办", "item done again"],
  item_returned: ["督办事项退回不当", "item returned wrongly"],
  red_card: ["红牌", "red card"],
  yellow_card: ["黄牌", "yellow card"],
  warning_letter: ["警示函", "warning letter"],
  case_filed: ["立案", "case filed"],
  discipline_case: ["违纪案件", "discipline case"],
  rectification_overdue: ["整改逾期", "rectification overdue"],
  crime_case: ["刑事案件", "criminal case"],
  death: ["死亡人数", "deaths"],
  larger_accident: ["较大事故", "larger accident"],
  group_incident: ["群体性事件", "group incident"],
  petition_to_province: ["赴省上访", "petition to the province"],
  score_overturned_on_appeal: ["评分经复核更正", "score overturned on appeal"],
  score_without_detail: ["评分未附明细", "score without detail"],
  on_time: ["按期完成", "on time"],
  late_within_30d: ["逾期30日内完成", "late, within 30 days"],
  late_over_30d: ["逾期30日以上完成", "late by more than 30 days"],
  not_done: ["未完成", "not done"],
} satisfies Terms

const all = {
  nodeKind, method, inputSource, policy, matter, deadline, consequenceKind, consequenceState, verdict,
  findingState, fraudState, itemKind, itemState, itemLight, itemMove, selfState, about, objectionState,
  objectionMove, holderKind, rectificationStep, rectificationState, cardLight, objectionForm, outcome, award, correction, schemeWord,
  targetState, targetValue, letterState, outdated,
} as const

export type Vocabulary = keyof typeof all

export const { word, tag: state, codes: codesOf } = vocabulariesOf(all)

/** A text that the API tells, with the names that a scheme gives in words; these may stand between backticks. */
export function inWords(text: string): string {
  return text.replace(/`([^`]*)`/g, "$1").replace(/\b[a-z]+(?:_[a-z0-9]+)*\b/g, (name) => (name.includes("_") || ONE_WORD.has(name) ? word("schemeWord", name) : name))
}
const ONE_WORD = new Set(["pct", "overdue", "rework", "death", "actual"])
