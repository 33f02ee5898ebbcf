// What the keys, statuses and grades of a form are called: by the form itself, or by the scheme's words.
import type { Choice } from "./form"
import { language } from "@/language"
import { schemeWord } from "@/words/said"

/** What a key, status or grade of a form is called. */
export function nameOfCode(choice: Choice): string {
  if (choice.zh === choice.code) return schemeWord(choice.code)
  return language.value === "zh" ? choice.zh : choice.en
}

/** The same of a code by itself; numbers of items stay numbers. */
export function codeName(code: string | null | undefined): string {
  return code ? schemeWord(code) : ""
}
