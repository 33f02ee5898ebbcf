import type { Area } from "@/areas"

const READS = ["performance_office", "second_body", "auditor"]

export const area: Area = {
  zh: "绩效办",
  en: "Performance office",
  order: 10,
  places: [
    { to: "office-year", zh: "年度一览", en: "The year on one page", needs: ["read_progress"], roles: ["performance_office", "auditor"] },
    { to: "office-ledger", zh: "台账", en: "Ledger", needs: ["list_entries"], roles: READS },
    { to: "office-restatements", zh: "数值修订", en: "Restatements", needs: ["list_restatements"], roles: READS },
    { to: "office-claims", zh: "加减分认定", en: "Claims", needs: ["list_claims"], roles: READS },
    { to: "office-duties", zh: "报送任务", en: "Duties and cards", needs: ["list_duties"], roles: ["performance_office", "auditor"] },
    { to: "office-vetoes", zh: "一票否决与降等", en: "Vetoes and demotions", needs: ["list_vetoes"], roles: READS },
    { to: "office-report", zh: "报送一票否决、降等", en: "Report a veto or a demotion", needs: ["report_veto", "report_demotion"], roles: ["responsible_body"] },
  ],
  routes: [
    { path: "/years/:cycle/office/year", name: "office-year", component: () => import("./Year.vue") },
    { path: "/years/:cycle/office/ledger", name: "office-ledger", component: () => import("./Ledger.vue") },
    { path: "/years/:cycle/office/restatements", name: "office-restatements", component: () => import("./Restatements.vue") },
    { path: "/years/:cycle/office/claims", name: "office-claims", component: () => import("./Claims.vue") },
    { path: "/years/:cycle/office/duties", name: "office-duties", component: () => import("./Duties.vue") },
    { path: "/years/:cycle/office/vetoes", name: "office-vetoes", component: () => import("./Vetoes.vue") },
    { path: "/years/:cycle/office/report", name: "office-report", component: () => import("./Report.vue") },
  ],
  tasks: {
    "check-entries": "office-ledger",
    "verify-entries": "office-ledger",
    "verify-reversals": "office-ledger",
    "return-outdated-entries": "office-ledger",
    "verify-restatements": "office-restatements",
    "confirm-claims": "office-claims",
    "confirm-veto": "office-vetoes",
    "confirm-veto-lifting": "office-vetoes",
    "confirm-demotion": "office-vetoes",
    "confirm-demotion-lifting": "office-vetoes",
  },
}
