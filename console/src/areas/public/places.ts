import type { PublishedUnit } from "kaoping-client"
import { t } from "./words"

/** Where a unit stands, in a word or two: its rank and its grade, as far as they are shown. */
export function place(unit: PublishedUnit | undefined): string {
  if (!unit) return "—"
  const rank = unit.rank ? t("rankGrade", { rank: unit.rank }) : null
  return [rank, unit.grade_name].filter(Boolean).join(" ") || "—"
}
