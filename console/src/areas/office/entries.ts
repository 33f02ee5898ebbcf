// Entries of the ledger as the office reads them: by which filters they are asked for, and in words.
import type { LedgerEntry } from "kaoping-client"
import type { LocationQuery } from "vue-router"
import { day, decimal } from "@/format"
import { schemeWord } from "@/words/said"
import { nameOf, unitName } from "@/year"
import { t } from "./words"

export type State = LedgerEntry["state"]
type Kind = LedgerEntry["kind"]

export const STATES: State[] = ["submitted", "checked", "returned", "verified", "locked", "voided", "withdrawn", "replaced"]
export const KINDS: Kind[] = [
  "measured_value", "event", "milestone", "grade", "panel_mark", "superior_rank", "external_result", "inspection_finding", "not_applicable",
  "progress_report", "reversal",
]
/** In the address: entries in any state, where those that wait are shown otherwise. */
export const ANY = "any"

export function every(query: LocationQuery, name: string): string[] {
  const value = query[name]
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => Boolean(each))
}
export function one(query: LocationQuery, name: string): string {
  return every(query, name)[0] ?? ""
}

/** The filters of an address, as `list_entries` takes them; where it names no state, what waits for the reader. */
export function askedOf(query: LocationQuery, waits: readonly State[]) {
  const named = every(query, "state")
  const state = named.length ? named.filter((each) => each !== ANY) : waits
  const text = (name: string) => one(query, name) || null
  return {
    state: (state.length ? state : null) as State[] | null,
    kind: (every(query, "kind").length ? every(query, "kind") : null) as Kind[] | null,
    unit: text("unit"),
    indicator: text("indicator"),
    category: text("category"),
    period: text("period"),
    author_unit: text("author_unit"),
    source_ref: text("source_ref"),
    q: text("q"),
    late: one(query, "late") === "true" ? true : null,
    lacks_evidence: one(query, "lacks_evidence") === "true" ? true : null,
    sort: (text("sort") ?? "entered_at") as "entered_at" | "-entered_at",
  }
}

type Content = Pick<LedgerEntry, "value" | "word" | "occurred_on"> & { item?: string | null; key?: string | null }
// Keys that say no more than that there is a value.
const PLAIN = new Set(["actual", "value"])

/** What an entry says, in one line. */
export function contentOf(entry: Content): string {
  const said = [
    entry.key && !PLAIN.has(entry.key) ? schemeWord(entry.key) : null,
    entry.item ? t("itemNo", { item: entry.item }) : null,
    entry.value === null ? null : decimal(entry.value),
    entry.word ? schemeWord(entry.word) : null,
    entry.occurred_on ? day(entry.occurred_on) : null,
  ]
  return said.filter(Boolean).join(" · ") || "—"
}

/** Whom and what an entry is about. */
export function subjectOf(entry: Pick<LedgerEntry, "unit" | "indicator">): string {
  return t("pair", { one: unitName(entry.unit), other: nameOf(entry.indicator) })
}
