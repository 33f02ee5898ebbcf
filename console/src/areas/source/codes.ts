// Keys, statuses and grades of schemes, and periods, in words.
import type { Choice } from "./form"
import { language } from "@/language"
import { SAID } from "@/words/said"
import type { Terms } from "@/words/vocabulary"

const NAMES: Terms = SAID

/** What a key, status or grade of a scheme is called. */
export function nameOfCode(choice: Choice): string {
  const [zh, en] = choice.zh === choice.code && Object.hasOwn(NAMES, choice.code) ? NAMES[choice.code]! : [choice.zh, choice.en]
  return language.value === "zh" ? zh : en
}

/** The same of a code by itself; numbers of items stay numbers. */
export function codeName(code: string | null | undefined): string {
  return code ? nameOfCode({ code, zh: code, en: code }) : ""
}

/** A period in words: 2025, 2025H1, 2025Q3, 2025-07. */
export function periodName(period: string | null | undefined): string {
  if (!period) return "—"
  const [, year, half, quarter, month] = /^(\d{4})(?:H([12])|Q([1-4])|-(\d{2}))?$/.exec(period) ?? []
  if (!year) return period
  const zh = language.value === "zh"
  if (half) return zh ? `${year}年${half === "1" ? "上" : "下"}半年` : `half-year ${half} of ${year}`
  if (quarter) return zh ? `${year}年第${"一二三四"[Number(quarter) - 1]}季度` : `quarter ${quarter} of ${year}`
  if (month) return zh ? `${year}年${Number(month)}月` : new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${year}-${month}-01T00:00:00Z`))
  return zh ? `${year}年` : year
}
