// A scheme as lines of a table, the places in it by JSON pointers, and exact sums of points.
import type { BlockOutput, CategoryOutput, IndicatorOutput, SchemeOutput, SchemeVersion } from "kaoping-client"
import { language } from "@/language"

/** A block or an indicator where it stands, with the JSON pointer to it in what is sent. */
export interface Line {
  pointer: string
  depth: number
  category: CategoryOutput
  block: BlockOutput
  /** Null where the line is of the block itself. */
  indicator: IndicatorOutput | null
}

export type VersionNamed = Pick<SchemeVersion, "version" | "state">

interface Named {
  name: string
  name_en?: string | null
}

/** The name in the language that is shown. */
export function named(one: Named): string {
  return (language.value === "en" && one.name_en) || one.name
}

function* below(category: CategoryOutput, block: BlockOutput, of: IndicatorOutput[], at: string, depth: number): Generator<Line> {
  for (const [n, indicator] of of.entries()) {
    const pointer = `${at}/${n}`
    yield { pointer, depth, category, block, indicator }
    yield* below(category, block, indicator.children, `${pointer}/children`, depth + 1)
  }
}

/** The blocks and indicators of a category in their order. */
export function linesOf(scheme: SchemeOutput, category: CategoryOutput): Line[] {
  const at = `/scheme/categories/${scheme.categories.indexOf(category)}/blocks`
  return category.blocks.flatMap((block, n) => [
    { pointer: `${at}/${n}`, depth: 0, category, block, indicator: null },
    ...below(category, block, block.indicators, `${at}/${n}/indicators`, 1),
  ])
}

/** Add decimals exactly; null where one of them is none. */
export function sum(of: readonly string[]): string | null {
  const parts = of.map((each) => /^(-?)(\d+)(?:\.(\d+))?$/.exec(each.trim()))
  if (parts.some((each) => !each)) return null
  const places = Math.max(0, ...parts.map((each) => each![3]?.length ?? 0))
  const total = parts.reduce((all, each) => {
    const value = BigInt(each![2]! + (each![3] ?? "").padEnd(places, "0"))
    return each![1] ? all - value : all + value
  }, 0n)
  const digits = (total < 0n ? -total : total).toString().padStart(places + 1, "0")
  const cut = digits.length - places
  const fraction = digits.slice(cut).replace(/0+$/, "")
  return (total < 0n ? "-" : "") + digits.slice(0, cut) + (fraction && `.${fraction}`)
}

/** Whether two decimals are the same number, however they are written. */
export function equal(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && sum([a]) === sum([b])
}

/** The points of the blocks that count in a category's total; null where they are converted before. */
export function countedBlocks(scheme: SchemeOutput, category: CategoryOutput): string[] | null {
  const composition = category.composition ?? scheme.composition
  if (composition.by_part?.length) return null
  const shown = new Set(composition.shown ?? [])
  return category.blocks.filter((each) => !shown.has(each.code)).map((each) => each.points)
}

/** Faults by the place that they are about: those of a place, and of all below it. */
export function faultsAt<F extends { pointer: string }>(faults: readonly F[], pointer: string): F[] {
  return faults.filter((each) => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`))
}

/** A copy of its own that may be changed. */
export function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
