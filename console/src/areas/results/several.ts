// Commands that are given for several categories, one after the other.
import type { ShownStep } from "kaoping-client"
import type { Client } from "@/api"
import { count } from "@/format"
import { marks } from "@/language"
import { word } from "../decision/terms"
import type { Row } from "./hindrances"
import { t } from "./words"

export interface Command {
  category: string
  /** Sends it, and says in words what comes of it. */
  send: (client: Client, mode: "check" | "all") => Promise<string>
}

/** What became of one category: null, or why it was refused. */
export interface Told {
  category: string
  why: string | null
}

export const several = {
  rank: (cycle: string, rows: readonly Row[]): Command[] =>
    rows.map(({ category, sheet }) => ({
      category,
      send: async (client, mode) => {
        const { ranking } = await client.computeRanking({ cycle_id: cycle, mode, body: { category, score_sheet_edition: sheet?.edition ?? null } })
        return t("wouldRank", { n: ranking.edition, units: count(ranking.units.length), first: ranking.units.filter((each) => each.rank === 1).map((each) => each.name).join(marks.value.pause) || "—" })
      },
    })),
  merge: (cycle: string, rows: readonly Row[], documents: string[]): Command[] =>
    rows.flatMap(({ category, ranking, chain }) => {
      if (!ranking) return []
      const at = { cycle_id: cycle, edition: ranking.edition }
      const isUsual = chain !== undefined && isUsualChain(chain.chain)
      const send: Command["send"] = async (client, mode) => {
        const taken = isUsual ? await client.mergeRanking({ ...at, mode, body: {} }) : await client.takeRankingStep({ ...at, mode, body: { step: "merge", document_nos: documents } })
        return t("wouldMerge", { state: word("rankingState", taken.state) })
      }
      return [{ category, send }]
    }),
  publish: (cycle: string, rows: readonly Row[]): Command[] =>
    rows.flatMap(({ category, ranking }) => {
      if (!ranking) return []
      const send: Command["send"] = async (client, mode) => {
        const made = await client.publishRanking({ cycle_id: cycle, edition: ranking.edition, mode, body: {} })
        return t("wouldPublish", { n: made.manifest.release })
      }
      return [{ category, send }]
    }),
}

/** The chain of a scheme that has none of its own: its steps have routes of their own. */
function isUsualChain(chain: readonly ShownStep[]): boolean {
  return chain.map((each) => each.code).join() === "merge,review,decision" && chain.every((each) => !each.name && each.kind === "single" && each.needs === "none")
}
