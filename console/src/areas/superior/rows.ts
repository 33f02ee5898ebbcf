// Rows as they are pasted from a spreadsheet: one a line, their columns parted by tabs.

/** The rows of a text, each with all its columns; `optional` of the last ones may be left out. */
export function rowsOf(text: string, columns: number, optional = 0): { rows: string[][]; lacking: number[] } {
  const lines = text.split(/\r?\n/).map((line) => line.split("\t").map((cell) => cell.trim())).filter((cells) => cells.some(Boolean))
  const whole = (cells: string[]) => cells.length <= columns && Array.from({ length: columns - optional }, (_, n) => cells[n]).every(Boolean)
  return {
    rows: lines.map((cells) => Array.from({ length: columns }, (_, n) => cells[n] ?? "")),
    lacking: lines.flatMap((cells, n) => (whole(cells) ? [] : [n + 1])),
  }
}

export const textOf = (rows: readonly (readonly (string | null)[])[]): string => rows.map((cells) => cells.map((cell) => cell ?? "").join("\t").trimEnd()).join("\n")
