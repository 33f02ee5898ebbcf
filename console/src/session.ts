// Who is signed in, and what that account may do: pages show what `operations` allows.
import { computed, ref, shallowRef } from "vue"
import type { Me } from "kaoping-client"
import { api, onSignedOut, Problem } from "./api"

export const me = shallowRef<Me | null>(null)
/** Whether it has been asked who is signed in. */
export const known = ref(false)

const operations = computed(() => new Set(me.value?.operations.map((each) => each.operation_id) ?? []))

/** Whether the account may call one of these operations, at least under some condition. */
export function may(...named: string[]): boolean {
  return named.some((each) => operations.value.has(each))
}

/** Whether the account has one of these roles. */
export function has(...roles: string[]): boolean {
  return me.value?.roles.some((each) => roles.includes(each.code)) ?? false
}

// Whether this browser has a session no script can see: that one was opened is noted, so that nobody
// is asked for who never signed in. The organisation's own page leads back with `signed-in` in the address.
const NOTED = "kaoping.signed-in"

onSignedOut(forget)

function forget(): void {
  me.value = null
  localStorage.removeItem(NOTED)
}

/** Ask who is signed in; nobody is where the API says so. */
export async function recognise(): Promise<void> {
  if (new URLSearchParams(location.search).has("signed-in")) localStorage.setItem(NOTED, "1")
  if (!localStorage.getItem(NOTED)) {
    known.value = true
    return
  }
  try {
    me.value = await api.value.readMe()
    readAgain()
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    forget()
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
  localStorage.setItem(NOTED, "1")
  await recognise()
}

export async function signOut(): Promise<void> {
  await api.value.endSession()
  forget()
}
