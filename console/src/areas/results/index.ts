import type { Area } from "@/areas"

export const area: Area = {
  zh: "计分和排名",
  en: "Scores and rankings",
  order: 60,
  places: [
    { to: "stages", zh: "阶段评估", en: "Stages", needs: ["list_stages"], roles: ["performance_office", "second_body", "auditor", "organiser", "vice_mayor", "committee", "standing_committee", "assessed_unit"] },
    { to: "results", zh: "结果形成", en: "Step by step", needs: ["compute_score_sheet", "compute_ranking"] },
    { to: "score-sheet", zh: "得分表", en: "Score sheet", needs: ["read_score_sheet"] },
    { to: "simulation", zh: "得分模拟", en: "Simulation", needs: ["simulate_ranking"] },
    { to: "diagnostics", zh: "指标诊断", en: "Diagnostics", needs: ["diagnose_score_sheet"] },
  ],
  routes: [
    { path: "/years/:cycle/results/stages", name: "stages", component: () => import("./Stages.vue") },
    { path: "/years/:cycle/results", name: "results", component: () => import("./Results.vue") },
    { path: "/years/:cycle/results/score-sheet", name: "score-sheet", component: () => import("./ScoreSheet.vue") },
    { path: "/years/:cycle/results/simulation", name: "simulation", component: () => import("./Simulation.vue") },
    { path: "/years/:cycle/results/diagnostics", name: "diagnostics", component: () => import("./Diagnostics.vue") },
  ],
  tasks: { "confirm-stage-release": "stages" },
}
