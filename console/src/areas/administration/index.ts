import type { Area } from "@/areas"

export const area: Area = { zh: "系统管理", en: "Administration", order: 80, places: [], routes: [] }
