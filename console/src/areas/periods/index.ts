import type { Area } from "@/areas"

export const area: Area = {
  zh: "关账与上报",
  en: "Periods and hand-in",
  order: 14,
  places: [
    { to: "periods", zh: "期间关账", en: "Periods", needs: ["close_period", "permit_entering", "list_period_permissions"], roles: ["performance_office", "auditor"] },
    { to: "hand-in", zh: "汇总上报", en: "Hand-in of categories", needs: ["hand_in_category", "read_completeness"], roles: ["organiser", "performance_office", "vice_mayor", "auditor"] },
    { to: "self-evaluations", zh: "自评与比对", en: "Self-evaluations", needs: ["compare_self_evaluations", "list_self_evaluations"], roles: ["performance_office", "auditor"] },
    { to: "calendar", zh: "工作日历", en: "Calendar", needs: ["announce_calendar", "correct_calendar"], roles: ["performance_office", "system_administrator"] },
  ],
  routes: [
    { path: "/years/:cycle/periods", name: "periods", component: () => import("./Periods.vue") },
    { path: "/years/:cycle/hand-in", name: "hand-in", component: () => import("./HandIn.vue") },
    { path: "/years/:cycle/self-evaluations", name: "self-evaluations", component: () => import("./SelfEvaluations.vue") },
    { path: "/calendar", name: "calendar", component: () => import("./Calendar.vue") },
  ],
  tasks: {
    "hand-in-category": "hand-in",
    "compare-self-evaluations": "self-evaluations",
    "announce-calendar": "calendar",
  },
}
