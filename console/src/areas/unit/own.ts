// Which unit a page is about: one's own, or for whoever may read of others the one that is asked for.
import type { Client, SchemeOutput } from "kaoping-client"
import { computed, type ComputedRef } from "vue"
import { useRoute, useRouter } from "vue-router"
import { has, me } from "@/session"
import { cycleId } from "@/year"

/** Roles that read the sheets of units that are not their own. */
const READERS = ["performance_office", "organiser", "committee", "standing_committee", "auditor"]

/** The own unit, where the account is one of an assessed unit. */
export const ownUnit = computed(() => (has("assessed_unit") ? (me.value?.unit ?? null) : null))
export const readsOthers = computed(() => has(...READERS))

/** The unit that a page is about, null where one has to be chosen first. */
export function useUnit(): { unit: ComputedRef<string | null>; choose: (code: string) => void } {
  const route = useRoute()
  const router = useRouter()
  const asked = computed(() => (typeof route.query["unit"] === "string" ? route.query["unit"] : null))
  const unit = computed(() => (readsOthers.value ? (asked.value ?? ownUnit.value) : ownUnit.value))
  function choose(code: string): void {
    void router.replace({ query: { ...route.query, unit: code } })
  }
  return { unit, choose }
}

/** The scheme in force, null before there is one. */
export async function schemeOf(client: Client, signal: AbortSignal): Promise<SchemeOutput | null> {
  const cycle = await client.readCycle({ cycle_id: cycleId.value! }, { signal })
  if (cycle.scheme_version === null) return null
  return (await client.readScheme({ cycle_id: cycleId.value! }, { signal })).scheme
}

/** The codes of all units that a scheme assesses. */
export function unitsOf(scheme: SchemeOutput | null): string[] {
  return scheme ? [...new Set(scheme.categories.flatMap((each) => each.units))] : []
}

/** The codes of the indicators by which a scheme assesses a unit. */
export function indicatorsOf(scheme: SchemeOutput | null, unit: string): string[] {
  const own = scheme?.categories.filter((each) => each.units.includes(unit)) ?? []
  return [...new Set(own.flatMap((each) => each.blocks.flatMap((block) => block.indicators.map((one) => one.code))))]
}
