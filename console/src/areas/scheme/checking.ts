// The API's checks of a scheme that is being edited: what saving it would be refused for, and what has no effect.
import type { Fault, SchemeOutput, WithoutEffect } from "kaoping-client"
import { api, Problem, type Failure } from "@/api"

export interface Found {
  faults: Fault[]
  warnings: WithoutEffect[]
  /** A refusal that is about no place in the scheme. */
  failure: Failure | undefined
}

/** Have a scheme checked as if it were saved; a reason is wanted of some, and nothing is kept. */
export async function checkedWhole(cycle_id: string, scheme: SchemeOutput, reason: string, signal: AbortSignal): Promise<Found> {
  try {
    const told = await api.value.saveSchemeVersion({ cycle_id, mode: "check", body: { scheme, reason } }, { signal })
    return { faults: [], warnings: told.without_effect, failure: undefined }
  } catch (error) {
    const faults = error instanceof Problem ? error.errors.filter((each) => each.pointer.startsWith("/scheme")) : []
    return { faults, warnings: [], failure: error as Failure }
  }
}
