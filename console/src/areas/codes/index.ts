import type { Area } from "@/areas"

const READS = ["performance_office", "auditor"]
const mappings = () => import("./Mappings.vue")

export const area: Area = {
  zh: "代码对照",
  en: "Codes of other systems",
  order: 13,
  places: [{ to: "id-schemes", zh: "代码体系", en: "Id schemes", needs: ["register_id_scheme", "list_unit_mappings"], roles: READS }],
  routes: [
    { path: "/codes", name: "id-schemes", component: () => import("./IdSchemes.vue") },
    { path: "/codes/units", name: "unit-mappings", component: mappings, props: { of: "units" } },
    { path: "/years/:cycle/codes/indicators", name: "indicator-mappings", component: mappings, props: { of: "indicators" } },
  ],
  tasks: { "confirm-unit-mappings": "unit-mappings", "confirm-indicator-mappings": "indicator-mappings" },
}
