// Commands that are given for several categories, one after the other.
import type { Client } from "@/api"
import { count } from "@/format"
import { word } from "../decision/terms"
import type { Row } from "./hindrances"
import { t } from "./words"

export interface Command {
  category: string
  /** Sends it, and says in words what comes of it. */
  send: (client: Client, mode: "check" | "all") => Promise<string>
}

export const several = {
  rank: (cycle: string, rows: readonly Row[]): Command[] =>
    rows.map(({ category, sheet }) => ({
      category,
      send: async (client, mode) => {
        const { ranking } = await client.computeRanking({ cycle_id: cycle, mode, body: { category, score_sheet_edition: sheet?.edition ?? null } })
        return t("wouldRank", { n: ranking.edition, units: count(ranking.units.length), first: ranking.units.filter((each) => each.rank === 1).map((each) => each.name).join("、") || "—" })
      },
    })),
  merge: (cycle: string, rows: readonly Row[]): Command[] =>
    rows.flatMap(({ category, ranking, chain }) => {
      if (!ranking) return []
      const at = { cycle_id: cycle, edition: ranking.edition }
      const isUsual = ranking.state === "ranked" && isUsualChain(chain?.chain.map((each) => each.code))
      const send: Command["send"] = async (client, mode) => {
        const taken = isUsual ? await client.mergeRanking({ ...at, mode, body: {} }) : await client.takeRankingStep({ ...at, mode, body: { step: "merge" } })
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

function isUsualChain(codes: readonly string[] | undefined): boolean {
  return codes?.join() === "merge,review,decision"
}
