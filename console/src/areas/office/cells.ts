// How complete one cell is: what a unit's indicator still wants, the most pressing first.
import type { PartProgress } from "kaoping-client"

export const STATES = ["overdue", "returned", "part", "waiting", "verified", "later"] as const
export type CellState = (typeof STATES)[number]

export function stateOf(cell: Pick<PartProgress, "expected" | "received" | "verified" | "returned" | "overdue">): CellState {
  if (cell.overdue) return "overdue"
  if (cell.returned) return "returned"
  if (cell.verified >= cell.expected) return "verified"
  if (!cell.received) return "later"
  return cell.received < cell.expected ? "part" : "waiting"
}
