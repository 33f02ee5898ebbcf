// A front end at work: signs in, asks who it is, posts an entry, sees its problem, corrects it; and
// the survey centre, which posts a batch twice under one key. Run by test_typescript.py.
import { Client, etagOf, NoAnswer, Problem, type NewLedgerEntries } from "../src/index.js";

const [url, password, cycleId, surveyId] = process.argv.slice(2) as [string, string, string, string];

function same(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
  }
}

async function refused(asked: Promise<unknown>): Promise<Problem> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

// The first answer of each command is lost on its way: what comes is that of the second attempt.
const keys: string[] = [];
let isLost = false;
const lossy: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  const key = new Headers(init?.headers).get("Idempotency-Key");
  if (key === null) return answer;
  keys.push(key);
  isLost = !isLost;
  if (isLost) throw new TypeError("the answer was lost");
  return answer;
};

const source = new Client(url, {
  identity: { name: "source", password }, language: "en", fetch: lossy,
});
const me = await source.readMe();
same(me.unit, "S1");
const entry = { unit: "A2", indicator: "SOLO", kind: "measured_value", key: "v" } as const;
const entries = (value: string): NewLedgerEntries => ({ state: "draft", entries: [{ ...entry, value }] });
const problem = await refused(source.postEntries({ cycle_id: cycleId, body: entries("ninety") }));
same([problem.status, problem.errors.map((fault) => fault.pointer)], [422, ["/entries/0/value"]]);
const posted = await source.postEntries({ cycle_id: cycleId, body: entries("95") });
same(posted.stored, 1);
same([keys.length, new Set(keys).size], [4, 2]);
const listed: string[] = [];
for await (const each of source.iterEntries({ cycle_id: cycleId, limit: 1 })) {
  listed.push(each.entry_id);
}
same(listed.includes(posted.rows[0]?.entry_id ?? ""), true);

const mine = posted.rows[0]?.entry_id ?? "";
const read = await source.readEntry({ cycle_id: cycleId, entry_id: mine });
const correction = { cycle_id: cycleId, entry_id: mine, body: { entry: { ...entry, value: "96" } } };
const ifMatch = etagOf(read) ?? "";
await source.correctEntry(correction, { ifMatch });
const late = await refused(source.correctEntry(correction, { ifMatch }));
same([late.status, late.type, late.etag === null], [412, "precondition-failed", false]);

// A table goes out and comes back as it is, as a file that no browser knows the type of.
const table = await source.exportEntries({ cycle_id: cycleId, format: "xlsx" });
const workbook = new File([table], "Entries.XLSX");
const back = await source.postEntriesFrom({ cycle_id: cycleId, rows: workbook, mode: "partial" });
same(back.rows.length > 0 && back.rows.every((row) => row.outcome === "unchanged"), true);

const centre = new Client(url, { identity: { name: "centre", password } });
const ended = { outcome: "completed", answer: "satisfied" } as const;
const rows = [{ unit: "A2", respondent_token: "respondent-ts-0001", ...ended }];
const body = { batch_no: "TS-1", control_totals: { count: 1 }, rows } as const;
const batch = { survey_id: surveyId, wave: 1, body: { ...body, rows } };
const first = await centre.postBatch(batch, { idempotencyKey: "typescript-batch-1" });
const again = await centre.postBatch(batch, { idempotencyKey: "typescript-batch-1" });
same(again.receipt, first.receipt);
same((await refused(centre.postBatch(batch))).type, "batch-exists");

const asked = { survey_id: surveyId, wave: 1, mode: "partial", "control_totals.count": 2 } as const;
const told = [{ ...rows[0]!, respondent_token: "respondent-ts-0002" }, { ...rows[0]!, unit: "A9" }];
const some = await centre.postBatchFrom({ ...asked, batch_no: "TS-2", rows: told.values() });
same(some.rows.map((row) => row.outcome), ["stored", "refused"]);
const lines = ["unit,respondent_token,outcome,answer", ...told.map((row) => Object.values(row).join())];
const file = new Blob([lines.join("\n")], { type: "text/csv" });
const none = await centre.postBatchFrom({ ...asked, batch_no: "TS-3", rows: file });
same(none.rows.map((row) => row.outcome), ["unchanged", "refused"]);

// A page of ours has a cookie and no token; this `fetch` does what a browser does with it.
let cookie = "";
const browser: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set("Origin", url);
  headers.set("Cookie", cookie);
  const answer = await fetch(input, { ...init, headers });
  cookie = answer.headers.get("Set-Cookie")?.split(";")[0] ?? cookie;
  return answer;
};
const page = new Client(url, { language: "en", fetch: browser });
same((await page.openSession({ body: { username: "centre", password } })).subject, "centre");
same((await page.readMe()).unit, "S2");
same((await page.endSession()).signed_out, true);
same((await refused(page.readMe())).type, "not-signed-in");

let pauses = 0;
const silent = new Client("http://127.0.0.1:1", {
  fetch: () => { pauses += 1; return Promise.reject(new TypeError("nobody")); },
});
const wake = globalThis.setTimeout;
globalThis.setTimeout = ((call: () => void, _: number, ...more: []) =>
  wake(call, 0, ...more)) as typeof setTimeout;
await silent.readMe().then(
  () => { throw new Error("somebody answered"); },
  (error: unknown) => same(error instanceof NoAnswer, true),
);
same(pauses, 6);
console.log("done");
process.exit(0);
