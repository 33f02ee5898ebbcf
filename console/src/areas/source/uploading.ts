// Files are added by the published client too; only how far an upload has come `fetch` cannot tell, and so its
// request goes by XMLHttpRequest.
import { Client } from "kaoping-client"
import { noted } from "@/api"
import { language } from "@/language"

/** A client whose requests tell how far they are, as a share of one. */
export function uploadingClient(progress: (share: number) => void): Client {
  return new Client("", { language: language.value, fetch: (input, init) => sent(String(input), init ?? {}, progress) })
}

function sent(url: string, init: RequestInit, progress: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(init.method ?? "GET", url)
    new Headers(init.headers).forEach((value, name) => request.setRequestHeader(name, value))
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onerror = () => reject(new TypeError("network"))
    request.onabort = () => reject(new DOMException("aborted", "AbortError"))
    request.onload = () => resolve(noted(new Response(request.responseText, { status: request.status, headers: headersOf(request) })))
    init.signal?.addEventListener("abort", () => request.abort())
    request.send(init.body as XMLHttpRequestBodyInit)
  })
}

function headersOf(request: XMLHttpRequest): [string, string][] {
  const lines = request.getAllResponseHeaders().trim().split(/\r?\n/)
  return lines.flatMap((line) => {
    const at = line.indexOf(":")
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1).trim()] as [string, string]] : []
  })
}
