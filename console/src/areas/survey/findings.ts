// The sentence of a finding as the API says it, with names for the codes in it.
import type { DecidedFinding, ScreenFinding, Survey } from "kaoping-client"
import { language } from "@/language"
import { unitName } from "@/year"

export function sentenceOf(finding: ScreenFinding | DecidedFinding, survey: Survey): string {
  const names = new Map(survey.questions.flatMap((each) => each.options.map((one) => [one.code, one.name] as const)))
  if (finding.about === "unit") names.set(finding.subject, unitName(finding.subject))
  const name = (code: string) => names.get(code) ?? code
  if (language.value === "zh") return finding.sentence_zh.replace(/ ?`([^`]*)` ?/g, (_, code: string) => name(code))
  return finding.sentence.replace(/[A-Za-z0-9_]+/g, name)
}
