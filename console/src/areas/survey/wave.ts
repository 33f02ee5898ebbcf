// The wave that a page is about: named in the address by its survey's code and its number.
import type { Option, Survey, WaveState } from "kaoping-client"
import { computed, type ComputedRef } from "vue"
import { useRoute } from "vue-router"
import { useAsked, type Asked } from "@/api"
import { byDecimal } from "@/format"
import { may, me } from "@/session"
import { cycleId, nameOf } from "@/year"

export interface Place {
  surveyId: string
  code: string
  name: string
  wave: number
  /** Null for whoever may not read which surveys there are, and was led here by a task. */
  survey: Survey | null
  state: WaveState | null
}

const BALLOTS = ["leader_evaluation", "peer_review"]

export const isBallots = (survey: Survey): boolean => BALLOTS.includes(survey.mode)
export const isMeeting = (survey: Survey): boolean => survey.mode === "meeting_count"
/** Whether answers come in batches. */
export const takesBatches = (survey: Survey): boolean => !isBallots(survey) && !isMeeting(survey)

/** The surveys of the year; none for whoever may not list them. */
export function useSurveys(): Asked<Survey[]> {
  return useAsked(
    async (client, signal) => (may("list_surveys") ? (await client.listSurveys({ cycle_id: cycleId.value! }, { signal })).surveys : []),
    [cycleId],
  )
}

export function usePlace(surveys: Asked<Survey[]>): ComputedRef<Place | null> {
  const route = useRoute()
  return computed(() => {
    const { survey: code, wave: number, survey_id: id, survey_name: name } = route.query as Record<string, string | undefined>
    const wave = Number(number)
    if (!code || !Number.isInteger(wave) || wave < 1 || !surveys.value.value) return null
    const survey = surveys.value.value.find((each) => each.code === code) ?? null
    const state = survey?.waves.find((each) => each.wave === wave)?.state ?? null
    if (survey && !state) return null
    if (!survey && !id) return null
    return { surveyId: survey?.survey_id ?? id!, code, name: survey?.name ?? name ?? nameOf(code), wave, survey, state }
  })
}

/** Whether the caller may call an operation about a wave as it is now: its unit collects or attests
 * the survey where that is asked, and the wave has come so far. */
export function mayOf(operation: string, survey: Survey | null, state: WaveState | null): boolean {
  const found = me.value?.operations.find((each) => each.operation_id === operation)
  if (!found?.conditions.length) return found !== undefined
  return found.conditions.some(
    ({ relation, phases }) =>
      stands(relation?.code, survey) && (!phases.length || !state || phases.some((each) => each.code === state)),
  )
}

function stands(relation: string | undefined, survey: Survey | null): boolean {
  const unit = me.value?.unit
  if (!relation || !survey) return true
  if (relation === "collector") return survey.collector === unit
  if (relation === "attesting_body") return Boolean(unit && survey.attested_by.includes(unit))
  return true
}

/** The options of a question from the best to the worst, those without a score last. */
export function inOrder(options: readonly Option[]): Option[] {
  return [...options].sort((a, b) => (a.score === null || b.score === null ? byDecimal(a.score, b.score) : byDecimal(b.score, a.score)))
}
