// Periods of a year (周期) as people say them.
import { language } from "@/language"

const MONTHS = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" })

/** A period in words: 2025, 2025H1, 2025Q3, 2025-07. */
export function periodName(period: string | null | undefined): string {
  if (!period) return "—"
  const [, year, half, quarter, month] = /^(\d{4})(?:H([12])|Q([1-4])|-(\d{2}))?$/.exec(period) ?? []
  if (!year) return period
  const zh = language.value === "zh"
  if (half) return zh ? `${year}年${half === "1" ? "上" : "下"}半年` : `half-year ${half} of ${year}`
  if (quarter) return zh ? `${year}年第${"一二三四"[Number(quarter) - 1]}季度` : `quarter ${quarter} of ${year}`
  if (month) return zh ? `${year}年${Number(month)}月` : MONTHS.format(new Date(`${year}-${month}-01T00:00:00Z`))
  return zh ? `${year}年` : year
}
