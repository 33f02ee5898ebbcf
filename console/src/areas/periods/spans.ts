// Days of a calendar as people write them: from a day to a day, what they are, and what for.
export interface Span {
  from: string
  until: string
  kind: "resting" | "working" | "plain"
  zh: string
  en: string
}
export interface Day {
  day: string
  kind: Span["kind"]
  name_zh: string | null
  name_en: string | null
}
export const blank = (): Span => ({ from: "", until: "", kind: "resting", zh: "", en: "" })
const MOST = 40
// The statutory holidays, as the notices in English call them.
const HOLIDAYS = new Map([
  ["元旦", "New Year's Day"], ["春节", "Spring Festival"], ["清明节", "Qingming Festival"], ["劳动节", "Labour Day"],
  ["端午节", "Dragon Boat Festival"], ["中秋节", "Mid-Autumn Festival"], ["国庆节", "National Day"],
])
export const nameInEnglish = (zh: string): string => HOLIDAYS.get(zh.trim()) ?? ""

/** Every day of the spans that differs from Monday to Friday; of one without an end the day itself.
 * The weekend within a holiday rests anyway and is not named. */
export function spread(spans: readonly Span[]): Day[] {
  return spans.flatMap((span) => {
    const found: Day[] = []
    for (let at = Date.parse(`${span.from}T00:00:00Z`), left = MOST; left > 0; at += 86_400_000, left--) {
      if (Number.isNaN(at) || at > Date.parse(`${span.until || span.from}T00:00:00Z`)) break
      const isWeekend = [0, 6].includes(new Date(at).getUTCDay())
      if (span.kind !== "plain" && isWeekend !== (span.kind === "working")) continue
      const zh = span.kind === "plain" ? null : span.zh.trim()
      found.push({ day: new Date(at).toISOString().slice(0, 10), kind: span.kind, name_zh: zh, name_en: zh && span.en.trim() })
    }
    return found
  })
}
/** Whether each span is of the year, ends no earlier than it begins, and says what for. */
export function isWhole(spans: readonly Span[], year: string): boolean {
  const days = spread(spans)
  return spans.every((each) => each.from.startsWith(year) && (!each.until || (each.until >= each.from && each.until.startsWith(year))) && (each.kind === "plain" || (each.zh.trim() !== "" && each.en.trim() !== ""))) && days.length > 0 && new Set(days.map((each) => each.day)).size === days.length
}
