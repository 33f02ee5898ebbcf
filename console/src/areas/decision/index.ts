import type { Area } from "@/areas"

const DECIDING = ["performance_office", "second_body", "vice_mayor", "committee", "standing_committee", "auditor"]

export const area: Area = {
  zh: "审议决定",
  en: "Decisions",
  order: 70,
  places: [
    { to: "rankings", zh: "排名审议", en: "Rankings", needs: ["list_rankings"], roles: DECIDING },
    { to: "corrections", zh: "封存后更正", en: "Corrections", needs: ["list_corrections"], roles: DECIDING },
    { to: "delegations", zh: "签署委托", en: "Delegations", needs: ["delegate_signature", "list_delegations"], roles: DECIDING },
    { to: "consequences", zh: "结果运用", en: "Consequences", needs: ["list_consequences"], roles: DECIDING },
  ],
  routes: [
    { path: "/years/:cycle/decision/rankings", name: "rankings", component: () => import("./Rankings.vue") },
    { path: "/years/:cycle/decision/ranking", name: "ranking", component: () => import("./Ranking.vue") },
    { path: "/years/:cycle/decision/ranking/notice", name: "ranking-notice", component: () => import("./Ranking.vue") },
    { path: "/years/:cycle/decision/notice", name: "notice-objections", component: () => import("./NoticeObjections.vue") },
    { path: "/years/:cycle/decision/corrections", name: "corrections", component: () => import("./Corrections.vue") },
    { path: "/years/:cycle/decision/delegations", name: "delegations", component: () => import("./Delegations.vue") },
    { path: "/years/:cycle/decision/consequences", name: "consequences", component: () => import("./Consequences.vue") },
  ],
  tasks: {
    "merge-ranking": "ranking",
    "review-ranking": "ranking",
    "decide-ranking": "ranking",
    "take-ranking-step": "ranking",
    "publish-ranking": "ranking",
    "open-notice": "ranking-notice",
    "answer-notice-objections": "notice-objections",
    "decide-correction": "corrections",
    "decide-consequence": "consequences",
    "follow-reports": "consequences",
    "erase-notice-contacts": "rankings",
  },
}
