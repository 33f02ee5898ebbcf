import type { Area } from "@/areas"
import { has } from "@/session"

const UNIT = ["assessed_unit"]
const replies = () => import("./Replies.vue")

export const area: Area = {
  zh: "本单位",
  en: "Own unit",
  order: 30,
  places: [
    { to: "unit-sheet", zh: "得分表", en: "Score sheet", needs: ["explain_score"] },
    { to: "unit-outlook", zh: "失分与提分", en: "Points lost and still open", needs: ["read_outlook", "read_stage_results"], roles: UNIT },
    { to: "unit-targets", zh: "目标", en: "Targets", needs: ["propose_targets", "read_targets"], roles: UNIT },
    { to: "unit-claims", zh: "加减分申报", en: "Claims", needs: ["post_claims"], roles: UNIT },
    { to: "unit-replies", zh: "待答复事项", en: "Replies", needs: ["reply_to_item", "answer_supervised_item", "answer_check_finding", "answer_complaint"], roles: UNIT },
    { to: "unit-self", zh: "自我评估", en: "Self-evaluation", needs: ["give_self_marks"], roles: UNIT },
    { to: "unit-objections", zh: "异议与更正", en: "Objections", needs: ["file_objection"], roles: UNIT },
  ],
  routes: [
    { path: "/years/:cycle/unit/sheet", name: "unit-sheet", component: () => import("./Sheet.vue") },
    { path: "/years/:cycle/unit/outlook", name: "unit-outlook", component: () => import("./OutlookPage.vue") },
    { path: "/years/:cycle/unit/targets", name: "unit-targets", component: () => import("./Targets.vue") },
    // Both sides sign letters, each where it reads them.
    { path: "/years/:cycle/unit/letters", name: "sign-letters", redirect: (to) => ({ name: has("performance_office", "second_body") ? "letters" : "unit-targets", params: to.params }) },
    { path: "/years/:cycle/unit/claims", name: "unit-claims", component: () => import("./Claims.vue") },
    { path: "/years/:cycle/unit/replies", name: "unit-replies", component: replies },
    // A task leads to the part of the page in which it is done.
    { path: "/years/:cycle/unit/replies/rectification", name: "unit-rectification", component: replies, props: { part: "rectification" } },
    { path: "/years/:cycle/unit/replies/supervised-items", name: "unit-items", component: replies, props: { part: "supervised" } },
    { path: "/years/:cycle/unit/replies/complaints", name: "unit-complaints", component: replies, props: { part: "complaints" } },
    { path: "/years/:cycle/unit/replies/findings", name: "unit-findings", component: replies, props: { part: "findings" } },
    { path: "/years/:cycle/unit/replies/consequences", name: "unit-consequences", component: replies, props: { part: "cases" } },
    { path: "/years/:cycle/unit/self-evaluation", name: "unit-self", component: () => import("./SelfEvaluation.vue") },
    { path: "/years/:cycle/unit/objections", name: "unit-objections", component: () => import("./Objections.vue") },
  ],
  tasks: {
    "propose-targets-again": "unit-targets",
    "sign-letters": "sign-letters",
    "answer-joint-claims": "unit-claims",
    "reply-to-rectification": "unit-rectification",
    "sign-for-item": "unit-items",
    "handle-item": "unit-items",
    "report-on-item": "unit-items",
    "answer-complaint": "unit-complaints",
    "answer-check-finding": "unit-findings",
    "state-on-fraud": "unit-findings",
    "speak-on-negative-case": "unit-consequences",
    "give-self-marks": "unit-self",
    "hand-in-self-evaluation": "unit-self",
  },
}
