import type { Area } from "@/areas"

const SOURCES = ["data_source_unit", "assessed_unit", "panel_member"]
const own = () => import("./Own.vue")

export const area: Area = {
  zh: "数据报送",
  en: "Entering values",
  order: 30,
  places: [
    { to: "source-owed", zh: "报送任务", en: "What I owe", needs: ["read_desk"], roles: SOURCES },
    { to: "source-entry", zh: "在线录入", en: "Enter values", needs: ["post_entries"], roles: SOURCES },
    { to: "source-excel", zh: "表格填报", en: "Excel tables", needs: ["read_template"], roles: ["data_source_unit", "assessed_unit"] },
    { to: "source-entries", zh: "本单位记录", en: "Own entries", needs: ["post_entries"], roles: SOURCES },
  ],
  routes: [
    { path: "/years/:cycle/source/owed", name: "source-owed", component: () => import("./Owed.vue") },
    { path: "/years/:cycle/source/entry", name: "source-entry", component: () => import("./Entry.vue") },
    { path: "/years/:cycle/source/excel", name: "source-excel", component: () => import("./Excel.vue") },
    { path: "/years/:cycle/source/entries", name: "source-entries", component: own },
    { path: "/years/:cycle/source/entries/returned", name: "source-returned", component: own, meta: { part: "returned" } },
    { path: "/years/:cycle/source/entries/drafts", name: "source-drafts", component: own, meta: { part: "draft" } },
    { path: "/years/:cycle/source/entries/lacking", name: "source-lacking", component: own, meta: { part: "lacking" } },
    { path: "/years/:cycle/source/entries/signatures", name: "source-signatures", component: own, meta: { part: "signatures" } },
    { path: "/years/:cycle/source/entries/parked", name: "source-parked", component: own, meta: { part: "parked" } },
    { path: "/years/:cycle/source/entries/adopted", name: "source-adopted", component: own, meta: { part: "adopted" } },
  ],
  tasks: {
    "enter-entries": "source-owed",
    "give-marks": "source-entry",
    "take-over-last-years-results": "source-adopted",
    "submit-drafts": "source-drafts",
    "mend-returned-entries": "source-returned",
    "sign-off-entries": "source-signatures",
    "add-evidence": "source-lacking",
    "replay-parked-rows": "source-parked",
    "withdraw-outdated-entry": "source-adopted",
    "reverse-outdated-entry": "source-adopted",
  },
}
