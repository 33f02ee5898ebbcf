// What a published document calls its year and its codes: everybody reads it without an account, and
// nothing else tells them. What was published before names were told with it shows its codes.
import type { Called, PublishedRelease } from "kaoping-client"
import { language } from "@/language"
import { t } from "./words"

export function called(name: Called | undefined, code: string): string {
  return name ? ((language.value === "en" && name.en) || name.zh) : code
}

export function yearName(year: number | null | undefined): string {
  return year ? t("yearOf", { year }) : ""
}

export function categoryOf(document: { category: string; names?: { category: Called } | null }): string {
  return called(document.names?.category, document.category)
}

export function blockName(release: PublishedRelease, code: string): string {
  return called(release.names?.blocks?.[code], code)
}

export function subcategoryName(release: PublishedRelease, code: string): string {
  return called(release.names?.subcategories?.[code], code)
}
