import { shallowRef } from "vue"
import { createRouter, createWebHistory } from "vue-router"
import type { Failure } from "./api"
import { areas } from "./areas"
import { pause } from "./pause"
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
  // Said whole: to go to the very beginning a browser need not lay the page out there and then.
  scrollBehavior: (_to, _from, kept) => kept ?? { left: 0, top: 0 },
})

/** Why no page can be shown as yet: who is signed in, or which years there are, could not be read. */
export const unreachable = shallowRef<Failure>()

router.beforeEach(async (to) => {
  lost.value = undefined
  try {
    if (!known.value) await recognise()
    if (to.meta.open) return true
    if (!me.value) return { name: "sign-in", query: to.path === "/" ? {} : { back: to.fullPath } }
    if (!cycles.value.length) await readCycles()
    unreachable.value = undefined
  } catch (error) {
    unreachable.value = error as Failure
    return true
  }
  const named = to.params["cycle"]
  if (typeof named === "string" && named) {
    const isThere = () => cycles.value.some((each) => each.cycle_id === named)
    if (!isThere()) await readCycles().catch(() => undefined) // it may have been begun meanwhile
    if (!isThere()) return { name: "tasks" }
    cycleId.value = named
  }
  return true
})

// A page's code has just been run: to draw the page is another task.
router.beforeResolve(() => pause())

/** A page whose code could not be read: nobody answers, or a newer version has pages of other names. */
export const lost = shallowRef<{ failure: Failure; href: string }>()
router.onError((error, to) => (lost.value = { failure: error as Failure, href: router.resolve(to).href }))
