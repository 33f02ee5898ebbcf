// The published client, in the language that is shown; and how pages ask it.
import { Client, NoAnswer, Problem } from "kaoping-client"
import { computed, onScopeDispose, ref, shallowRef, watch, type ShallowRef, type WatchSource } from "vue"
import { heard } from "./clock"
import { layDown, tokenFor } from "./emergency"
import { language } from "./language"

const listeners = new Set<() => void>()
const refusals = new Set<() => void>()

/** The session has ended over somebody's work: what was typed stays on the page until the same person has signed in again. */
export const ended = ref(false)

/** Be told when the session has ended. */
export function onSignedOut(listener: () => void): void {
  listeners.add(listener)
}

/** Be told when something was not allowed. */
export function onRefused(listener: () => void): void {
  refusals.add(listener)
}

const KEY = "Idempotency-Key"
/** Commands of which nobody knows whether they were done: nothing was answered, or that nobody is signed in any more. */
const undecided = new Map<string, { body: unknown; key: string }[]>()

/** A command that is given again, under the key that it had: it is not done twice. */
async function keyed(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = init?.headers as Record<string, string> | undefined
  if (!headers || !(KEY in headers)) return fetch(input, init)
  const what = `${init!.method} ${String(input)}`
  const others = (undecided.get(what) ?? []).filter((each) => each.body !== init!.body)
  const key = undecided.get(what)?.find((each) => each.body === init!.body)?.key ?? headers[KEY]!
  undecided.set(what, [...others, { body: init!.body, key }])
  const answer = await fetch(input, { ...init, headers: { ...headers, [KEY]: key } })
  const isOpen = [401, 429].includes(answer.status) || answer.status >= 500 || answer.headers.has("Retry-After")
  if (!isOpen) undecided.set(what, (undecided.get(what) ?? []).filter((each) => each.key !== key))
  return answer
}

/** Ask as the client does; 401 on anything but signing in means that nobody is signed in any more. */
async function asking(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const token = tokenFor(init?.method ?? "GET", String(input))
  const signed = token ? { ...init, credentials: "omit" as const, headers: { ...init?.headers, Authorization: `Bearer ${token}` } } : init
  const answer = await keyed(input, signed)
  if (token && answer.status === 401) {
    layDown() // its grant is over: the session goes on without it
    return answer
  }
  const isSignIn = init?.method === "POST" && String(input).endsWith("/api/v1/session")
  return isSignIn ? answer : noted(answer)
}

/** Take note of what every answer tells beside its body: what time it is, and that nobody is known any more. */
export function noted(answer: Response): Response {
  heard(answer.headers.get("Date"))
  if (answer.status === 401) listeners.forEach((each) => each())
  if (answer.status === 403) refusals.forEach((each) => each())
  return answer
}

const clients = {
  zh: new Client("", { language: "zh", fetch: asking }),
  en: new Client("", { language: "en", fetch: asking }),
}

/** Whoever complains or objects as anybody may is not told by a cookie, though an account is signed in. */
export const nobody = computed<Client>(() => unknown[language.value])

/** The client; `api.value.readMe()`. */
export const api = computed<Client>(() => clients[language.value])

const unsigned: typeof fetch = (input, init) => fetch(input, { ...init, credentials: "omit" })
const unknown = {
  zh: new Client("", { language: "zh", fetch: unsigned }),
  en: new Client("", { language: "en", fetch: unsigned }),
}

/** What somebody is told of a failure. */
export type Failure = Problem | NoAnswer | Error

export interface Asked<T> {
  value: ShallowRef<T | undefined>
  failure: ShallowRef<Failure | undefined>
  busy: ShallowRef<boolean>
  again: () => Promise<void>
}

/** Ask now, and again whenever one of `on` or the language changes; only the newest answer counts. */
export function useAsked<T>(
  ask: (client: Client, signal: AbortSignal) => Promise<T>,
  on: WatchSource[] = [],
): Asked<T> {
  const value = shallowRef<T>()
  const failure = shallowRef<Failure>()
  const busy = ref(false)
  let current: AbortController | undefined

  async function again(): Promise<void> {
    current?.abort()
    const mine = (current = new AbortController())
    busy.value = true
    try {
      const answer = await ask(api.value, mine.signal)
      if (mine.signal.aborted) return
      value.value = answer
      failure.value = undefined
    } catch (error) {
      if (mine.signal.aborted) return
      failure.value = error as Failure
      value.value = undefined
    } finally {
      if (current === mine) busy.value = false
    }
  }

  watch([language, ...on], () => void again(), { immediate: true })
  watch(ended, (now) => !now && failure.value instanceof Problem && failure.value.status === 401 && void again())
  onScopeDispose(() => current?.abort())
  return { value, failure, busy, again }
}

/** A command: busy while it is sent, and what it was refused with. */
export function useCommand() {
  const busy = ref(false)
  const failure = shallowRef<Failure>()

  async function run<T>(send: (client: Client) => Promise<T>): Promise<T | undefined> {
    busy.value = true
    failure.value = undefined
    try {
      return await send(api.value)
    } catch (error) {
      failure.value = error as Failure
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { busy, failure, run }
}

/** Every item of all pages, of `most` at most. */
export async function all<T>(pages: AsyncGenerator<T>, most = 20_000): Promise<T[]> {
  const items: T[] = []
  for await (const each of pages) {
    items.push(each)
    if (items.length >= most) break
  }
  return items
}

/** Have the browser save what was read as a file. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

export { Client, NoAnswer, Problem }
