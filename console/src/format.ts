// How numbers and moments are written. Scores are decimal text, and stay text: nothing is rounded here.
import { computed } from "vue"
import { ZONE } from "./clock"
import { language, locale } from "./language"
import { pause } from "./pause"

/** Write a decimal with its digits as they are, thousands apart. */
export function decimal(text: string | number | null | undefined): string {
  if (text === null || text === undefined || text === "") return "—"
  const [, sign, whole, rest] = /^(-?)(\d+)(\.\d+)?$/.exec(String(text)) ?? []
  if (whole === undefined) return String(text)
  return (sign ? "−" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ?? "")
}

/** Where a decimal lies on a picture: only for drawing, never to be shown. */
export function place(text: string | number | null | undefined): number {
  return Number(text ?? 0)
}

/** Order two decimals without turning them into binary fractions; text that is none comes last. */
export function byDecimal(a: string | null | undefined, b: string | null | undefined): number {
  return byScaled(scaled(a), scaled(b))
}

/** The same of two that were read once for many comparisons. */
export function byScaled(x: bigint | null, y: bigint | null): number {
  if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
  return x < y ? -1 : x > y ? 1 : 0
}

const PLACES = 12

/** A decimal as a whole number of its smallest places. */
export function scaled(text: string | null | undefined): bigint | null {
  const [, sign, whole, rest = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text ?? "") ?? []
  if (whole === undefined) return null
  const value = BigInt(whole + rest.padEnd(PLACES, "0").slice(0, PLACES))
  return sign ? -value : value
}

// To make one of these takes longer than to write with it.
const counts = computed(() => new Intl.NumberFormat(locale.value))
const days = computed(() => new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeZone: "UTC" }))
const daysOfMoments = computed(() => new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeZone: ZONE }))
const moments = computed(() => new Intl.DateTimeFormat(locale.value, { dateStyle: "medium", timeStyle: "short", timeZone: ZONE }))
const shares = computed(() => new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 1 }))

/** Make what pages write with before one needs it: the first of these takes longer than many a page does. */
export async function prepare(): Promise<void> {
  for (const each of [days, counts, daysOfMoments, moments]) {
    await pause()
    void each.value
  }
}

/** Write a whole number. */
export function count(number: number): string {
  return counts.value.format(number)
}

/** Write a date (`2025-03-01`) without any time zone; of a moment, the day that it was in the city. */
export function day(text: string | null | undefined): string {
  if (!text) return "—"
  return text.length > 10 ? daysOfMoments.value.format(new Date(text)) : days.value.format(new Date(`${text}T00:00:00Z`))
}

/** Write a moment in the time of the city, wherever the reader is. */
export function moment(text: string | null | undefined): string {
  return text ? moments.value.format(new Date(text)) : "—"
}

/** The same of a share, such as `0.8512`: 85.1 %. */
export function share(of: number): string {
  return shares.value.format(of)
}

/** How large a file is. */
export function fileSize(bytes: number): string {
  const [size, zh, en] = bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1000)), "千字节", " kB"] : [Math.round(bytes / 1_000_000), "兆字节", " MB"]
  return count(size) + (language.value === "zh" ? zh : en)
}
