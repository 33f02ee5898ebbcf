// What the fields of the editor have in common: the faults that were found, and being told of a change.
import type { Fault } from "kaoping-client"
import { computed, inject, provide, type ComputedRef, type InjectionKey, type Ref } from "vue"
import { faultsAt } from "./tree"

interface Editing {
  faults: Ref<Fault[]>
  touched: () => void
}
const KEY: InjectionKey<Editing> = Symbol("editing")

export function provideEditing(editing: Editing): void {
  provide(KEY, editing)
}
export function useEditing(): Editing {
  return inject(KEY)!
}
/** What was found at a place itself. */
export function faultsOf(faults: readonly Fault[], pointer: string): Fault[] {
  return faults.filter((each) => each.pointer === pointer)
}
/** How much was found at a place and below it. */
export function useCount(pointer: () => string): ComputedRef<number> {
  const { faults } = useEditing()
  return computed(() => faultsAt(faults.value, pointer()).length)
}

/** A part of a JSON pointer. */
export function step(name: string | number): string {
  return `/${String(name).replace(/~/g, "~0").replace(/\//g, "~1")}`
}
