// What a form of units says, as the API takes it, and what keeps it from being sent.
import type { GivenTo } from "./ItemShares.vue"

export const nobody = (): GivenTo[] => [{ unit: "", role: "lead", share: "100" }]

/** Whether each unit is named once, one leads, and the shares come to the whole. */
export function isWhole(given: readonly GivenTo[], shared: boolean): boolean {
  const named = new Set(given.map((each) => each.unit))
  const sum = given.reduce((all, each) => all + (/^\d{1,3}$/.test(each.share) ? parseInt(each.share, 10) : 1000), 0)
  return !named.has("") && named.size === given.length && given.filter((each) => each.role === "lead").length === 1 && (!shared || sum === 100)
}
export const shares = (given: readonly GivenTo[]) => given.map(({ unit, role, share }) => ({ unit, role, share: parseInt(share, 10) }))
export const parts = (given: readonly GivenTo[]) => given.map(({ unit, role }) => ({ unit, role }))

/** `until` a day, or `within` so many working days: one of both, or neither. */
export function termOf(form: { until: string; within: string }): { until?: string; within?: number } {
  if (form.until) return { until: form.until }
  return form.within ? { within: parseInt(form.within, 10) } : {}
}
