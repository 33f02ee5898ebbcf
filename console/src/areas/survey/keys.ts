// Keys of an urn as people have them: the text of a file that openssl wrote, or the bare key as the API takes it.
const RAW = 32

/** Commands by which somebody makes a key pair outside of the system. */
export const MAKING = ["openssl genpkey -algorithm X25519 -out urn.key", "openssl pkey -in urn.key -pubout -out urn.pub"]

/** The key as the API takes it: what a PEM holds ends with the 32 bytes of the key itself. */
export function bareKey(text: string): string {
  const body = text.replace(/-----[^-]+-----/g, "").replace(/\s+/g, "")
  if (!text.includes("-----")) return body
  try {
    const bytes = atob(body).slice(-RAW)
    return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
  } catch {
    return body
  }
}
