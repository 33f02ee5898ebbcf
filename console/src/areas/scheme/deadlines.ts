// By when an indicator's values are due, in words, as `duties` of the scheme say or as is usual.
import type { IndicatorOutput, SchemeOutput } from "kaoping-client"
import { day } from "@/format"
import { t } from "./words"

export function deadlineOf(indicator: IndicatorOutput, scheme: SchemeOutput): string {
  const duties = scheme.duties
  if (duties?.exempt?.includes(indicator.code)) return t("dueExempt")
  switch (indicator.frequency) {
    case "monthly":
      return t("dueMonthly", { n: duties?.monthly_within ?? 5 })
    case "quarterly":
      return t("dueQuarterly", { n: duties?.quarterly_within ?? 10 })
    case "half_yearly":
    case "twice_a_year":
      return t("dueHalfYearly", { n: duties?.half_yearly_by ?? 15 })
    case "yearly":
      return duties?.yearly_by ? day(duties.yearly_by) : t("dueYearlyUsual")
    case "per_event":
      return t("dueNone")
  }
}
