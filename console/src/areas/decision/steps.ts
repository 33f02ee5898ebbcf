// Steps of an approval chain: how they are called, and whether a meeting can decide one.
import type { ShownStep } from "kaoping-client"
import { word } from "./terms"

/** A step by the name that the scheme gives it, else by its own word. */
export function stepName(chain: readonly ShownStep[], code: string | null | undefined): string {
  const step = chain.find((each) => each.code === code)
  return step?.name ?? word("step", code)
}

/** Members of a meeting whose own unit competes, and who therefore have no part in it. */
export function barred(step: ShownStep, units: ReadonlySet<string>): Set<string> {
  return new Set(step.members.filter((each) => each.unit !== null && units.has(each.unit)).map((each) => each.code))
}

/** Whether a meeting has enough members who may vote; else another role decides, where one is named. */
export function meets(step: ShownStep, units: ReadonlySet<string>): boolean {
  if (step.kind !== "meeting") return false
  const able = step.members.length - barred(step, units).size
  return step.instead === null || able >= Math.max(step.at_least ?? 1, 1)
}

/** Numbers of documents as one types them, apart by semicolons or lines. */
export function listed(text: string): string[] {
  return text.split(/[;；\n]/).map((each) => each.trim()).filter(Boolean)
}
