// What a key, status or grade of a scheme is called.
import { SAID } from "@/words/said"
import { vocabulariesOf } from "@/words/vocabulary"

const { word } = vocabulariesOf({ written: SAID })

/** The words of a code that a scheme chose; one that regulations do not know is shown as it is. */
export const schemeWord = (code: string | null | undefined): string => word("written", code)
