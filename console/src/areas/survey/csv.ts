// The head and the first lines of a file, to ask what its columns and words mean. The file itself is
// read by the API, as it is.

export interface Sheet {
  columns: string[]
  /** Of each column the different cells of the lines that were looked at. */
  words: Record<string, string[]>
}

const LOOKED_AT = 200_000 // bytes
const MOST_WORDS = 60

export async function read(file: File, charset: "utf-8" | "gb18030"): Promise<Sheet> {
  const bytes = await file.slice(0, LOOKED_AT).arrayBuffer()
  const text = new TextDecoder(charset).decode(bytes).replace(/^\ufeff/, "")
  const lines = rowsOf(text)
  // The last line may have been cut.
  const [columns = [], ...rows] = file.size > LOOKED_AT ? lines.slice(0, -1) : lines
  const words = Object.fromEntries(columns.map((column, n) => [column, [...new Set(rows.map((row) => row[n] ?? ""))].slice(0, MOST_WORDS)]))
  return { columns, words }
}

/** The cells of a CSV text, with quoted ones as they mean it. */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'))
    if (end === ",") continue
    if (row.length > 1 || row[0]) rows.push(row)
    row = []
    if (end === "") break
  }
  return rows
}
