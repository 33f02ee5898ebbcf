import type { Area } from "@/areas"

export const area: Area = {
  zh: "工作台",
  en: "Desk",
  order: 0,
  places: [
    { to: "tasks", zh: "待办事项", en: "Tasks", needs: ["list_own_tasks"] },
    { to: "events", zh: "动态", en: "Events", needs: ["read_events"] },
  ],
  routes: [
    { path: "/", name: "tasks", component: () => import("./Tasks.vue") },
    { path: "/sign-in", name: "sign-in", component: () => import("./SignIn.vue"), meta: { open: true } },
    { path: "/events", name: "events", component: () => import("./Events.vue") },
    { path: "/account", name: "account", component: () => import("./Account.vue") },
  ],
}
