import type { Area } from "@/areas"

export const area: Area = {
  zh: "方案与目标",
  en: "Scheme and targets",
  order: 15,
  places: [
    { to: "scheme", zh: "实施方案", en: "Scheme", needs: ["read_scheme", "read_scheme_version"] },
    { to: "scheme-versions", zh: "方案版本", en: "Versions of the scheme", needs: ["list_scheme_versions"] },
    { to: "scheme-differences", zh: "分值变动", en: "Differences in points", needs: ["list_scheme_versions"] },
    { to: "consultations", zh: "征求意见", en: "Consultation", needs: ["list_consultations"] },
    { to: "targets", zh: "目标", en: "Targets", needs: ["read_targets"] },
    { to: "target-conflicts", zh: "目标不一致", en: "Targets that differ", needs: ["settle_targets", "confirm_settlements"] },
    { to: "letters", zh: "目标责任书", en: "Responsibility letters", needs: ["draw_up_letters"] },
  ],
  routes: [
    { path: "/years/:cycle/scheme", name: "scheme", component: () => import("./Scheme.vue") },
    { path: "/years/:cycle/scheme/versions", name: "scheme-versions", component: () => import("./Versions.vue") },
    { path: "/years/:cycle/scheme/editor", name: "scheme-editor", component: () => import("./Editor.vue") },
    { path: "/years/:cycle/scheme/differences", name: "scheme-differences", component: () => import("./Differences.vue") },
    { path: "/years/:cycle/scheme/consultations", name: "consultations", component: () => import("./Consultations.vue") },
    { path: "/years/:cycle/scheme/targets", name: "targets", component: () => import("./Targets.vue") },
    { path: "/years/:cycle/scheme/target-conflicts", name: "target-conflicts", component: () => import("./Conflicts.vue") },
    { path: "/years/:cycle/scheme/letters", name: "letters", component: () => import("./Letters.vue") },
  ],
  tasks: {
    "comment-on-draft": "consultations",
    "answer-comments": "consultations",
    "decide-on-targets": "targets",
    "confirm-targets": "targets",
    "issue-targets": "targets",
    "confirm-settlements": "target-conflicts",
    "draw-up-letters": "letters",
    "propose-targets-again": "targets",
    "decide-on-revision-requests": "targets",
  },
}
