// A right that was taken in an emergency (应急授权) and is used on these pages: its token is kept in memory alone, goes
// with the requests of the right and with no other, and is gone with the page, its time, or whoever lays it down.
import { computed, shallowRef } from "vue"

interface Right {
  operations: readonly string[]
  /** Which requests the token goes with. */
  opens: (method: string, path: string) => boolean
}
// As `emergency` of the authorisation matrix; the right to read in an incident has no page of its own.
const RIGHTS: Record<string, Right> = {
  "account-care": {
    operations: [
      "list_accounts", "read_account", "list_account_changes", "list_account_resets", "confirm_account", "refuse_account",
      "confirm_account_change", "refuse_account_change", "confirm_account_reset", "unlock_account",
    ],
    opens: (method, path) => path.startsWith("/api/v1/accounts") && (method === "GET" || /\/(confirmation|refusal|unlock)$/.test(path)),
  },
}

export interface InUse {
  right: string
  token: string
  until: number
}
const kept = shallowRef<InUse | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

export const inUse = computed(() => (kept.value ? { right: kept.value.right, until: kept.value.until } : null))
export const usable = (right: string): boolean => right in RIGHTS
const operations = computed(() => new Set(kept.value ? RIGHTS[kept.value.right]?.operations : []))
/** Whether the right that is in use lets an operation be called. */
export const mayInEmergency = (named: string): boolean => operations.value.has(named)

export function takeUp(right: string, token: string, seconds: number): void {
  layDown()
  kept.value = { right, token, until: Date.now() + seconds * 1000 }
  timer = setTimeout(layDown, seconds * 1000)
}
export function layDown(): void {
  clearTimeout(timer)
  kept.value = null
}
/** The token that goes with a request, if one does. */
export function tokenFor(method: string, url: string): string | null {
  const { value: now } = kept
  return now && RIGHTS[now.right]?.opens(method, url.split("?")[0] ?? url) ? now.token : null
}
