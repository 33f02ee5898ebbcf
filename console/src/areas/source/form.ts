// What is entered for an indicator, read from its entry form: a JSON Schema (2020-12) of one entry. Of what the
// API publishes as a schema this understands just what a form needs: choices, bounds, days, and conditions.
import type { EntrySchema } from "kaoping-client"

type Schema = { [name: string]: any } // eslint-disable-line -- JSON of a published document

export interface Choice {
  code: string
  zh: string
  en: string
}

/** One field of an entry, as a form shows it. */
export interface Field {
  name: FieldName
  zh: string
  en: string
  kind: "number" | "choice" | "date" | "text" | "note"
  required: boolean
  whole: boolean
  choices: Choice[]
  low: string | null
  high: string | null
  longest: number | null
  /** In which unit of measure a number is. */
  measure: string | null
  /** What marks from one to another mean. */
  steps: { low: string; high: string; text: string }[]
}

export const FIELDS = [
  "value", "word", "occurred_on", "listed", "published_value", "document_no", "document_date", "authority", "about_from", "about_until", "note",
] as const
export type FieldName = (typeof FIELDS)[number]

/** What an entry is about, beside unit and indicator. */
export interface About {
  unit: string
  key: string | null
  item: string | null
  period: string | null
}

/** What is told about it so far, as it was typed. */
export type Told = Partial<Record<FieldName, string>>

export interface Form {
  kind: string
  kindZh: string
  kindEn: string
  units: string[]
  keys: Choice[]
  items: Choice[]
  /** Units name items of their own. */
  anyItem: boolean
  itemLongest: number
  /** Periods for which an entry may be; an empty one is the whole year. */
  periods: string[]
  schema: Schema
}

/** The forms of an indicator: several where categories or units differ, or where it may be declared not applicable. */
export function formsOf(read: EntrySchema): Form[] {
  const entry = read.entry as Schema
  const variants: Schema[] = entry["oneOf"] ?? [entry]
  return variants.map(formOf)
}

function formOf(schema: Schema): Form {
  const of: Schema = schema["properties"]
  const kind = of["kind"]["oneOf"][0]
  const item = of["item"]
  return {
    kind: kind["const"],
    kindZh: kind["title"],
    kindEn: kind["x-title-en"],
    units: of["unit"]["enum"],
    keys: choicesIn(of["key"]),
    items: choicesIn(item),
    anyItem: !item["oneOf"] && item["type"] !== "null" && !item["enum"],
    itemLongest: item["maxLength"] ?? 64,
    periods: periodsIn(schema),
    schema,
  }
}

/** Findings of inspections are entered as events are, but never that there were none. */
export function findingsOf(of: Form): Form[] {
  if (of.kind !== "event") return []
  return [{ ...of, kind: "inspection_finding", kindZh: "检查发现", kindEn: "finding of an inspection", keys: of.keys.filter((each) => each.code !== "zero_report") }]
}

/** The periods of a form, those of its keys among them. */
function periodsIn(schema: Schema): string[] {
  const found = new Set<string>(of(schema["properties"]["period"]))
  for (const each of schema["allOf"] ?? []) of(each["then"]?.["properties"]?.["period"]).forEach((one) => found.add(one))
  return [...found]
  function of(period: Schema | undefined): string[] {
    return (period?.["enum"] ?? []).filter((one: string | null) => one !== null)
  }
}

function choicesIn(field: Schema | undefined): Choice[] {
  const options: Schema[] = field?.["oneOf"] ?? field?.["anyOf"]?.find((each: Schema) => each["oneOf"])?.["oneOf"] ?? []
  return options.map((each) => ({ code: each["const"], zh: each["title"], en: each["x-title-en"] }))
}

/** Whether an entry may say for a key that it is for this period. */
export function takes(form: Form, key: string | null, period: string): boolean {
  const { fields } = applied(form.schema, key === null ? {} : { key })
  const wanted: (string | null)[] | undefined = fields["period"]?.["enum"]
  return wanted === undefined || wanted.includes(period)
}

/** The fields of an entry, in the order in which they are filled in; some depend on what is told already. */
export function fieldsOf(form: Form, about: Partial<About>, told: Told = {}): Field[] {
  const { fields, required } = applied(form.schema, { ...given(about), ...typed(told) })
  return FIELDS.flatMap((name) => {
    const field = fields[name] as Schema | undefined
    if (!field || field["type"] === "null" || isZeroAlone(field)) return []
    return [shown(name, field, required.has(name))]
  })
}

/** Whether an entry about somebody can be made at all: nobody marks the own unit. */
export function mayBeAbout(form: Form, about: Partial<About>): boolean {
  if (about.unit === undefined || !form.units.includes(about.unit)) return false
  const unit = applied(form.schema, given(about)).fields["unit"] as Schema | undefined
  return unit?.["not"]?.["const"] !== about.unit
}

function isZeroAlone(field: Schema): boolean {
  const only = field["enum"] as unknown[] | undefined
  return only !== undefined && only.every((each) => each === null || each === 0)
}

function shown(name: FieldName, field: Schema, required: boolean): Field {
  const number = [field, ...(field["anyOf"] ?? [])].find((each: Schema) => [each["type"]].flat().some((one) => one === "number" || one === "integer"))
  const choices = choicesIn(field)
  const date = field["format"] === "date"
  const text = (value: unknown) => (value === undefined ? null : String(value))
  const steps = (field["x-rubric"] ?? (number && field["anyOf"]?.[0]?.["title"] ? field["anyOf"] : [])) as Schema[]
  return {
    name,
    zh: field["title"],
    en: field["x-title-en"],
    kind: choices.length ? "choice" : date ? "date" : number ? "number" : name === "note" ? "note" : "text",
    required,
    whole: [number?.["type"]].flat().includes("integer"),
    choices,
    low: date ? text(field["formatMinimum"]) : text(number?.["minimum"]),
    high: date ? text(field["formatMaximum"]) : text(number?.["maximum"]),
    longest: field["maxLength"] ?? null,
    measure: field["x-measure"] ?? null,
    steps: steps.map((each) => ({ low: String(each["minimum"]), high: String(each["maximum"]), text: each["title"] })),
  }
}

function given(about: Partial<About>): Schema {
  return Object.fromEntries(Object.entries(about).filter(([, value]) => value !== null && value !== undefined && value !== ""))
}

function typed(told: Told): Schema {
  const made: Schema = {}
  for (const [name, text] of Object.entries(told)) if (text) made[name] = name === "value" || name === "listed" ? Number(text) : text
  return made
}

/** Lay the conditions that hold over the fields. */
function applied(schema: Schema, entry: Schema): { fields: Schema; required: Set<string> } {
  const fields: Schema = { ...schema["properties"] }
  const required = new Set<string>(schema["required"] ?? [])
  for (const each of schema["allOf"] ?? []) lay(each, entry, fields, required)
  return { fields, required }
}

function lay(over: Schema | undefined, entry: Schema, fields: Schema, required: Set<string>): void {
  if (over === undefined) return
  if (over["if"]) return lay(holds(over["if"], entry) ? over["then"] : over["else"], entry, fields, required)
  for (const [name, field] of Object.entries((over["properties"] ?? {}) as Schema)) {
    const before: Schema = fields[name] ?? {}
    const { title, "x-title-en": en, "x-measure": measure } = before
    // What may be nothing and nothing else has no bounds any more; text that is wanted stays what it was.
    fields[name] = field["type"] === "null" || field["enum"] || field["anyOf"] ? { title, "x-title-en": en, "x-measure": measure, ...field } : { ...before, ...field }
  }
  for (const name of over["required"] ?? []) required.add(name)
}

function holds(condition: Schema, entry: Schema): boolean {
  if ((condition["required"] ?? []).some((name: string) => entry[name] === undefined)) return false
  return Object.entries((condition["properties"] ?? {}) as Record<string, Schema>).every(([name, of]) => {
    const value = entry[name]
    if (value === undefined) return true
    if ("const" in of && of["const"] !== value) return false
    // A bound decides only whether a reason is asked for at once; the API compares the digits themselves.
    if (of["maximum"] !== undefined && !(Number(value) <= of["maximum"])) return false
    if (of["minimum"] !== undefined && !(Number(value) >= of["minimum"])) return false
    return true
  })
}
