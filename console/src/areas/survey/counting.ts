// A count of forms at a meeting, as it is typed.
import type { NewNumberedCount, Survey } from "kaoping-client"

export interface Counted {
  group: string
  entitled: string
  issued: string
  returned: string
  spoiled: string
  /** By unit, question and option (or `blank`) how many. */
  votes: Record<string, string>
  questions: { unit: string; question: string; options: string[] }[]
}

export const BLANK = "blank"
export const place = (unit: string, question: string, option: string): string => `${unit}/${question}/${option}`

export function emptyCount(survey: Survey): Counted {
  const questions = survey.units.flatMap((unit) => survey.questions.map((each) => ({ unit, question: each.code, options: each.options.map((one) => one.code) })))
  return { group: "", entitled: "", issued: "", returned: "", spoiled: "0", votes: {}, questions }
}

/** As it is sent; what was left empty is 0, and what does not add up the API refuses by its place. */
export function countOf(of: Counted): Omit<NewNumberedCount, "count_no"> {
  const whole = (text: string | undefined) => (/^\d+$/.test(text ?? "") ? Number(text) : 0)
  return {
    group: of.group || null,
    entitled: whole(of.entitled),
    issued: whole(of.issued),
    returned: whole(of.returned),
    spoiled: whole(of.spoiled),
    votes: of.questions.map(({ unit, question, options }) => ({
      unit,
      question,
      options: Object.fromEntries(options.map((each) => [each, whole(of.votes[place(unit, question, each)])])),
      blank: whole(of.votes[place(unit, question, BLANK)]),
    })),
  }
}
