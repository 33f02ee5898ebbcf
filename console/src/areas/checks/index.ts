import type { Area } from "@/areas"

const check = () => import("./Check.vue")

export const area: Area = {
  zh: "复检与抽查",
  en: "Re-checks and spot checks",
  order: 35,
  places: [
    { to: "checks", zh: "复检与抽查", en: "Checks", needs: ["fix_check_lists", "list_check_teams"], roles: ["performance_office", "auditor"] },
    { to: "check-frauds", zh: "弄虚作假认定", en: "Put forward as fraud", needs: ["decide_on_fraud"], roles: ["committee"] },
  ],
  routes: [
    { path: "/years/:cycle/checks", name: "checks", component: () => import("./Checks.vue") },
    { path: "/years/:cycle/checks/check", name: "check", component: check },
    { path: "/years/:cycle/checks/check/teams", name: "check-teams", component: check, props: { part: "teams" } },
    { path: "/years/:cycle/checks/check/findings", name: "check-findings", component: check, props: { part: "findings" } },
    { path: "/years/:cycle/checks/sheet", name: "check-sheet", component: () => import("./Sheet.vue") },
    { path: "/years/:cycle/checks/sheet/again", name: "check-again", component: () => import("./Sheet.vue"), props: { again: true } },
    { path: "/years/:cycle/checks/frauds", name: "check-frauds", component: () => import("./Frauds.vue") },
  ],
  tasks: {
    "fix-check-lists": "check",
    "draw-check": "check",
    "name-check-team": "check-teams",
    "check-unit": "check-sheet",
    "mark-entries-again": "check-again",
    "decide-check-finding": "check-findings",
    "decide-on-fraud": "check-frauds",
  },
}
