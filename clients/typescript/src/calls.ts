// How the API is asked: signed in, again where that is safe, refusals as exceptions.

export type Identity =
  | { name: string; password: string }
  | { clientId: string; clientSecret: string };

export interface Options {
  /** The key of a command; a new one where none is given, and the same in every attempt. */
  idempotencyKey?: string;
  /** The ETag of the document as it was read (`etagOf`); refused with 412 once it is another. */
  ifMatch?: string;
  signal?: AbortSignal;
}

export interface Settings {
  /** Who asks, by tokens; without it a page of the system's own address asks by its session's cookie. */
  identity?: Identity;
  language?: "zh" | "en";
  fetch?: typeof fetch;
}

export interface Fault {
  pointer: string;
  code: string;
  detail: string;
}

interface ProblemDocument {
  type?: string;
  title?: string;
  detail?: string;
  remedy?: string;
  errors?: Fault[];
  request_id?: string;
  error?: string;
  error_description?: string;
}

/** A refusal (RFC 9457): `type` for programs, the others for people. */
export class Problem extends Error {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
  readonly errors: Fault[];
  readonly requestId: string;

  /** Of a 412, `etag` is that of the document as it is by now. */
  constructor(
    readonly status: number,
    readonly document: ProblemDocument,
    readonly etag: string | null = null,
  ) {
    super(`${status} ${document.type ?? document.error ?? "about:blank"}: ${document.title ?? ""}`);
    this.name = "Problem";
    this.type = document.type ?? document.error ?? "about:blank";
    this.title = document.title ?? "";
    this.detail = document.detail ?? document.error_description ?? "";
    this.remedy = document.remedy ?? "";
    this.errors = document.errors ?? [];
    this.requestId = document.request_id ?? "";
  }
}

/** Nobody answered, however often we asked. */
export class NoAnswer extends Error {}

const ATTEMPTS = 6;
const LONGEST_PAUSE = 30; // seconds; who is asked to wait for longer is told so
const AGAIN = new Set([429, 502, 503, 504]);
const TOKEN = "/oauth/token";

type Asked = Record<string, unknown>;

/** Rows one by one, sent as JSON lines; or a file of them: the ending of its name says what it is,
 * its `type` where it has none. */
export type Rows<T> = Iterable<T> | AsyncIterable<T> | Blob;

type Body = string | Blob | undefined;

export class Calls {
  private token = "";
  private until = 0;
  private readonly fetch: typeof fetch;

  constructor(private readonly url: string, private readonly settings: Settings = {}) {
    this.fetch = settings.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** Write a value as one part of a path. */
  protected part(value: unknown): string {
    return encodeURIComponent(String(value));
  }

  /** Ask by method and path; what has a method of its own is typed there. */
  async call<T>(
    method: string,
    path: string,
    query: string[],
    asked: Asked,
    how: { keyed: boolean; raw: boolean; headers?: Record<string, string | null | undefined> },
    options: Options = {},
  ): Promise<T> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(how.headers ?? {})) if (value) headers[name] = value;
    if (how.keyed && asked["mode"] !== "check") {
      headers["Idempotency-Key"] = options.idempotencyKey ?? newKey();
    }
    if (options.ifMatch !== undefined) headers["If-Match"] = options.ifMatch;
    const [body, kind] = await content(asked);
    if (body !== undefined) headers["Content-Type"] = kind;
    const target = path + written(query, asked);
    let answer = await this.signed(method, target, headers, body, options);
    if (answer.status === 401 && this.settings.identity) {
      this.until = 0; // the keys were changed, or a clock was
      answer = await this.signed(method, target, headers, body, options);
    }
    if (how.raw && answer.ok) return (await answer.blob()) as T;
    return (await read(answer)) as T;
  }

  /** Read every item of every page. */
  protected async *pages<T>(
    path: string,
    query: string[],
    asked: Asked,
    options: Options = {},
  ): AsyncGenerator<T> {
    let after: string | null | undefined = asked["after"] as string | null | undefined;
    const how = { keyed: false, raw: false };
    for (;;) {
      const page = await this.call<{ items: T[]; next: string | null }>(
        "GET", path, query, { ...asked, after }, how, options,
      );
      yield* page.items;
      if (page.next === null) return;
      after = page.next;
    }
  }

  private async signed(
    method: string,
    target: string,
    headers: Record<string, string>,
    body: Body,
    options: Options,
  ): Promise<Response> {
    if (this.settings.identity) {
      if (performance.now() >= this.until) await this.signIn(this.settings.identity, options);
      headers["Authorization"] = `Bearer ${this.token}`;
    } else if (method !== "GET") {
      headers["X-CSRF-Protection"] = "1"; // no page elsewhere may have a browser send it
    }
    return this.sent(method, target, headers, body, options);
  }

  private async signIn(identity: Identity, options: Options): Promise<void> {
    const now = performance.now();
    const form = "name" in identity
      ? { grant_type: "password", username: identity.name, password: identity.password }
      : {
          grant_type: "client_credentials",
          client_id: identity.clientId,
          client_secret: identity.clientSecret,
        };
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(form).toString();
    const answer = await this.sent("POST", TOKEN, headers, body, options);
    const token = (await read(answer)) as { access_token: string; expires_in: number };
    this.token = token.access_token;
    this.until = now + 1000 * Math.max(token.expires_in - 30, token.expires_in / 2);
  }

  // Everything may be asked again: reading changes nothing, and a command has a key, or has none
  // because it stores nothing.
  private async sent(
    method: string,
    target: string,
    headers: Record<string, string>,
    body: Body,
    options: Options,
  ): Promise<Response> {
    const all = { ...headers, "Accept-Language": this.settings.language ?? "zh" };
    // A token and somebody's cookie beside it would be two identities.
    const credentials = this.settings.identity ? "omit" : "same-origin";
    const init: RequestInit = { method, headers: all, credentials };
    if (body !== undefined) init.body = body;
    if (options.signal) init.signal = options.signal;
    for (let attempt = 1; ; attempt++) {
      let pause = 0.2 * 2 ** attempt;
      try {
        const answer = await this.fetch(this.url.replace(/\/$/, "") + target, init);
        const told = answer.headers.get("Retry-After");
        if (told !== null && /^\d+$/.test(told)) pause = Number(told);
        // 409 with Retry-After: the same command is still at work.
        const isBusy = AGAIN.has(answer.status) || (answer.status === 409 && told !== null);
        if (!isBusy || attempt === ATTEMPTS || pause > LONGEST_PAUSE) return answer;
        await answer.arrayBuffer(); // gives the connection back
      } catch (error) {
        if (options.signal?.aborted) throw error;
        if (attempt === ATTEMPTS) throw new NoAnswer(`${method} ${target}`, { cause: error });
      }
      await new Promise((wake) => setTimeout(wake, 1000 * Math.min(pause, LONGEST_PAUSE)));
    }
  }
}

// It may be sent again, so that rows are read to their end first.
async function content(asked: Asked): Promise<[Body, string]> {
  const file = asked["content"];
  if (file instanceof Blob) return [file, "application/octet-stream"];
  const rows = asked["rows"] as Rows<unknown> | undefined;
  if (rows instanceof Blob) return [rows, kindOf(rows)];
  if (rows !== undefined) {
    const lines: string[] = [];
    for await (const row of rows) lines.push(JSON.stringify(row));
    return [lines.join("\n") + "\n", "application/x-ndjson"];
  }
  const body = asked["body"];
  return [body === undefined ? undefined : JSON.stringify(body), "application/json"];
}

const FORMS: Record<string, string> = {
  csv: "text/csv",
  jsonl: "application/x-ndjson",
  ndjson: "application/x-ndjson",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

// Browsers ask the system what a file is: a CSV is an Excel file where Excel is there, and a
// workbook is nothing where it is not.
function kindOf(file: Blob): string {
  const ending = file instanceof File ? file.name.replace(/^.*\./, "").toLowerCase() : "";
  return FORMS[ending] ?? file.type;
}

// `crypto.randomUUID` is not there for pages that came without TLS; this is, and a key need only
// be one that nobody else draws.
function newKey(): string {
  const drawn = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(drawn, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function written(names: string[], asked: Asked): string {
  const query = new URLSearchParams();
  for (const name of names) {
    const value = asked[name];
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) query.append(name, String(each));
    }
  }
  const text = query.toString();
  return text && `?${text}`;
}

const etags = new WeakMap<object, string>();

/** The ETag of a document that was read, for `ifMatch`. */
export function etagOf(document: object): string | undefined {
  return etags.get(document);
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text();
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    told = { detail: text.slice(0, 200) };
  }
  const etag = answer.headers.get("ETag");
  if (answer.ok && etag !== null && typeof told === "object" && told) etags.set(told, etag);
  if (answer.ok) return told;
  throw new Problem(answer.status, told as ProblemDocument, etag);
}
