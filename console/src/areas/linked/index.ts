import type { Area } from "@/areas"

export const area: Area = {
  zh: "三位一体",
  en: "Linked results",
  order: 72,
  places: [
    { to: "linked-results", zh: "考核结果录入", en: "Enter results", needs: ["enter_linked_result"], roles: ["responsible_body"] },
    { to: "linked-readings", zh: "三位一体结果", en: "Linked results", needs: ["read_linked_results"], roles: ["responsible_body"] },
    { to: "linked-log", zh: "三位一体查阅记录", en: "Readings of linked results", needs: ["list_linked_readings"], roles: ["auditor"] },
    { to: "linked-erasure", zh: "个人结果清除", en: "Erasure of personal results", needs: ["erase_linked_results"], roles: ["performance_office"] },
  ],
  routes: [
    { path: "/years/:cycle/linked", name: "linked-results", component: () => import("./Enter.vue") },
    { path: "/years/:cycle/linked/second", name: "linked-second", component: () => import("./Second.vue") },
    { path: "/years/:cycle/linked/readings", name: "linked-readings", component: () => import("./Read.vue") },
    { path: "/years/:cycle/linked/log", name: "linked-log", component: () => import("./Log.vue") },
    { path: "/years/:cycle/linked/erasure", name: "linked-erasure", component: () => import("./Erase.vue") },
  ],
  tasks: { "decide-linked-result": "linked-second", "erase-linked-results": "linked-erasure" },
}
