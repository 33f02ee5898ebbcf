// Which milestone indicators a unit has, and the nodes that the scheme sets for them.
import type { IndicatorOutput, SchemeOutput } from "kaoping-client"

export interface SetNode {
  item: string
  due: string | null
}
export interface Milestones {
  code: string
  name: string
  /** The nodes that the scheme sets; where it sets none, each project names its own. */
  nodes: SetNode[]
}

function* leaves(of: readonly IndicatorOutput[]): Generator<IndicatorOutput> {
  for (const each of of) {
    if (each.children.length) yield* leaves(each.children)
    else yield each
  }
}

/** The indicators of a unit whose points are those of milestones. */
export function milestonesOf(scheme: SchemeOutput, unit: string): Milestones[] {
  const own = scheme.categories.filter((each) => each.units.includes(unit)).flatMap((each) => each.blocks.flatMap((block) => [...leaves(block.indicators)]))
  return own.filter((each) => each.method === "milestone").map(({ code, name, params }) => {
    const nodes = (params["nodes"] ?? []) as { item: string; due?: string | null }[]
    return { code, name, nodes: nodes.map(({ item, due }) => ({ item, due: due ?? null })) }
  })
}
