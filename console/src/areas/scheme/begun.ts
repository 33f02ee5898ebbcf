// A scheme that was read from a file, on its way to the editor.
import type { SchemeOutput } from "kaoping-client"
import { shallowRef } from "vue"

export const begun = shallowRef<SchemeOutput | null>(null)
