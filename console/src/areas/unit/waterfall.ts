// The way from full marks down to the total, step by step, out of the tree of an explanation.
import type { ExplainedNode } from "kaoping-client"
import { term } from "@/words/terms"
import { nameOf } from "@/year"
import { less, sum } from "./exact"

/** What one indicator, block or claim takes off full marks, or adds. */
export interface Step {
  key: string
  node: ExplainedNode
  /** In points of the total; null where its score is missing. */
  change: string | null
  before: string
  after: string
}

export interface Waterfall {
  from: string
  steps: Step[]
  to: string | null
  /** What is still to the total after all steps, such as by a cap; "0" where nothing is. */
  rest: string
}

/** The nodes that are shown as steps, each with its change. */
function changing(tree: ExplainedNode): [ExplainedNode, string | null][] {
  return tree.children.flatMap((child): [ExplainedNode, string | null][] => {
    if (child.kind === "shown_block") return []
    if (child.kind === "adjustment") return inside(child, child.score ?? "0", (each) => each.score ?? "0")
    const lost = child.points === null || child.score === null ? null : less(child.score, child.points)
    return child.kind === "block" && lost !== null ? inside(child, lost, lostIn) : [[child, lost]]
  })
}

function lostIn(each: ExplainedNode): string | null {
  return each.points === null || each.score === null ? null : less(each.score, each.points)
}

/** A block's indicators where they add up to what the block lost; otherwise the block as a whole. */
function inside(node: ExplainedNode, whole: string, of: (each: ExplainedNode) => string | null): [ExplainedNode, string | null][] {
  const found = node.children.map((each): [ExplainedNode, string | null] => [each, of(each)])
  const changes = found.map(([, change]) => change)
  const adds = changes.every((each) => each !== null) && sum("0", ...(changes as string[])) === sum(whole)
  if (adds) return found
  return [[node, whole]]
}

export function waterfallOf(tree: ExplainedNode): Waterfall {
  const from = sum(tree.points ?? "0")
  let now = from
  const steps = changing(tree).map(([node, change], n): Step => {
    const before = now
    now = change === null ? now : sum(now, change)
    return { key: `${n}-${node.code}`, node, change: change === null ? null : sum(change), before, after: now }
  })
  return { from, steps, to: tree.score, rest: tree.score === null ? "0" : less(tree.score, now) }
}

/** What a step is called: an indicator or block by its name, a claim by its kind, number and event. */
export function nameOfStep({ node, change }: Step, said: (text: string) => string): string {
  if (node.kind === "claim") return `${term("claimKind", change?.startsWith("-") ? "deduction" : "bonus")} ${node.code} ${node.name}`
  const known = nameOf(node.code)
  return known === node.code ? said(node.name) : known
}
