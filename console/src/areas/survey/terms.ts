// The words of the glossary for the codes that only surveys have.
import type {
  CountStanding, Estimated, OpinionState, OpinionVerdict, Response, ScreenVerdict, Survey, VoidReason,
} from "kaoping-client"
import { type Terms, type TermsOf, vocabulariesOf } from "@/words/vocabulary"


const vocabularies = {
  mode: {
    phone_survey: ["电话调查", "by phone"],
    questionnaire: ["问卷调查", "on paper"],
    online_form: ["网上问卷", "online forms"],
    meeting_count: ["会议测评", "counted at meetings"],
    leader_evaluation: ["领导评价", "ballots of leaders"],
    peer_review: ["互评", "ballots of other units"],
  },
  combine: {
    mean: ["各轮次平均", "the mean of the waves"],
    weighted: ["各轮次加权", "waves by weight"],
    pooled: ["各轮次样本合并", "all answers together"],
  },
  belowMin: {
    decision: ["另行决定前不计", "nothing, until it is decided"],
    other_waves: ["以其他轮次计", "the other waves count"],
    pooled: ["各轮次样本合并计", "all waves together"],
    category_mean: ["以同类别其他单位的平均值计", "the mean of the other units of the category"],
    not_rated: ["不予评价", "the unit is not rated"],
  },
  outcome: {
    completed: ["完成", "completed"],
    partial: ["部分完成", "broken off"],
    refused: ["拒访", "refused"],
    no_contact: ["未联系上", "not reached"],
    other: ["其他原因未访", "another reason"],
    unknown_household: ["是否有住户不明", "household unknown"],
    unknown_eligibility: ["是否属调查对象不明", "eligibility unknown"],
    ineligible: ["不属调查对象", "not eligible"],
  },
  verdict: { attested: ["见证", "attested", "good"], objected: ["有异议", "objected", "bad"] },
  treatment: {
    counted: ["就已有应答计", "the answers there are count"],
    other_waves: ["以其他轮次计", "the other waves count"],
    pooled: ["各轮次样本合并计", "all waves together"],
    category_mean: ["以同类别其他单位的平均值计", "the mean of the other units of the category"],
    not_rated: ["不予评价", "the unit is not rated"],
  },
  screenVerdict: {
    keep: ["保留答卷", "keep the answers"],
    void_interviewer: ["该访员的答卷不予计入", "void what the interviewer brought in"],
  },
  screen: {
    straight_lining: ["一选到底", "straight lines"],
    full_marks: ["全部满分", "full marks"],
    nearly_full_marks: ["仅一题低一档", "one step below full marks"],
    duplicated_patterns: ["答案组合雷同", "repeated patterns"],
    short_durations: ["用时过短", "short interviews"],
    equal_durations: ["用时雷同", "equal lengths"],
    identical_wording: ["措辞雷同", "identical wording"],
    sudden_jump: ["轮次突变", "sudden jump"],
    full_marks_jump: ["满分比例突变", "jump of full marks"],
    repeated_token: ["重复受访", "repeated respondent"],
  },
  screenAbout: {
    straight_lining: ["三题以上全部选择同一选项", "three questions or more, all answered by one option"],
    full_marks: ["各题均为满分", "full marks throughout"],
    nearly_full_marks: ["除一题低一档外均为满分", "full marks but for one question, one step lower"],
    duplicated_patterns: ["多份答卷的答案组合相同（满分除外）", "one pattern of answers, other than full marks"],
    short_durations: ["用时不足本轮中位数的三分之一", "less than a third of the median of the wave"],
    equal_durations: ["多次访问的用时集中在极窄的区间", "many lengths within a few seconds"],
    identical_wording: ["意见的措辞完全相同", "opinions in the same words"],
    sudden_jump: ["平均指数与上一轮相比突变", "the mean index against the earlier wave"],
    full_marks_jump: ["满分比例与上一轮相比突变", "the share of full marks against the earlier wave"],
    repeated_token: ["同一受访者在本轮就同一单位多次受访", "a respondent interviewed about the unit before in the wave"],
  },
  about: { unit: ["单位", "unit"], interviewer: ["访员", "interviewer"] },
  weighting: {
    equal: ["等权", "equal"],
    post_stratified: ["事后分层", "post-stratified"],
    raked: ["多边际迭代", "raked"],
  },
  withheld: {
    fewer_than_30: ["有效答案不足30份", "fewer than 30 answers"],
    leads_to_few: ["会指向少数人的答案", "would lead to the answers of few"],
  },
  opinionState: {
    quarantined: ["待审", "to be reviewed", "calm"],
    proposed: ["审核待确认", "review to be confirmed", "warn"],
    accepted: ["已采纳", "accepted", "good"],
    rejected: ["不采纳", "rejected", "bad"],
    merged: ["已合并", "merged", "plain"],
    void: ["已作废", "void", "bad"],
  },
  opinionVerdict: {
    accept: ["采纳", "accept"],
    reject: ["不采纳", "reject"],
    merge: ["并入另一条", "merge into another"],
  },
  channel: {
    letter: ["来信", "letter"],
    call: ["来电", "call"],
    visit: ["来访", "visit"],
    online: ["网上", "online"],
  },
  countState: {
    counted: ["待另一人复计", "waits for a second count", "warn"],
    confirmed: ["已确认", "confirmed", "good"],
    withdrawn: ["已撤回", "withdrawn", "plain"],
  },
  voidReason: {
    more_returned_than_issued: ["收回票数多于发出票数", "more forms came back than were issued"],
    quorum_not_reached: ["未达法定人数", "too few voted"],
  },
  voidingDecision: { confirm: ["同意作废", "the wave is void", "bad"], refuse: ["不同意作废", "it is not void", "good"] },
  standing: {
    unfinished: ["尚有轮次未结束", "waves are to come", "calm"],
    settled: ["已确定", "settled", "good"],
    below_minimum: ["样本不足，待处置", "too few answered", "warn"],
    not_rated: ["不予评价", "not rated", "plain"],
  },
  field: {
    respondent_token: ["受访者代号", "respondent's code"],
    unit: ["单位", "unit"],
    outcome: ["访问结果", "outcome"],
    group: ["评议主体", "respondent group"],
    stratum: ["抽样层", "stratum"],
    cluster: ["抽样群", "cluster"],
    interviewer: ["访员", "interviewer"],
    attempt: ["访问次数", "attempt"],
    started_at: ["开始时间", "began at"],
    ended_at: ["结束时间", "ended at"],
    opinion: ["意见建议", "opinion"],
  },
} satisfies Record<string, Terms> & {
  mode: TermsOf<Survey["mode"]>
  combine: TermsOf<Survey["combine"]>
  belowMin: TermsOf<Survey["below_min"]>
  outcome: TermsOf<Response["outcome"]>
  screenVerdict: TermsOf<ScreenVerdict>
  withheld: TermsOf<Estimated["withheld"]>
  opinionState: TermsOf<OpinionState>
  opinionVerdict: TermsOf<OpinionVerdict>
  countState: TermsOf<CountStanding["state"]>
  voidReason: TermsOf<VoidReason>
}

export type Vocabulary = keyof typeof vocabularies

export const { word, tag, codes } = vocabulariesOf(vocabularies)
