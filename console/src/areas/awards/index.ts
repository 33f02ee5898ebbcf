import type { Area } from "@/areas"

export const area: Area = {
  zh: "奖项与亮点",
  en: "Awards and highlights",
  order: 38,
  places: [
    { to: "awards", zh: "奖项与称号", en: "Awards and titles", needs: ["list_registered_awards"], roles: ["performance_office", "second_body", "auditor", "assessed_unit", "data_source_unit", "organiser"] },
    { to: "highlights", zh: "亮点", en: "Highlights", needs: ["list_highlights"], roles: ["performance_office", "second_body", "auditor", "assessed_unit"] },
  ],
  routes: [
    { path: "/years/:cycle/awards", name: "awards", component: () => import("./Awards.vue") },
    { path: "/years/:cycle/awards/highlights", name: "highlights", component: () => import("./Highlights.vue") },
  ],
  tasks: { "confirm-awards": "awards", "examine-highlights": "highlights" },
}
