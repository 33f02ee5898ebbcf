// Who enters what: a unit by its name, or each unit about itself.
import { unitName } from "@/year"
import { t } from "./words"

export function sourceName(code: string): string {
  return code === "own_unit" ? t("ownUnit") : unitName(code)
}
