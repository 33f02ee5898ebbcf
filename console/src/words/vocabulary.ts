// What the API says by codes, in words: one way to look a code up, for every list of such words.
import type { Tone } from "@/parts/Tag.vue"
import { language } from "@/language"

export type Term = readonly [zh: string, en: string, tone?: Tone]
export type Terms = Record<string, Term>
/** Words for each value of a closed set of the API: one that it gains has no word until it is given one. */
export type TermsOf<Code> = Record<Extract<Code, string>, Term>

/** How codes of several vocabularies are read; a code that is in none is shown as it is. */
export function vocabulariesOf<All extends Record<string, Terms>>(all: All) {
  type Name = keyof All & string

  /** Schemes choose codes freely: `constructor` is none of ours. */
  const of = (vocabulary: Name, code: string) => (Object.hasOwn(all[vocabulary]!, code) ? (all[vocabulary] as Terms)[code] : undefined)

  /** The word for a code in the language that is shown. */
  function word(vocabulary: Name, code: string | null | undefined): string {
    if (!code) return "—"
    const found = of(vocabulary, code)
    return found ? found[language.value === "zh" ? 0 : 1] : code
  }
  /** Text and tone of a state, as `Tag` takes them. */
  function tag(vocabulary: Name, code: string | null | undefined): { text: string; tone: Tone } {
    const found = code ? of(vocabulary, code) : undefined
    return { text: word(vocabulary, code), tone: found?.[2] ?? "plain" }
  }
  /** The codes of a vocabulary, in the order in which they stand. */
  const codes = (vocabulary: Name): string[] => Object.keys(all[vocabulary] as Terms)

  return { word, tag, codes }
}
