// A category over the years: the newest release of each year, as everybody is shown it.
import type { Client, PublicCycle, PublishedRelease, PublishedUnit } from "kaoping-client"
import { all } from "@/api"

const MOST = 10

export interface Year {
  year: number
  release: PublishedRelease
}

/** Read what each year has published of a category, the earliest year first; of two cycles of one year the given one. */
export async function readYears(client: Client, signal: AbortSignal, given: PublishedRelease): Promise<Year[]> {
  const cycles = await all<PublicCycle>(client.iterPublicCycles({}, { signal }))
  const found = new Map<number, { cycle_id: string; release: number }>()
  for (const cycle of cycles) {
    const release = cycle.categories.find((each) => each.category === given.category)?.release
    const year = cycle.assessment_year
    if (release && year && (!found.has(year) || cycle.cycle_id === given.cycle_id)) found.set(year, { cycle_id: cycle.cycle_id, release })
  }
  const newest = [...found].sort(([a], [b]) => a - b).slice(-MOST)
  return Promise.all(newest.map(async ([year, at]) => ({ year, release: await client.readPublicRelease(at, { signal }) })))
}

/** Where a unit stands in each of the years; undefined where it is not in it. */
export function standings(years: readonly Year[], unit: string): (PublishedUnit | undefined)[] {
  return years.map((each) => each.release.units.find((one) => one.unit === unit))
}
