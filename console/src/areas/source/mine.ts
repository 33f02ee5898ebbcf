// For which indicators the caller enters something: as the data source that the scheme names, about the own unit,
// or from a seat of a panel.
import type { Client, EntryForms, IndicatorForm, SeatMarks } from "kaoping-client"
import { computed, type ComputedRef } from "vue"
import { useAsked, type Asked } from "@/api"
import { language } from "@/language"
import { may, me } from "@/session"
import { cycleId } from "@/year"

export interface Mine {
  indicator: string
  name: string
  nameEn: string
  categories: { code: string; name: string }[]
  form: IndicatorForm
  /** Seats from which the caller marks it; none where it is not marked from seats. */
  seats: string[]
  /** The caller's unit supervises and enters findings of inspections about it. */
  findings: boolean
  /** Values of it are the caller's to enter. */
  entered: boolean
  /** Which units it is entered for; null where that follows from the entry form alone. */
  units: string[] | null
}

interface Read {
  forms: EntryForms
  marks: SeatMarks[]
  /** What is expected of the own unit, by indicator and unit. */
  expected: { indicator: string; unit: string }[]
  /** Categories in which the own unit is assessed. */
  own: string[]
}

async function readAll(client: Client, signal: AbortSignal): Promise<Read> {
  const cycle_id = cycleId.value!
  const unit = me.value?.unit ?? null
  const asks = unit !== null && may("read_progress")
  const [forms, desk, expected, own] = await Promise.all([
    client.readEntryForms({ cycle_id }, { signal }),
    may("read_own_marks") ? client.readOwnMarks({ cycle_id }, { signal }) : null,
    asks ? pairs(client, cycle_id, unit, signal) : [],
    asks ? client.readProgress({ cycle_id, unit, by: ["category"], limit: 200 }, { signal }) : null,
  ])
  return { forms, marks: desk?.indicators ?? [], expected, own: own?.items.map((each) => each.codes["category"]!) ?? [] }
}

async function pairs(client: Client, cycle_id: string, unit: string, signal: AbortSignal) {
  const found: { indicator: string; unit: string }[] = []
  const asked = { cycle_id, data_source_unit: unit, by: ["indicator", "unit"] as ("indicator" | "unit")[], limit: 200 }
  for await (const each of client.iterProgress(asked, { signal })) found.push({ indicator: each.codes["indicator"]!, unit: each.codes["unit"]! })
  return found
}

/** What the caller enters, by indicator, in the scheme's order. */
export function mineOf(read: Read, unit: string | null): Mine[] {
  const found = new Map<string, Mine>()
  for (const category of read.forms.categories) {
    for (const form of category.indicators) {
      const seats = read.marks.filter((each) => each.category === category.category && each.indicator === form.indicator).map((each) => each.seat)
      const expected = read.expected.filter((each) => each.indicator === form.indicator).map((each) => each.unit)
      const isOwn = form.data_source_unit === "own_unit" && read.own.includes(category.category)
      const isSource = !form.form?.panel && (form.data_source_unit === unit || isOwn || expected.length > 0)
      const findings = unit !== null && form.findings_by.includes(unit)
      if (form.kind_names === null || !(seats.length || isSource || findings)) continue
      const units = seats.length ? null : isOwn || form.data_source_unit === "own_unit" ? [unit!] : expected.length ? expected : null
      const known = found.get(form.indicator)
      const of = { code: category.category, name: language.value === "en" ? (category.name_en ?? category.name) : category.name }
      if (known) known.categories.push(of)
      else found.set(form.indicator, { indicator: form.indicator, name: form.name, nameEn: form.name_en ?? form.name, categories: [of], form, seats, findings, entered: isSource || seats.length > 0, units: isSource ? units : null })
    }
  }
  return [...found.values()]
}

/** Ask for it; the same once more when the year changes. */
export function useMine(): { asked: Asked<Read>; mine: ComputedRef<Mine[]> } {
  const asked = useAsked(readAll)
  const mine = computed(() => (asked.value.value ? mineOf(asked.value.value, me.value?.unit ?? null) : []))
  return { asked, mine }
}

export function nameOfMine(mine: Mine): string {
  return language.value === "en" ? mine.nameEn : mine.name
}
