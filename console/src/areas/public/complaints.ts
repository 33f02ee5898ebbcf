// The words for kinds and states of complaints, as the public is told them.
import { told } from "@/language"

const KINDS = {
  efficiency_complaint: { zh: "效能投诉", en: "about efficiency" },
  petition: { zh: "信访", en: "a petition" },
  online_message: { zh: "网民留言", en: "a message" },
  hotline: { zh: "12345热线", en: "as to the hotline" },
} as const
export type ComplaintKind = keyof typeof KINDS

const STATES: Record<string, { zh: string; en: string }> = {
  raised: { zh: "待受理", en: "waits to be accepted" },
  accepted: { zh: "待交办", en: "accepted" },
  assigned: { zh: "办理中", en: "being handled" },
  extension_asked: { zh: "延期待审批", en: "more time was asked for" },
  answered: { zh: "已答复", en: "answered" },
  revisited: { zh: "已回访", en: "the answer was spoken about" },
  closed: { zh: "已办结", en: "closed" },
  refused: { zh: "不予受理", en: "refused" },
  linked: { zh: "重复并案", en: "linked to the first" },
  suspected: { zh: "待核实", en: "being checked" },
  malicious: { zh: "恶意投诉", en: "found malicious" },
}

export const COMPLAINT_KINDS = Object.keys(KINDS) as [ComplaintKind, ...ComplaintKind[]]

export function complaintKind(kind: ComplaintKind): string {
  return told(KINDS[kind])
}

export function complaintState(state: string): string {
  const both = STATES[state]
  return both ? told(both) : state
}
