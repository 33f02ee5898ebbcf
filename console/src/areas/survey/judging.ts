// What somebody answers about units, on a citizen's form or a ballot.
import type { NewJudgement, QuestionSkip } from "kaoping-client"

/** By unit, and in it by question, the option that was chosen. */
export type Judged = Record<string, Record<string, string>>

export interface Question {
  code: string
  asked_if: QuestionSkip | null
}

/** The one question of a survey that names none. */
export const SINGLE = "answer"

/** Whether a question is put after what was answered so far. */
export function isAsked(question: Question, said: Record<string, string> | undefined, questions: readonly Question[]): boolean {
  const condition = question.asked_if
  if (!condition) return true
  const earlier = questions.find((each) => each.code === condition.question)
  if (!earlier || !isAsked(earlier, said, questions)) return false
  return condition.options.includes(said?.[condition.question] ?? "")
}

/** The judgements of the units about which something was answered, without what is not asked. */
export function answersOf(given: Judged, questions: readonly Question[], units: readonly string[]): NewJudgement[] {
  return units.flatMap((unit) => {
    const said = given[unit]
    const answers = Object.fromEntries(
      questions.filter((each) => isAsked(each, said, questions) && said?.[each.code]).map((each) => [each.code, said![each.code]!]),
    )
    if (!Object.keys(answers).length) return []
    const only = questions.length === 1 && questions[0]!.code === SINGLE
    return [only ? { unit, answer: answers[SINGLE]! } : { unit, answers }]
  })
}
