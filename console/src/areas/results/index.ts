import type { Area } from "@/areas"

export const area: Area = {
  zh: "计分和排名",
  en: "Scores and rankings",
  order: 60,
  places: [
    { to: "results", zh: "结果形成", en: "Step by step", needs: ["compute_score_sheet", "compute_ranking"] },
    { to: "score-sheet", zh: "得分表", en: "Score sheet", needs: ["read_score_sheet"] },
    { to: "simulation", zh: "得分模拟", en: "Simulation", needs: ["simulate_ranking"] },
    { to: "diagnostics", zh: "指标诊断", en: "Diagnostics", needs: ["diagnose_score_sheet"] },
  ],
  routes: [
    { path: "/years/:cycle/results", name: "results", component: () => import("./Results.vue") },
    { path: "/years/:cycle/results/score-sheet", name: "score-sheet", component: () => import("./ScoreSheet.vue") },
    { path: "/years/:cycle/results/simulation", name: "simulation", component: () => import("./Simulation.vue") },
    { path: "/years/:cycle/results/diagnostics", name: "diagnostics", component: () => import("./Diagnostics.vue") },
  ],
}
