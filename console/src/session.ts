// Who is signed in, and what that account may do: pages show what `operations` allows.
import { computed, ref, shallowRef } from "vue"
import type { Me } from "kaoping-client"
import { api, ended, onRefused, onSignedOut, Problem } from "./api"
import { layDown, mayInEmergency } from "./emergency"

export const me = shallowRef<Me | null>(null)
/** Whether it has been asked who is signed in. */
export const known = ref(false)

const operations = computed(() => new Set(me.value?.operations.map((each) => each.operation_id) ?? []))

/** Whether the account may call one of these operations, at least under some condition. */
export function may(...named: string[]): boolean {
  return named.some((each) => operations.value.has(each) || mayInEmergency(each))
}

/** Whether the account has one of these roles. */
export function has(...roles: string[]): boolean {
  return me.value?.roles.some((each) => roles.includes(each.code)) ?? false
}

// Whether this browser has a session no script can see: that one was opened is noted, so that nobody
// is asked for who never signed in. The organisation's own page leads back with `signed-in` in the address.
const NOTED = "kaoping.signed-in"

onSignedOut(() => (me.value ? (ended.value = true) : forget()))

function forget(): void {
  layDown()
  me.value = null
  localStorage.removeItem(NOTED)
}

// A right that was taken away is offered no longer, once something was refused for want of it.
const SELDOM = 30_000
let lookedAt = 0
onRefused(() => {
  if (!me.value || Date.now() - lookedAt < SELDOM) return
  lookedAt = Date.now()
  void recognise().catch(() => undefined)
})

/** Whoever signs in or out in another tab does so in this one: all of them have one cookie. */
window.addEventListener("storage", (event) => {
  if (event.key !== NOTED || !me.value) return
  if (event.newValue === null) location.reload()
  else void recognise().catch(() => undefined) // the next request says that nobody answers
})
// What the browser kept of a page that was left is asked for again: somebody else may sit there by now.
window.addEventListener("pageshow", (event) => event.persisted && location.reload())

/** Ask who is signed in; nobody is where the API says so. */
export async function recognise(): Promise<void> {
  if (!known.value && new URLSearchParams(location.search).has("signed-in")) note()
  if (!localStorage.getItem(NOTED)) {
    known.value = true
    return
  }
  const before = me.value?.subject
  try {
    const read = await api.value.readMe()
    // Nothing of what one person has open is another's.
    if (before !== undefined && before !== read.subject) return location.assign("/console/")
    if (JSON.stringify(read) !== JSON.stringify(me.value)) me.value = read
    ended.value = false
    readAgain()
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    if (!me.value) forget()
  }
  known.value = true
}

const unknown = (read: Me | null) => read?.operations.filter((each) => each.operation_id === null).length ?? 0

/** Ask again, ever less often, while a part of the system that has just started has not said yet what it serves. */
function readAgain(after = 2000): void {
  const { value: now } = me
  if (!now || !unknown(now) || after > 120_000) return
  setTimeout(async () => {
    const read = await api.value.readMe().catch(() => null)
    if (me.value?.subject !== now.subject) return
    if (read && unknown(read) < unknown(me.value)) me.value = read
    readAgain(after * 2)
  }, after)
}

export async function signIn(username: string, password: string, otp: string): Promise<void> {
  const body = otp ? { username, password, otp } : { username, password }
  await api.value.openSession({ body })
  note()
  await recognise()
}

export async function signOut(): Promise<void> {
  try {
    if (!ended.value) await api.value.endSession()
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
  }
  forget()
  // Loaded anew: nothing of what was read stays in the memory of the page.
  location.assign("/console/sign-in")
}

/** Each sign-in has a note of its own, so that other tabs hear of it. */
function note(): void {
  localStorage.setItem(NOTED, Date.now().toString(36))
}
