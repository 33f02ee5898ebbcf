// Mappings of units and of indicators are asked for in the same way, at places of their own.
import type { IndicatorMapping, MappingDecision, MappingEnd, MappingsMoved, ProposedMappings, UnitMapping } from "kaoping-client"
import { all, type Client } from "@/api"
import { cycleId } from "@/year"

export type Of = "units" | "indicators"
export type Mapping = UnitMapping | IndicatorMapping
type Mode = "check" | "all"
export interface NewMapping { code: string; meaning: string; valid_from: string; valid_to: string | null }

export const meaningOf = (each: Mapping): string => ("unit" in each ? each.unit : each.indicator)
export const nameOfMeaning = (each: Mapping): string => ("unit" in each ? each.unit_name : (each.indicator_name ?? each.indicator))

/** The calls about codes of units, or of indicators of the year, in an id scheme. */
export function callsOf(of: Of, id_scheme: string) {
  const ours = { id_scheme }
  const years = { id_scheme, cycle_id: cycleId.value! }
  const isUnits = of === "units"
  return {
    list: (client: Client, signal: AbortSignal): Promise<Mapping[]> => (isUnits ? all<Mapping>(client.iterUnitMappings({ ...ours, limit: 200 }, { signal })) : all<Mapping>(client.iterIndicatorMappings({ ...years, limit: 200 }, { signal }))),
    propose({ meaning, ...told }: NewMapping, reason: string | null, client: Client, mode: Mode): Promise<ProposedMappings> {
      return isUnits
        ? client.proposeUnitMappings({ ...ours, mode, body: { reason, mappings: [{ ...told, unit: meaning }] } })
        : client.proposeIndicatorMappings({ ...years, mode, body: { reason, mappings: [{ ...told, indicator: meaning }] } })
    },
    proposeFrom: (rows: File, reason: string | null, client: Client, mode: "check" | "partial"): Promise<ProposedMappings> => (isUnits ? client.proposeUnitMappingsFrom({ ...ours, mode, reason, rows }) : client.proposeIndicatorMappingsFrom({ ...years, mode, reason, rows })),
    decide: (body: MappingDecision, client: Client, mode: Mode): Promise<MappingsMoved> => (isUnits ? client.confirmUnitMappings({ ...ours, mode, body }) : client.confirmIndicatorMappings({ ...years, mode, body })),
    end: (body: MappingEnd, client: Client, mode: Mode): Promise<MappingsMoved> => (isUnits ? client.endUnitMappings({ ...ours, mode, body }) : client.endIndicatorMappings({ ...years, mode, body })),
  }
}
