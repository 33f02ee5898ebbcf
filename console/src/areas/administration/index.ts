import type { Area } from "@/areas"

export const area: Area = {
  zh: "系统管理",
  en: "Administration",
  order: 80,
  places: [
    { to: "accounts", zh: "账户", en: "Accounts", needs: ["list_accounts"] },
    { to: "emergencies", zh: "应急授权", en: "Emergency grants", needs: ["list_emergency_grants"] },
    { to: "webhook-hosts", zh: "消息推送", en: "Webhooks", needs: ["list_webhook_hosts"] },
    { to: "journals", zh: "日志核验", en: "Journals", needs: ["read_gateway_heads", "verify_gateway_chain", "list_checkpoints"] },
  ],
  routes: [
    { path: "/administration/accounts", name: "accounts", component: () => import("./Accounts.vue") },
    { path: "/administration/account", name: "account-of", component: () => import("./AccountOf.vue") },
    { path: "/administration/emergencies", name: "emergencies", component: () => import("./Emergencies.vue") },
    { path: "/administration/webhooks", name: "webhook-hosts", component: () => import("./Webhooks.vue") },
    { path: "/administration/journals", name: "journals", component: () => import("./Journals.vue") },
  ],
  tasks: {
    "confirm-account": "account-of",
    "confirm-account-change": "account-of",
    "confirm-secret": "account-of",
    "confirm-account-reset": "account-of",
    "mend-account-holder": "account-of",
    "name-security-administrator": "accounts",
    "name-audit-administrator": "accounts",
    "watch-emergency-grant": "emergencies",
    "review-emergency-grant": "emergencies",
    "confirm-webhook-host": "webhook-hosts",
    "resume-webhook": "webhook-hosts",
  },
}
