import type { Area } from "@/areas"

export const area: Area = {
  zh: "异议",
  en: "Objections",
  order: 45,
  places: [{ to: "appeals", zh: "异议处理", en: "Objections", needs: ["decide_objection"] }],
  routes: [{ path: "/years/:cycle/objections", name: "appeals", component: () => import("./Appeals.vue") }],
  tasks: { "decide-objection": "appeals", "carry-out-objection": "appeals" },
}
