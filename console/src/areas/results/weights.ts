// Points as they are tried: what a block counts for in the total, as whole hundredths, and the scheme
// that says so.
import type { CategoryOutput, CompositionOutput, IndicatorOutput, SchemeOutput } from "kaoping-client"

/** Hundredths of a point: sums of them are exact. */
export type Hundredths = number

export function hundredths(text: string): Hundredths {
  const [, whole = "0", rest = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  return Number(whole) * 100 + Number(rest.padEnd(2, "0").slice(0, 2))
}

/** The same as a decimal, without zeros that say nothing. */
export function written(value: Hundredths): string {
  const [whole, rest] = [Math.floor(value / 100), value % 100]
  return rest ? `${whole}.${String(rest).padStart(2, "0").replace(/0$/, "")}` : String(whole)
}

/** A block of a category's total: what it is worth now, before any weight, and what its own points are. */
export interface Part {
  block: string
  own: string
  points: string
  weight: string | null
}

export function compositionOf(scheme: SchemeOutput, category: CategoryOutput): CompositionOutput {
  return category.composition ?? scheme.composition
}

/** The blocks that the total is made of, in the order of the category. */
export function partsOf(scheme: SchemeOutput, category: CategoryOutput): Part[] {
  const composition = compositionOf(scheme, category)
  return category.blocks
    .filter((each) => composition.parts.includes(each.code))
    .map((each) => {
      const said = composition.by_part?.find((part) => part.block === each.code)
      return { block: each.code, own: each.points, points: said?.points ?? each.points, weight: said?.weight ?? null }
    })
}

/** Give one part other points and scale the others, so that the sum stays; the last takes what is over. */
export function scaled(points: ReadonlyMap<string, Hundredths>, changed: string, value: Hundredths): Map<string, Hundredths> {
  const total = [...points.values()].reduce((a, b) => a + b, 0)
  const others = [...points].filter(([block]) => block !== changed)
  const [now, left] = [others.reduce((a, [, b]) => a + b, 0), Math.max(0, total - value)]
  const found = new Map(points).set(changed, Math.min(value, total))
  let over = left
  others.forEach(([block, old], n) => {
    const share = n === others.length - 1 ? over : now ? Math.floor((left * old) / now) : Math.floor(left / others.length)
    found.set(block, share)
    over -= share
  })
  return found
}

/** Indicators that are scored themselves, which lie below no other. */
export function leaves(indicators: readonly IndicatorOutput[]): IndicatorOutput[] {
  return indicators.flatMap((each) => (each.children.length ? leaves(each.children) : [each]))
}

/** The scheme as it would be: blocks converted to other points, single indicators of other points. */
export function changed(scheme: SchemeOutput, code: string, blocks: ReadonlyMap<string, Hundredths>, indicators: ReadonlyMap<string, Hundredths>): SchemeOutput {
  const categories = scheme.categories.map((each) => (each.code === code ? changedCategory(scheme, each, blocks, indicators) : each))
  return { ...scheme, categories }
}

function changedCategory(scheme: SchemeOutput, category: CategoryOutput, blocks: ReadonlyMap<string, Hundredths>, indicators: ReadonlyMap<string, Hundredths>): CategoryOutput {
  const composition = compositionOf(scheme, category)
  const parts = partsOf(scheme, category)
  const moved = parts.filter((each) => (blocks.get(each.block) ?? hundredths(each.points)) !== hundredths(each.points))
  const made = { ...category, blocks: category.blocks.map((each) => ({ ...each, indicators: withPoints(each.indicators, indicators) })) }
  if (!moved.length) return made
  // What counts for nothing is no part of the total any more, but scored and shown.
  const out = moved.filter((each) => !blocks.get(each.block)).map((each) => each.block)
  const said = composition.by_part ?? []
  const kept = said.filter((each) => !moved.some((part) => part.block === each.block))
  const converted = moved
    .filter((each) => !out.includes(each.block))
    .map((each) => ({ ...(said.find((one) => one.block === each.block) ?? { cap: null }), block: each.block, scale: each.own, points: written(blocks.get(each.block)!), weight: each.weight, cap: null }))
  return {
    ...made,
    composition: {
      ...composition,
      parts: composition.parts.filter((each) => !out.includes(each)),
      shown: [...composition.shown, ...out],
      by_part: [...kept, ...converted],
    },
  }
}

function withPoints(of: readonly IndicatorOutput[], points: ReadonlyMap<string, Hundredths>): IndicatorOutput[] {
  return of.map((each) => {
    const wanted = points.get(each.code)
    return { ...each, points: wanted === undefined ? each.points : written(wanted), children: withPoints(each.children, points) }
  })
}
