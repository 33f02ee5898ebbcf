// What would become of each row of a list that is decided at once: the API refuses a list as a whole
// and names the rows that keep it from being done, so that the others can be done without them.
import { Problem } from "@/api"

export interface Judged {
  /** What can be done, in the order in which it was asked. */
  allowed: string[]
  /** What cannot, and why. */
  refused: Map<string, string[]>
}

const PLACE = /^\/\w+\/(\d+)(?:\/|$)/
// A refusal names a hundred faults at most; no list that is asked for here has more rows than that often.
const MOST_ROUNDS = 60

/** Ask what of a list can be done, leaving out what is refused until the rest is not. */
export async function judge(ids: readonly string[], check: (ids: string[]) => Promise<unknown>): Promise<Judged> {
  const refused = new Map<string, string[]>()
  let left = [...ids]
  for (let round = 0; left.length && round < MOST_ROUNDS; round++) {
    try {
      await check(left)
      return { allowed: left, refused }
    } catch (error) {
      const named = error instanceof Problem ? placesOf(error) : new Map<number, string[]>()
      if (!named.size) throw error
      for (const [place, why] of named) if (left[place] !== undefined) refused.set(left[place], why)
      left = left.filter((_, place) => !named.has(place))
    }
  }
  return { allowed: [], refused }
}

function placesOf(problem: Problem): Map<number, string[]> {
  const found = new Map<number, string[]>()
  for (const fault of problem.errors) {
    const place = PLACE.exec(fault.pointer)?.[1]
    if (place === undefined) return new Map()
    found.set(Number(place), [...(found.get(Number(place)) ?? []), fault.detail])
  }
  return found
}
