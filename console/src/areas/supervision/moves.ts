// What may be done about an item or a complaint in its state, by whom, and what has to be said with it:
// the tables of docs/states.md, so that a page offers what can be done. The API decides.
import type { ComplaintHistory, NewComplaintDirection, NewItemDirection, SupervisedItemHistory } from "kaoping-client"

export type Direction = NewItemDirection["move"]
export type ComplaintDirection = NewComplaintDirection["move"]

const ITEM: Partial<Record<SupervisedItemHistory["state"], Direction[]>> = {
  registered: ["call_off"],
  dispatched: ["urge"],
  handling: ["urge", "suspend"],
  returned: ["insist", "reassign"],
  suspended: ["resume"],
  extension_asked: ["grant_extension", "refuse_extension"],
  replied: ["close", "accept_part", "redo"],
  closed: ["reopen"],
}
/** Who made the latest of these moves does not make the move. */
const AGAINST: Partial<Record<Direction, string[]>> = {
  insist: ["return", "dispatch", "reassign"],
  reassign: ["return", "dispatch", "reassign"],
  grant_extension: ["ask_extension"],
  refuse_extension: ["ask_extension"],
  close: ["reply"],
  redo: ["reply"],
  accept_part: ["reply"],
  reopen: ["close"],
}
export const WITHOUT_WORDS = new Set<string>(["urge", "resume", "grant_extension", "close"])
export const WITH_TERM = new Set<string>(["reassign", "redo", "reopen", "grant_extension"])

type Made = { move: string; actor: string }
const latest = (moves: readonly Made[], of: readonly string[]) => moves.filter((each) => of.includes(each.move)).at(-1)
function isOwn(moves: readonly Made[], against: readonly string[] | undefined, subject: string | undefined): boolean {
  return (against ?? []).some((each) => latest(moves, [each])?.actor === subject)
}

/** What the office may do about an item; all of it is decided by another person than brought it about. */
export function directionsOf(item: SupervisedItemHistory, subject: string | undefined): Direction[] {
  const fits = (move: Direction) => (move === "close" ? item.completion >= 100 : move === "accept_part" ? item.completion < 100 : true)
  return (ITEM[item.state] ?? []).filter((move) => fits(move) && !isOwn(item.moves, AGAINST[move], subject))
}
/** Whether nothing is offered because the caller brought about what is to be decided. */
export function waitsForAnother(item: SupervisedItemHistory, subject: string | undefined): boolean {
  return item.state !== "closed" && Boolean(ITEM[item.state]) && !directionsOf(item, subject).length
}

const COMPLAINT: Partial<Record<ComplaintHistory["state"], ComplaintDirection[]>> = {
  raised: ["accept", "refuse", "link", "call_malicious"],
  suspected: ["confirm_malice", "clear"],
  accepted: ["assign"],
  assigned: ["urge", "assign"],
  extension_asked: ["grant_extension", "refuse_extension"],
  answered: ["revisit"],
  revisited: ["close", "redo"],
}
const COMPLAINT_AGAINST: Partial<Record<ComplaintDirection, string[]>> = {
  refuse: ["raise"],
  link: ["raise"],
  confirm_malice: ["raise", "call_malicious"],
  clear: ["call_malicious"],
  close: ["revisit"],
}
const COMPLAINT_WORDS = new Set<ComplaintDirection>(["refuse", "link", "call_malicious", "confirm_malice", "clear", "refuse_extension", "redo"])

/** What was said of the latest answer: who raised it goes before who asked him. */
export function wordOn(complaint: ComplaintHistory): string | null {
  const answered = complaint.moves.filter((each) => each.move === "answer").at(-1)?.step ?? Infinity
  const since = complaint.moves.filter((each) => each.step > answered)
  const said = (move: string) => since.filter((each) => each.move === move).at(-1)?.word
  return said("rate") ?? said("revisit") ?? null
}
const wasRedone = (complaint: ComplaintHistory) => complaint.moves.some((each) => each.move === "redo")
const mustBeRedone = (complaint: ComplaintHistory) => wordOn(complaint) === "dissatisfied" && !wasRedone(complaint)

export function complaintDirections(complaint: ComplaintHistory, subject: string | undefined, today: string): ComplaintDirection[] {
  const isOverdue = complaint.due !== null && today > complaint.due
  return (COMPLAINT[complaint.state] ?? []).filter((move) => {
    if (isOwn(complaint.moves, COMPLAINT_AGAINST[move], subject)) return false
    if (move === "assign" && complaint.state === "assigned") return isOverdue
    return move === "close" ? !mustBeRedone(complaint) : true
  })
}
/** Whether words have to be said with a move. */
export function needsWords(complaint: ComplaintHistory, move: ComplaintDirection): boolean {
  if (move === "assign") return complaint.state === "assigned"
  if (move === "close") return wordOn(complaint) === "dissatisfied"
  return COMPLAINT_WORDS.has(move)
}
