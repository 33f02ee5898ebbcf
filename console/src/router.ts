import { createRouter, createWebHistory } from "vue-router"
import { areas } from "./areas"
import { known, me, recognise } from "./session"
import { cycleId, cycles, readCycles } from "./year"

declare module "vue-router" {
  interface RouteMeta {
    /** Open to everybody, without signing in. */
    open?: boolean
    zh?: string
    en?: string
  }
}

export const router = createRouter({
  history: createWebHistory("/console/"),
  routes: [...areas.flatMap((each) => each.routes), { path: "/:rest(.*)*", redirect: "/" }],
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
})

router.beforeEach(async (to) => {
  if (!known.value) await recognise()
  if (to.meta.open) return true
  if (!me.value) return { name: "sign-in", query: to.path === "/" ? {} : { back: to.fullPath } }
  if (!cycles.value.length) await readCycles()
  const named = to.params["cycle"]
  if (typeof named === "string" && named) cycleId.value = named
  return true
})
