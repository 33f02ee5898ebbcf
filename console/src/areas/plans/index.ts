import type { Area } from "@/areas"

const READS = ["performance_office", "second_body", "auditor", "assessed_unit"]

export const area: Area = {
  zh: "项目与计划",
  en: "Projects and plans",
  order: 18,
  places: [
    { to: "projects", zh: "重点项目", en: "Projects", needs: ["list_project_states"], roles: READS },
    { to: "work-plans", zh: "工作计划", en: "Work plans", needs: ["list_work_plans"], roles: READS },
  ],
  routes: [
    { path: "/years/:cycle/plans/projects", name: "projects", component: () => import("./Projects.vue") },
    { path: "/years/:cycle/plans/work-plans", name: "work-plans", component: () => import("./WorkPlans.vue") },
  ],
}
