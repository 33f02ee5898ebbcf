// Targets as they stand: the newest version of each, and what may be done about it next.
import type { TargetVersion } from "kaoping-client"

export type State = TargetVersion["state"]

export function keyOf(of: { unit: string; indicator: string; item?: string | null }): string {
  return `${of.unit}\n${of.indicator}\n${of.item ?? ""}`
}
/** The newest version of each target. */
export function newest(versions: readonly TargetVersion[]): TargetVersion[] {
  const found = new Map<string, TargetVersion>()
  for (const each of versions) {
    const known = found.get(keyOf(each))
    if (!known || known.version < each.version) found.set(keyOf(each), each)
  }
  return [...found.values()]
}

/** What somebody decides about targets; `operation` is what allows it. */
export interface Act {
  code: "approve" | "return" | "issue" | "confirm" | "refuse" | "support" | "accept" | "refuse_request"
  operation: string
  of: State[]
  word: "approve" | "returnIt" | "issue" | "confirmIt" | "refuseIt" | "supportIt" | "acceptIt"
}
const PENDING: State[] = ["issue_pending", "revision_pending", "withdrawal_pending"]
const ASKED: State[] = ["revision_requested", "revision_supported"]

export const ACTS: Act[] = [
  { code: "approve", operation: "decide_on_targets", of: ["proposed"], word: "approve" },
  { code: "return", operation: "decide_on_targets", of: ["proposed"], word: "returnIt" },
  { code: "issue", operation: "set_targets", of: ["approved"], word: "issue" },
  { code: "confirm", operation: "confirm_targets", of: PENDING, word: "confirmIt" },
  { code: "refuse", operation: "confirm_targets", of: PENDING, word: "refuseIt" },
  { code: "support", operation: "decide_on_revision_requests", of: ["revision_requested"], word: "supportIt" },
  { code: "accept", operation: "decide_on_revision_requests", of: ASKED, word: "acceptIt" },
  { code: "refuse_request", operation: "decide_on_revision_requests", of: ASKED, word: "refuseIt" },
]
export const WAITING: State[] = [...new Set(ACTS.flatMap((each) => each.of))]
