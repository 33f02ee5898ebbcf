// Editions of rankings and score sheets: which is the newest, and what a scheme says of its approval.
import type { PublishedScheme, RankingSummary, ScoreSheetSummary } from "kaoping-client"
import type { Client } from "@/api"
import { names } from "@/year"

/** The newest edition of each category. */
export function newest<Edition extends { edition: number; category: string }>(editions: readonly Edition[]): Map<string, Edition> {
  const found = new Map<string, Edition>()
  for (const each of editions) {
    const other = found.get(each.category)
    if (!other || other.edition < each.edition) found.set(each.category, each)
  }
  return found
}

/** The newest score sheet that has a category. */
export function newestSheet(sheets: readonly ScoreSheetSummary[], category: string): ScoreSheetSummary | undefined {
  return sheets.filter((each) => each.categories.includes(category)).sort((a, b) => b.edition - a.edition)[0]
}

/** Editions that are published already, and take no more steps. */
export function isOver(state: RankingSummary["state"]): boolean {
  return state === "published" || state === "embargoed"
}

/** The categories of the year in the order of its scheme. */
export function categoryCodes(): string[] {
  return names.value?.categories.map((each) => each.code) ?? []
}

const read = new Map<string, Promise<PublishedScheme>>()

/** The scheme in force of a year, which is large: read once as long as the page is open. */
export function schemeOf(client: Client, cycle: string): Promise<PublishedScheme> {
  let asked = read.get(cycle)
  if (!asked) {
    asked = client.readScheme({ cycle_id: cycle })
    read.set(cycle, asked)
    asked.catch(() => read.delete(cycle))
  }
  return asked
}

/** Forget schemes that were read: another version may be in force. */
export function forgetSchemes(): void {
  read.clear()
}
