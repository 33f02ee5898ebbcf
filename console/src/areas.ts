// Each folder of `areas/` is a part of the console: its pages, and the places of its pages in the menu.
import type { RouteRecordRaw } from "vue-router"

/** A place in the menu; it is shown to whoever may call one of `needs`. */
export interface Place {
  /** The name of the route that it leads to. */
  to: string
  zh: string
  en: string
  needs: string[]
  /** Roles that it is for, where operations alone do not tell; everybody's if left out. */
  roles?: string[]
}

export interface Area {
  zh: string
  en: string
  /** Its place among the others, the least first. */
  order: number
  places: Place[]
  routes: RouteRecordRaw[]
  /** By kind of a task of `GET /me/tasks`: the route that leads to where it is done. */
  tasks?: Record<string, string>
}

const found = import.meta.glob<{ area: Area }>("./areas/*/index.ts", { eager: true })

export const areas = Object.values(found)
  .map((each) => each.area)
  .sort((a, b) => a.order - b.order)

export const taskRoutes = Object.assign({}, ...areas.map((each) => each.tasks ?? {})) as Record<string, string>
