// The year (评估年度) that pages are about: named in their address, with the names of its codes.
import type { Cycle, CycleNames, NamedCode } from "kaoping-client"
import { computed, ref, shallowRef, watch } from "vue"
import { all, api } from "./api"
import { language } from "./language"
import { me } from "./session"

const KEPT = "kaoping.cycle"

export const cycles = shallowRef<Cycle[]>([])
export const cycleId = ref<string | null>(localStorage.getItem(KEPT))
export const names = shallowRef<CycleNames | null>(null)

export const cycle = computed(() => cycles.value.find((each) => each.cycle_id === cycleId.value) ?? null)

/** Read which years there are; the newest is chosen unless another was. */
export async function readCycles(): Promise<void> {
  cycles.value = me.value ? await all(api.value.iterCycles()) : []
  if (!cycle.value) cycleId.value = cycles.value[0]?.cycle_id ?? null
}

watch(cycleId, (id) => (id ? localStorage.setItem(KEPT, id) : localStorage.removeItem(KEPT)))

watch([cycleId, language, me], async ([id, , who], [idBefore, , whoBefore]) => {
  // In another language they stay until the others are there: codes are shown to nobody meanwhile.
  if (id !== idBefore || who !== whoBefore) names.value = null
  if (!id || !me.value) return
  try {
    const read = await api.value.readNames({ cycle_id: id })
    if (cycleId.value === id) names.value = read
  } catch {
    // Without names their codes are shown.
  }
})

const units = computed(() => new Map(names.value?.units.map((each) => [each.code, each.name]) ?? []))
const codes = computed(() => {
  const read = names.value
  if (!read) return new Map<string, string>()
  const named = read.categories.flatMap((each) => [each, ...each.subcategories, ...each.blocks, ...each.indicators])
  return new Map([...named, ...read.surveys, ...read.vetoes].map((each) => [each.code, shown(each)]))
})

function shown(named: NamedCode): string {
  return (language.value === "en" && named.name_en) || named.name
}

/** The name of a unit, or its code where no name is known. */
export function unitName(code: string | null | undefined): string {
  return code ? (units.value.get(code) ?? code) : "—"
}

/** The name of an indicator, a category, a survey or whatever else a scheme names; or its code. */
export function nameOf(code: string | null | undefined): string {
  return code ? (codes.value.get(code) ?? code) : "—"
}
