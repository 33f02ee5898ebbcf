import type { Language } from "@/language"
import written from "./events.json"

const kinds = written as unknown as Record<string, readonly [zh: string, en: string]>

/** What a type of event says has happened. */
export function eventName(type: string, language: Language): string {
  const both = kinds[type]
  return both ? both[language === "zh" ? 0 : 1] : type
}
