// The table in which many values are typed at once. Nothing in it is watched deeply: each row has a number that
// goes up when something in it changes, and only that row is drawn again.
import type { LedgerEntry, NewLedgerEntry, PostedEntry, RowFault } from "kaoping-client"
import { shallowRef, type ShallowRef } from "vue"
import { byDecimal } from "@/format"
import { nameOfCode } from "./codes"
import { FIELDS, fieldsOf, mayBeAbout, takes, type About, type Choice, type Field, type FieldName, type Form, type Told } from "./form"
import { misread } from "./typed"

/** One entry: what is in the ledger, and what has been typed in its place. */
export interface Cellful {
  about: About
  form: Form
  fields: Map<FieldName, Field>
  entry: LedgerEntry | null
  /** That the indicator was declared not to apply to the unit: nothing else is entered then. */
  declared: LedgerEntry | null
  told: Told
  /** Files that shall support it besides. */
  evidence: { id: string; name: string }[]
  faults: RowFault[]
  outcome: PostedEntry["outcome"] | null
}

export interface GridRow {
  at: number
  title: string
  records: (Cellful | null)[]
  version: ShallowRef<number>
}

export interface GridColumn {
  /** Which of the row's entries, and which field of it. */
  record: number
  name: FieldName
  title: string
  group: string
  number: boolean
}

export interface Grid {
  rows: GridRow[]
  columns: GridColumn[]
  /** What the rows are: units, or the parts of the scheme where there is one unit. */
  by: "unit" | "item" | "key"
}

/** The fields that a table of several entries a row shows; the others are filled in beside it. */
const MAIN: FieldName[] = ["value", "word", "occurred_on"]

interface Asked {
  forms: Form[]
  units: string[]
  period: string
  /** The seats from which marks are given; nobody fills in those of others. */
  seats: string[]
  /** Items that units have named themselves, or that are being added. */
  items: string[]
  nameOfUnit: (code: string) => string
  nameOfSeat: (code: string) => string
}

interface Slot {
  key: Choice | null
  item: Choice | null
}

/** Lay out the table of an indicator and a period. */
export function gridOf(asked: Asked): Grid {
  const units = asked.units.filter((unit) => formFor(asked.forms, unit))
  const slots = slotsOf(asked, units)
  if (units.length === 1 && (slots.length > 1 || slots[0]?.item)) return turned(asked, units[0]!, slots)
  const rows = units.map((unit, at) => rowOf(at, asked.nameOfUnit(unit), slots.map((slot) => recordOf(asked, unit, slot))))
  return { rows, columns: columnsOf(rows, asked.seats.length ? seatsOf(asked, slots) : slots, slots.length > 1), by: "unit" }
}

/** A seat by its number; one alone needs no heading. */
function seatsOf(asked: Asked, slots: Slot[]): Slot[] {
  if (slots.length === 1) return [{ key: null, item: null }]
  return slots.map(({ key, item }) => ({ key, item: item && { code: item.code, zh: asked.nameOfSeat(item.code), en: asked.nameOfSeat(item.code) } }))
}

/** One unit alone: its items are the rows, or its keys. */
function turned(asked: Asked, unit: string, slots: Slot[]): Grid {
  const byItem = slots.some((each) => each.item)
  const heads = unique(slots.map((each) => (byItem ? each.item : each.key)))
  const others = unique(slots.map((each) => (byItem ? each.key : null)))
  const rows = heads.map((head, at) => rowOf(at, nameOfCode(head!), others.map((other) => recordOf(asked, unit, byItem ? { key: other, item: head } : { key: head, item: null }))))
  const columns = others.map((other): Slot => ({ key: other, item: null }))
  return { rows, columns: columnsOf(rows, columns, others.length > 1), by: byItem ? "item" : "key" }
}

function unique(choices: (Choice | null)[]): (Choice | null)[] {
  return [...new Map(choices.map((each) => [each?.code ?? null, each])).values()]
}

function formFor(forms: Form[], unit: string): Form | undefined {
  return forms.find((form) => form.units.includes(unit))
}

function slotsOf(asked: Asked, units: string[]): Slot[] {
  const found = new Map<string, Slot>()
  for (const form of asked.forms) {
    if (!form.units.some((unit) => units.includes(unit))) continue
    const keys = (form.keys.length ? form.keys : [null]).filter((key) => takes(form, key?.code ?? null, asked.period))
    const named = form.anyItem ? asked.items.map((code) => ({ code, zh: code, en: code })) : []
    const items = named.length ? named : form.items.length ? form.items.filter((item) => !asked.seats.length || asked.seats.includes(item.code)) : [null]
    for (const item of items) for (const key of keys) found.set(`${item?.code} ${key?.code}`, { key, item })
  }
  return [...found.values()]
}

function recordOf(asked: Asked, unit: string, { key, item }: Slot): Cellful | null {
  const form = formFor(asked.forms, unit)!
  const about: About = { unit, key: key?.code ?? null, item: item?.code ?? null, period: asked.period }
  const has = (choices: Choice[], code: string | null) => (code === null ? !choices.length : choices.some((each) => each.code === code))
  const hasItem = form.anyItem ? about.item !== null : has(form.items, about.item)
  if (!has(form.keys, about.key) || !hasItem || !mayBeAbout(form, about)) return null
  const fields = new Map(fieldsOf(form, about).map((each) => [each.name, each]))
  return { about, form, fields, entry: null, declared: null, told: {}, evidence: [], faults: [], outcome: null }
}

function rowOf(at: number, title: string, records: (Cellful | null)[]): GridRow {
  return { at, title, records, version: shallowRef(0) }
}

function columnsOf(rows: GridRow[], slots: Slot[], several: boolean): GridColumn[] {
  // One key alone goes without saying where there are items.
  const plain = new Set(slots.map((each) => each.key?.code)).size === 1 && slots.every((each) => each.item)
  return slots.flatMap((slot, record) => {
    const group = [slot.item, plain ? null : slot.key].flatMap((each) => (each ? [nameOfCode(each)] : [])).join(" · ")
    const fields = new Map<FieldName, Field>()
    for (const row of rows) row.records[record]?.fields.forEach((field, name) => fields.set(name, field))
    const shown = several ? MAIN.filter((name) => fields.has(name)) : FIELDS.filter((name) => fields.has(name))
    // What needs a reason with every entry has a column for it.
    const noted = several && fields.get("note")?.required ? (["note"] as FieldName[]) : []
    return [...shown, ...noted].map((name): GridColumn => ({ record, name, title: name, group, number: fields.get(name)!.kind === "number" }))
  })
}

/** Put what is in the ledger where it belongs; what was typed and not sent stays. */
export function fill(grid: Grid, entries: LedgerEntry[], kept: boolean): void {
  const found = new Map<string, LedgerEntry>()
  const declared = new Map<string, LedgerEntry>()
  for (const each of entries) {
    if (each.kind === "not_applicable") declared.set(each.unit, each)
    const slot = slotOf(each)
    const before = found.get(slot)
    if (!before || isNewer(each, before)) found.set(slot, each)
  }
  for (const row of grid.rows) {
    for (const record of row.records) {
      if (!record) continue
      const entry = found.get(slotOf({ ...record.about, kind: record.form.kind })) ?? null
      const stays = kept && isChanged(record) && record.outcome === "refused"
      record.entry = entry
      record.declared = entry ? null : (declared.get(record.about.unit) ?? null)
      if (!stays) Object.assign(record, { told: toldBy(entry), evidence: [], faults: [] })
    }
    row.version.value++
  }
}

function slotOf(of: { unit: string; kind: string; key: string | null; item: string | null; period: string | null }): string {
  return [of.unit, of.kind, of.key, of.item, of.period].join("\u0000")
}

// A restatement waits beside what it restates; what is typed next takes the place of the newer one.
function isNewer(one: LedgerEntry, other: LedgerEntry): boolean {
  return one.restates === other.entry_id || (other.restates !== one.entry_id && one.entered_at > other.entered_at)
}

/** What an entry says, as it would be typed. */
export function toldBy(entry: LedgerEntry | null): Told {
  const told: Told = {}
  for (const name of FIELDS) if (entry?.[name] !== null && entry?.[name] !== undefined) told[name] = String(entry[name])
  return told
}

/** Whether something else was typed than is in the ledger. */
export function isChanged(record: Cellful): boolean {
  if (record.evidence.length) return true
  const before = toldBy(record.entry)
  return FIELDS.some((name) => !same(record.fields.get(name), before[name] ?? "", record.told[name] ?? ""))
}

function same(field: Field | undefined, one: string, other: string): boolean {
  return one === other || (field?.kind === "number" && one !== "" && other !== "" && byDecimal(one, other) === 0)
}

/** Whether everything in it was taken out: an entry is not emptied but withdrawn. */
export function isEmptied(record: Cellful): boolean {
  return !FIELDS.some((name) => record.told[name])
}

/** What is wrong with it before it is sent: what no request could even say. */
export function misreadIn(record: Cellful): { name: FieldName; why: ReturnType<typeof misread> }[] {
  const fields = fieldsOf(record.form, record.about, record.told)
  return fields.flatMap((field) => {
    const why = misread(field, record.told[field.name] ?? "")
    return why ? [{ name: field.name, why }] : []
  })
}

/** The row of a batch for it. */
export function rowFor(record: Cellful, indicator: string): NewLedgerEntry {
  const { listed, ...told } = record.told
  const said = Object.fromEntries(Object.entries(told).filter(([, text]) => text))
  const known = record.entry ? { entry_id: record.entry.entry_id, state: record.entry.state } : {}
  return {
    ...record.about, indicator, kind: record.form.kind as NewLedgerEntry["kind"], ...said, ...known,
    ...(listed ? { listed: Number(listed) } : {}),
    ...(record.evidence.length ? { evidence_ids: record.evidence.map((each) => each.id) } : {}),
  }
}

/** The field that a fault of a row is about; null where it is about the row. */
export function fieldOf(fault: RowFault): string | null {
  return fault.pointer.split("/")[3] ?? null
}
