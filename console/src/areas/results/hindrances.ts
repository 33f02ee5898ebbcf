// What is next of a category, and what stands in its way as far as it is known before asking.
import type { ChainOfEdition, Ledger, RankingSummary, ScoreSheetSummary } from "kaoping-client"
import { has, me } from "@/session"
import { isOver } from "../decision/editions"
import { term } from "@/words/terms"
import { t } from "./words"

export interface Row {
  category: string
  ranking: RankingSummary | undefined
  /** The newest score sheet of the category. */
  sheet: ScoreSheetSummary | undefined
  /** The score sheet that the ranking was computed from. */
  restsOn: ScoreSheetSummary | undefined
  chain: ChainOfEdition | undefined
}

/** The step that is next: `rank`, one of the chain, `publication`; null where nothing is. */
export function nextOf(row: Row): string | null {
  if (!row.ranking) return "rank"
  if (isOver(row.ranking.state)) return null
  return row.chain?.position.next ?? null
}

/** Why it cannot be done now, or not by the reader; null where nothing is known against it. */
export function hindrance(row: Row, ledger: Ledger): string | null {
  const next = nextOf(row)
  if (next === null) return null
  if (!row.sheet) return t("noSheetYet")
  if (next === "rank") return null
  if (row.restsOn && row.sheet.edition > row.restsOn.edition) return t("newerSheet")
  if (ledger.phase === "open" || row.restsOn?.ledger_phase === "open") return t("openLedger")
  if (row.restsOn?.phase === "computed") return t("notFedBack")
  return ofCaller(row, next)
}

function ofCaller(row: Row, next: string): string | null {
  const role = next === "publication" ? "performance_office" : row.chain?.chain.find((each) => each.code === next)?.role
  if (role && !has(role)) return t("byRole", { role: term("role", role) })
  const took = row.chain?.said.some((each) => each.step !== next && [each.subject, each.behind].includes(me.value?.subject ?? ""))
  return took ? t("byAnother") : null
}
