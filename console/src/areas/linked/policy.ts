// What the scheme says of linked results, and which of them the own unit enters.
import type { LinkedPolicyOutput, NewLinkedResult, SchemeOutput } from "kaoping-client"
import { useAsked } from "@/api"
import { me } from "@/session"
import { schemeOf, unitsOf } from "../unit/own"

export type Kind = NewLinkedResult["kind"]

export function useScheme() {
  return useAsked((client, signal) => schemeOf(client, signal))
}
/** Who enters an assessment about a unit: the first of its bodies that is not assessed in the unit's category. */
function bodyOf(policy: LinkedPolicyOutput, kind: Kind, unit: string, scheme: SchemeOutput): string | undefined {
  const category = new Set(scheme.categories.find((each) => each.units.includes(unit))?.units)
  return policy.assessments.filter((each) => each.kind === kind).flatMap((each) => each.bodies).find((body) => !category.has(body))
}
/** The assessments of a unit that the own unit enters. */
export function kindsOf(scheme: SchemeOutput, unit: string): Kind[] {
  const policy = scheme.linked
  if (!policy) return []
  return policy.assessments.map((each) => each.kind).filter((kind) => bodyOf(policy, kind, unit, scheme) === me.value?.unit)
}
/** The units of which the own unit enters some assessment. */
export const enteredUnits = (scheme: SchemeOutput): string[] => unitsOf(scheme).filter((unit) => kindsOf(scheme, unit).length)
