// Which language is shown, and words in both: Chinese first, the English beside it.
import { computed, ref, watchEffect } from "vue"

export type Language = "zh" | "en"
type Words = Record<string, readonly [zh: string, en: string]>

const KEPT = "kaoping.language"

function first(): Language {
  const kept = localStorage.getItem(KEPT)
  if (kept === "zh" || kept === "en") return kept
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"
}

export const language = ref<Language>(first())
export const locale = computed(() => (language.value === "zh" ? "zh-CN" : "en-GB"))

watchEffect(() => {
  document.documentElement.lang = locale.value
  localStorage.setItem(KEPT, language.value)
})

/** Put values into `{places}` of a text. */
function filled(text: string, values: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place))
}

/** The words of one part of the console: `t("name", {count})`, in the language that is shown. */
export function wordsOf<W extends Words>(words: W) {
  return (key: keyof W & string, values: Record<string, unknown> = {}): string => {
    const both = words[key]
    return both === undefined ? key : filled(both[language.value === "zh" ? 0 : 1], values)
  }
}

/** The marks that stand between words, in the language that is shown. */
export const marks = computed(() =>
  language.value === "zh"
    ? { colon: "：", comma: "，", semicolon: "；", stop: "。", pause: "、", open: "（", close: "）" }
    : { colon: ": ", comma: ", ", semicolon: "; ", stop: ". ", pause: ", ", open: " (", close: ")" },
)

/** One after the other, as each language separates them. */
export function listed(of: readonly string[]): string {
  return of.join(marks.value.pause)
}

/** What the API says in both languages, as it says it. */
export function told(both: { zh: string; en: string }): string {
  return language.value === "zh" ? both.zh : both.en
}
