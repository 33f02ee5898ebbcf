// Many rows, a piece of them with each frame, so that a thousand hold nobody up.
import { computed, onScopeDispose, ref, watch } from "vue"

/** How many cells or fields are drawn at a time. */
const CELLS = 420
const FEWEST = 4

/** The pieces of a list that are drawn by now (`shown`); each stays the same array as long as nothing in it
 * changes, so that what is drawn is not compared again with each piece that comes. `upTo` draws as far as a row. */
export function usePieces<Row>(rows: () => readonly Row[], wide: () => number) {
  const size = computed(() => Math.max(FEWEST, Math.floor(CELLS / Math.max(1, wide()))))
  const pieces = computed(() => Array.from({ length: Math.ceil(rows().length / size.value) }, (_, n) => rows().slice(n * size.value, (n + 1) * size.value)))
  const drawn = ref(1)
  let waiting = 0

  function goOn(): void {
    cancelAnimationFrame(waiting)
    if (drawn.value >= pieces.value.length) return
    waiting = requestAnimationFrame(() => {
      drawn.value += 1
      goOn()
    })
  }
  // Others, or the same in another order, are drawn anew.
  watch(
    pieces,
    () => {
      drawn.value = 1
      goOn()
    },
    { immediate: true },
  )
  onScopeDispose(() => cancelAnimationFrame(waiting))
  function upTo(row: number): void {
    drawn.value = Math.max(drawn.value, Math.ceil((row + 1) / size.value))
  }
  return { shown: computed(() => pieces.value.slice(0, drawn.value)), upTo }
}
