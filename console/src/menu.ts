// The menu of whoever is signed in: made anew when that, or the year, is another, and not with each page.
import { computed } from "vue"
import type { RouteLocationNamedRaw } from "vue-router"
import { areas, type Place } from "./areas"
import { has, may, me } from "./session"
import { cycleId } from "./year"

/** Pages of a year, which are there once a year is known: which ones there are is read after signing in. */
const ofYear = new Set(areas.flatMap((area) => area.routes).filter((each) => each.path.includes(":cycle")).map((each) => each.name))

const isOffered = (place: Place) => may(...place.needs) && (!place.roles || has(...place.roles)) && (!!cycleId.value || !ofYear.has(place.to))

function leading(place: Place): Place & { way: RouteLocationNamedRaw } {
  return { ...place, way: { name: place.to, params: ofYear.has(place.to) ? { cycle: cycleId.value! } : {} } }
}

export const menu = computed(() =>
  me.value === null ? [] : areas.map((area) => ({ area, places: area.places.filter(isOffered).map(leading) })).filter((each) => each.places.length),
)
