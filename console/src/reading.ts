// Whether what a command is about is being read anew: what is at hand is then no more what there is, and a command
// on it would be refused as overtaken. Whoever presses a button meanwhile waits for what is new.
import { computed, inject, provide, watch, type ComputedRef, type InjectionKey } from "vue"

const AROUND: InjectionKey<ComputedRef<boolean>> = Symbol("reading")
const never = computed(() => false)

/** Tell the buttons within that what they act on is being read. */
export function provideReading(busy: () => boolean): void {
  const around = inject(AROUND, never)
  provide(AROUND, computed(() => busy() || around.value))
}

/** Waits until what is acted on has been read. */
export function useSettled(): () => Promise<void> {
  const reading = inject(AROUND, never)
  return () => new Promise((go) => {
    if (!reading.value) return go()
    const stop = watch(reading, (now) => {
      if (now) return
      stop()
      go()
    }, { flush: "post" })
  })
}
