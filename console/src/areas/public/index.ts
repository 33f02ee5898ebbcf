import type { Area } from "@/areas"

export const area: Area = {
  zh: "公布结果",
  en: "Published results",
  order: 90,
  places: [],
  routes: [{ path: "/published", name: "published", component: () => import("./Published.vue"), meta: { open: true } }],
}
