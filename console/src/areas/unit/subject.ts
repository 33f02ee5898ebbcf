// What an objection is about, in words.
import type { Objection } from "kaoping-client"
import { marks } from "@/language"
import { nameOf } from "@/year"
import { t } from "./moreWords"
import { word } from "./terms"

/** A mark by its indicator, a card by its period, a wave by its survey; otherwise what kind it is. */
export function subjectOf(row: Objection): string {
  const kind = word("about", row.about)
  if (row.about === "mark") return `${kind}${marks.value.colon}${nameOf(row.indicator)}`
  if (row.about === "card") return `${word("cardLight", row.card_light)}${marks.value.colon}${nameOf(row.indicator)} ${row.period ?? ""}`
  if (row.about === "wave") return `${nameOf(row.survey)} ${t("wave")} ${row.wave ?? ""}`
  return row.indicator ? `${kind}${marks.value.colon}${nameOf(row.indicator)}` : kind
}
