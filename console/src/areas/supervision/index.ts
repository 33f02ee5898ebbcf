import type { Area } from "@/areas"

export const area: Area = {
  zh: "督查督办与投诉",
  en: "Inspections, items and complaints",
  order: 40,
  places: [
    { to: "items", zh: "督办事项", en: "Supervised items", needs: ["list_supervised_items"], roles: ["performance_office", "second_body", "organiser", "committee", "auditor"] },
    { to: "inspections", zh: "督查检查", en: "Inspections", needs: ["list_inspections"], roles: ["performance_office", "second_body", "organiser", "committee", "standing_committee", "auditor", "assessed_unit", "data_source_unit"] },
    { to: "complaints", zh: "投诉办理", en: "Complaints", needs: ["list_complaints"], roles: ["performance_office", "second_body", "auditor"] },
    { to: "complaint-ratings", zh: "投诉月度评价", en: "Ratings of complaints", needs: ["read_complaint_ratings"] },
  ],
  routes: [
    { path: "/years/:cycle/supervision/items", name: "items", component: () => import("./Items.vue") },
    { path: "/years/:cycle/supervision/inspections", name: "inspections", component: () => import("./Inspections.vue") },
    { path: "/years/:cycle/supervision/complaints", name: "complaints", component: () => import("./Complaints.vue") },
    { path: "/years/:cycle/supervision/complaint-ratings", name: "complaint-ratings", component: () => import("./Ratings.vue") },
  ],
  tasks: {
    "dispatch-items": "items",
    "decide-on-item": "items",
    "rule-on-item": "items",
    "decide-on-complaint": "complaints",
    "erase-contacts": "complaints",
  },
}
