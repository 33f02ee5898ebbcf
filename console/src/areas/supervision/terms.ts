// Words for what complaints (投诉) are, and for their moves; those of supervised items stand with the units'.
import { type Terms, vocabulariesOf } from "@/words/vocabulary"

const complaintKind = {
  efficiency_complaint: ["效能投诉", "complaint about efficiency"],
  petition: ["信访", "petition"],
  online_message: ["网民留言", "message of a citizen"],
  hotline: ["12345热线", "call to the hotline"],
} satisfies Terms

const complaintState = {
  raised: ["待受理", "waits to be accepted", "warn"],
  accepted: ["待交办", "waits to be given to a unit", "warn"],
  assigned: ["办理中", "is being handled", "calm"],
  extension_asked: ["延期待审批", "more time was asked for", "warn"],
  answered: ["待回访", "waits to be revisited", "warn"],
  revisited: ["已回访", "was revisited", "calm"],
  closed: ["已办结", "is closed", "good"],
  refused: ["不予受理", "was refused"],
  linked: ["重复并案", "is linked to the first"],
  suspected: ["疑似恶意待认定", "was called malicious", "warn"],
  malicious: ["恶意投诉", "was found malicious", "bad"],
} satisfies Terms

const complaintMove = {
  raise: ["提出", "it is raised"],
  accept: ["受理并分类", "accept and classify"],
  refuse: ["不予受理", "refuse"],
  link: ["并案", "link to an earlier one"],
  call_malicious: ["提出为恶意投诉", "call it malicious"],
  confirm_malice: ["认定恶意", "find that it is malicious"],
  clear: ["不认定恶意", "find that it is not malicious"],
  assign: ["交办", "give it to units"],
  urge: ["催办", "urge"],
  return: ["退回", "it is not the unit's own"],
  answer: ["答复", "answer"],
  ask_extension: ["申请延期", "ask for more time"],
  grant_extension: ["同意延期", "grant more time"],
  refuse_extension: ["不同意延期", "refuse more time"],
  rate: ["投诉人评价", "whoever raised it judges the answer"],
  revisit: ["回访", "revisit"],
  close: ["办结", "close"],
  redo: ["退回重办", "have it done again"],
} satisfies Terms

const complaintWord = {
  satisfied: ["满意", "satisfied", "good"],
  dissatisfied: ["不满意", "not satisfied", "bad"],
  not_reached: ["未联系上", "not reached"],
  upheld: ["属实", "upheld", "bad"],
  unfounded: ["不属实", "unfounded", "good"],
} satisfies Terms

const complaintLight = {
  none: ["无", "nothing to be said"],
  yellow: ["黄灯：三个工作日内到期", "due within three working days", "warn"],
  red: ["红灯：逾期", "overdue", "bad"],
} satisfies Terms

const earned = {
  due_soon: ["临近到期提醒", "reminders"],
  overdue: ["逾期", "overdue"],
  redone: ["退回重办", "done again"],
  returned: ["退回不当", "returned without ground"],
  upheld: ["属实", "upheld"],
  rates: ["计分的比率", "rates that count"],
  satisfaction: ["满意率", "satisfaction rate"],
  timely: ["按期率", "rate in time"],
  returned_rate: ["退回率", "rate of returns"],
  redone_rate: ["重办率", "rate of repeated handling"],
} satisfies Terms

const channel = { public: ["受理窗口", "raised here"], office: ["其他途径", "received elsewhere"] } satisfies Terms

// What the office does about an item, as it is offered.
const direction = {
  call_off: ["撤销", "call it off"],
  urge: ["催办", "urge"],
  suspend: ["中止", "let the clock stand still"],
  resume: ["恢复", "let the clock go on"],
  insist: ["维持交办", "leave it where it is"],
  reassign: ["改派", "give it to other units"],
  grant_extension: ["同意延期", "grant more time"],
  refuse_extension: ["不同意延期", "refuse more time"],
  close: ["销号", "accept the reply and close it"],
  redo: ["退回重办", "have it done again"],
  accept_part: ["部分办结", "accept the part that is done"],
  reopen: ["重新启动", "reopen it"],
} satisfies Terms

const reportEvery = { monthly: ["每月", "each month"], quarterly: ["每季度", "each quarter"] } satisfies Terms

const all = { complaintKind, complaintState, complaintMove, complaintWord, complaintLight, earned, channel, direction, reportEvery } as const

export const { word, tag, codes } = vocabulariesOf(all)
