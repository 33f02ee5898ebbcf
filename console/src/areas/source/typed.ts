// What people type or paste, as the API takes it: digits stay digits, nothing is rounded.
import type { Choice, Field } from "./form"
import { nameOfCode } from "./codes"

const NUMBER = /^-?\d+(\.\d+)?$/
const DAY = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/

/** A text without what Excel and Chinese keyboards put around it. */
export function plain(text: string): string {
  const narrow = text.replace(/[\uff01-\uff5e]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
  return narrow.replace(/[\u00a0\u3000]/g, " ").trim()
}

/** What was typed for a field, in the form in which it is sent; left as it is where it cannot be read. */
export function read(field: Field, text: string): string {
  if (field.kind === "note" || field.kind === "text") return text.trim()
  const found = plain(text)
  if (field.kind === "choice") return chosen(field.choices, text.trim())?.code ?? text.trim()
  if (field.kind === "date") {
    const [, year, month, day] = DAY.exec(found) ?? []
    return year ? `${year}-${month!.padStart(2, "0")}-${day!.padStart(2, "0")}` : found
  }
  const digits = found.replace(/−/g, "-")
  // 1,234.5 is a number with its thousands apart; 1,23 is none.
  return /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits) ? digits.replaceAll(",", "") : digits
}

function chosen(choices: Choice[], text: string): Choice | undefined {
  return choices.find((each) => [each.code, each.zh, each.en, nameOfCode(each)].includes(text))
}

export type Misread = "notANumber" | "notADay" | "notAChoice"

/** Why a text cannot be sent at all; everything else the API says. */
export function misread(field: Field, text: string): Misread | null {
  if (text === "") return null
  if (field.kind === "number") return NUMBER.test(text) ? null : "notANumber"
  if (field.kind === "date") return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? null : "notADay"
  if (field.kind === "choice") return field.choices.some((each) => each.code === text) ? null : "notAChoice"
  return null
}
