import type { Area } from "@/areas"

export const area: Area = {
  zh: "年度与单位",
  en: "Years and units",
  order: 12,
  places: [
    { to: "years", zh: "评估年度", en: "Years", needs: ["begin_cycle"] },
    { to: "units", zh: "单位名录", en: "Units", needs: ["register_units"] },
    { to: "archive", zh: "归档与恢复", en: "Archive", needs: ["export_archive", "list_restoration_proposals"] },
    { to: "jurisdictions", zh: "辖区", en: "Jurisdictions", needs: ["register_jurisdiction"] },
  ],
  routes: [
    { path: "/years", name: "years", component: () => import("./Years.vue") },
    { path: "/units", name: "units", component: () => import("./Units.vue") },
    { path: "/years/:cycle/archive", name: "archive", component: () => import("./Archive.vue") },
    { path: "/jurisdictions", name: "jurisdictions", component: () => import("./Jurisdictions.vue") },
  ],
  tasks: { "restore-archive": "archive" },
}
