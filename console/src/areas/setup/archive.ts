// The digest by which an archive is known: the SHA-256 of its first member, the manifest that names all the others.

const BLOCK = 512
const [SIZE_AT, SIZE_END] = [124, 136]

/** The digest of an archive; null where the file is none, or the browser computes none outside of a secure connection. */
export async function digestOf(file: Blob): Promise<string | null> {
  const head = await file.slice(0, BLOCK).text()
  const size = parseInt(head.slice(SIZE_AT, SIZE_END), 8)
  if (!head.startsWith("manifest.json\0") || !Number.isSafeInteger(size) || !globalThis.crypto?.subtle) return null
  const digest = await crypto.subtle.digest("SHA-256", await file.slice(BLOCK, BLOCK + size).arrayBuffer())
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)
