import type { Area } from "@/areas"

const READS = ["performance_office", "second_body", "organiser", "committee", "standing_committee", "auditor", "data_source_unit", "assessed_unit"]

export const area: Area = {
  zh: "上级指标",
  en: "The superior's indicators",
  order: 20,
  places: [
    { to: "decomposition", zh: "责任分解", en: "Decomposition", needs: ["list_decomposition_versions"], roles: READS },
    { to: "standings", zh: "上级计分情况", en: "Standings", needs: ["read_standings"], roles: READS },
  ],
  routes: [
    { path: "/years/:cycle/superior/decomposition", name: "decomposition", component: () => import("./Decomposition.vue") },
    { path: "/years/:cycle/superior/standings", name: "standings", component: () => import("./Standings.vue") },
  ],
  tasks: { "follow-superior-scheme": "decomposition" },
}
