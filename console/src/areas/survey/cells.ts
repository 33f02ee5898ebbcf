// Rows that somebody pastes from a sheet: one per line, cells apart by tabs, commas or semicolons.

/** The cells of each line that says anything. */
export function cellsOf(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .map((line) => line.split(/\t|,|，|;|；/).map((cell) => cell.trim()))
}

/** A whole number, or null where a cell is empty; NaN is no number, and the API says so by row. */
export function wholeOf(cell: string | undefined): number | null {
  if (!cell) return null
  return /^\d+$/.test(cell) ? Number(cell) : NaN
}
