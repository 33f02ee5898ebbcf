import type { Area } from "@/areas"

// Everybody reads these pages, so that none of them may ask for more than the open routes give.
const open = { meta: { open: true } }

export const area: Area = {
  zh: "公布结果",
  en: "Published results",
  order: 90,
  places: [],
  routes: [
    { path: "/published", name: "published", component: () => import("./Published.vue"), ...open },
    { path: "/published/:id/releases/:release", name: "published-release", component: () => import("./Release.vue"), ...open },
    { path: "/published/:id/releases/:release/units/:unit", name: "published-unit", component: () => import("./Unit.vue"), ...open },
    { path: "/published/:id/releases/:release/trends", name: "published-trends", component: () => import("./Trends.vue"), ...open },
    { path: "/published/:id/notices/:notice", name: "published-notice", component: () => import("./Notice.vue"), ...open },
    { path: "/published/:id/notices/:notice/objections", name: "published-objection", component: () => import("./Objection.vue"), ...open },
    { path: "/published/:id/complaints", name: "published-complaints", component: () => import("./Complaints.vue"), ...open },
  ],
}
