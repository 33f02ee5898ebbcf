"""Small requests of a running system: what each costs, beside the bare stack in the same run."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncpg
import httpx
import orjson
from benchmarks.load import Load, Plan, loaded
from benchmarks.measuring import ROOT, heading, processor_of, processor_of_children
from benchmarks.reference_city import EXAMPLE, UNLIMITED
from benchmarks.service import logged_statements

from kaoping.city import plan_of, read_city
from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.steps import Steps
from kaoping.system import System
from kaoping.year import Year

CLIENTS = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """A load, and milliseconds of the processor for each of its requests, by part of the system."""

    load: Load
    processor: Mapping[str, float]

    @property
    def together(self) -> float:
        """Milliseconds of the processor of all parts for one request."""
        return sum(self.processor.values())


@dataclass
class Bench:
    """A running system with a published scheme, and bare apps on its database server."""

    system: System
    year: Year
    people: People
    bare: dict[str, tuple[int, int]]
    """Port and process id of each bare app."""

    def cost(self, plan: Plan, *bare: str) -> Cost:
        """Carry out a plan and say what it cost; a tenth of it first, unmeasured."""
        loaded(
            Plan(
                plan.port, plan.method, plan.target, plan.headers,
                max(plan.clients, plan.requests // 10), plan.clients, plan.bodies,
            )
        )  # fmt: skip
        pids = {name: self.bare[name][1] for name in bare} or self.system.pids
        before = {name: processor_of(pid) for name, pid in pids.items()}
        database = self._database()
        load = loaded(plan)
        spent = {name: processor_of(pid) - before[name] for name, pid in pids.items()}
        spent["postgres"] = self._database() - database
        each = {name: seconds * 1000 / plan.requests for name, seconds in spent.items()}
        return Cost(load, each)

    def plan(self, method: str, target: str, who: str, requests: int, **more: object) -> Plan:
        """Return a plan for the gateway, signed in."""
        client = self.people[who]
        headers = {"Authorization": f"Bearer {client._token}", "Accept-Language": "en"}
        headers |= more.pop("headers", {})  # type: ignore[operator]
        port = httpx.URL(str(more.pop("url", self.system.gateway_url))).port or 80
        return Plan(
            port, method, f"/api/v1{target}", headers, requests,
            int(more.pop("clients", CLIENTS)), more.pop("bodies", [""]),  # type: ignore[call-overload]
        )  # fmt: skip

    def in_turns(self, plans: Sequence[tuple[Plan, tuple[str, ...]]]) -> list[Cost]:
        """Carry out plans in turns, three times, and say what each cost the time it cost least.

        What the machine does besides, and what the database still has to write of the year before
        it, falls on all of them alike.
        """
        rounds = [[self.cost(plan.anew(), *bare) for plan, bare in plans] for _ in range(3)]
        return [min(costs, key=lambda cost: cost.together) for costs in zip(*rounds, strict=True)]

    def _database(self) -> float:
        server = int((self.system.postgres.data / "postmaster.pid").read_text().split()[0])
        return processor_of_children(server)


@contextmanager
def running() -> Iterator[Bench]:
    """Give a system whose city has a published scheme and an open ledger."""
    # Durable, as an installation is: what is answered has reached the disk.
    with ExitStack() as stack:
        system = stack.enter_context(System.temporary(postgres={}, environment=UNLIMITED))
        administrator = stack.enter_context(system.card.client())
        people = stack.enter_context(People(administrator, system.card.client))
        steps = stack.enter_context(Steps())
        year = Year(plan_of(read_city(EXAMPLE)), people, steps)
        for step in (year.invite, year.register_units, year.publish_scheme, year.agree_targets):
            step(lambda _: None)
        bare = {}
        url = bare_database(system)
        for name in ("insert", "query"):
            bare[name] = stack.enter_context(bare_app(name, url))
        target = f"http://127.0.0.1:{bare['query'][0]}"
        bare["proxy"] = stack.enter_context(bare_app("proxy", target))
        yield Bench(system, year, people, bare)


def bare_database(system: System) -> str:
    """Make a database for the bare apps on a system's server; return its URL."""

    async def make() -> None:
        connection = await asyncpg.connect(system.postgres.url(), ssl=False)
        await connection.execute("CREATE DATABASE bare")
        await connection.close()

    asyncio.run(make())
    url = system.postgres.url("bare").replace("postgresql://", "postgresql+asyncpg://")
    return url + ("&" if "?" in url else "?") + "ssl=disable"


@contextmanager
def bare_app(what: str, address: str) -> Iterator[tuple[int, int]]:
    """Serve one of the bare apps; give its port and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.bare", what, str(port), address]
    process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - this interpreter and our own module
    try:
        for _ in range(200):
            with suppress(httpx.HTTPError):
                httpx.get(f"http://127.0.0.1:{port}/nothing", trust_env=False)
                break
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def tell(name: str, cost: Cost) -> None:
    """Print one kind of request."""
    load = cost.load
    parts = ", ".join(f"{n} {ms:.2f}" for n, ms in cost.processor.items() if ms >= 0.01)
    print(
        f"{name:<44} {load.rate:7.0f}/s  p50 {load.median * 1000:6.1f} p95 {load.p95 * 1000:6.1f}"
        f" p99 {load.p99 * 1000:6.1f} ms  {load.bytes_each:7.0f} B  {cost.together:6.2f} ms of the"
        f" processor: {parts}  {load.statuses if set(load.statuses) - {'200', '201'} else ''}",
        flush=True,
    )


def events_of(year: Year) -> tuple[str, list[str]]:
    """Return bodies that each post one event about a unit that has had one, and who posts them."""
    for poster, entries in year.plan.entries.items():
        events = [e for e in entries if e["kind"] == "event" and e["key"] != "zero_report"]
        if events:
            told = {name: value for name, value in events[0].items() if value is not None}
            units = sorted({e["unit"] for e in events if e["indicator"] == told["indicator"]})
            posts = [{"entries": [{**told, "unit": u, "note": "#"}]} for u in units]
            return poster, [orjson.dumps(post).decode() for post in posts]
    raise AssertionError("the city has no event")


def measure() -> None:
    """Ask for each kind of thing, many at once."""
    with running() as bench:
        heading("small requests, 32 clients")
        measures(bench)


def measures(bench: Bench) -> None:
    """Measure on a running system, and hold it against what was measured before."""
    cycle = f"/cycles/{bench.year.cycle_id}"
    poster, bodies = events_of(bench.year)
    bench.people[poster].get(cycle)
    bench.people[OFFICE].get(cycle)
    table = Table(bench)
    body = '{"unit": "X", "indicator": "C01", "kind": "event", "note": "#"}'
    port = bench.bare["insert"][0]
    bare_post = Plan(port, "POST", "/entries", {}, 3000, CLIENTS, [body])
    promised = Plan(port, "POST", "/promised", {}, 3000, CLIENTS, [body])
    posting = bench.plan("POST", f"{cycle}/ledger-entries", poster, 3000, bodies=bodies)
    bare, held, entry = bench.in_turns(
        [(bare_post, ("insert",)), (promised, ("insert",)), (posting, ())]
    )
    tell("bare: insert and commit", bare)
    tell("bare: insert, key, phase, journal, commit", held)
    ours = {"scoring", "postgres"}
    table.keep("one ledger entry", posting, entry, ours, bare.together)
    spent = sum(entry.processor[part] for part in ours)
    print(f"{'  against what vouches for it, bare':<44} ×{spent / held.together:.2f}")
    bare_get = Plan(bench.bare["query"][0], "GET", "/cycle", {}, 6000, CLIENTS)
    bare_query = table.bare("bare: one query", bare_get, "query")
    bare_proxy = Plan(bench.bare["proxy"][0], "GET", "/cycle", {}, 6000, CLIENTS)
    proxy = table.bare("bare: proxy and one query", bare_proxy, "proxy", "query")
    reading = bench.plan("GET", cycle, OFFICE, 6000)
    table.add("a cycle: the service", reading, {"indicators", "postgres"}, bare_query.together)
    table.add("a cycle: the gateway", reading, {"gateway"}, proxy.processor["proxy"])
    document = Plan(bench.bare["proxy"][0], "GET", "/document", {}, 2000, CLIENTS)
    parts = "proxy", "query"
    bare_whole = table.bare("bare: a document as long as a scheme", document, *parts)
    unread = replace(document, headers={"If-None-Match": '"2025"'})
    bare_known = table.bare("bare: the same, 304", unread, *parts)
    print(f"{'  304 against 200, bare':<44} ×{bare_known.together / bare_whole.together:.2f}")
    plain = {"Accept-Encoding": "identity"}
    whole = bench.plan("GET", f"{cycle}/scheme", OFFICE, 2000, headers=plain)
    everything = set(bench.system.pids) | {"postgres"}
    scheme = table.add("the scheme", whole, everything, bare_query.together)
    with httpx.Client(base_url=bench.system.gateway_url, trust_env=False) as http:
        etag = http.get(f"{whole.target}", headers={**whole.headers, **plain}).headers["etag"]
    known = {"If-None-Match": etag, **plain}
    unchanged = bench.plan("GET", f"{cycle}/scheme", OFFICE, 2000, headers=known)
    table.add("the scheme: 304 against 200", unchanged, everything, scheme.together)
    short = {"Accept-Encoding": "gzip"}
    packed = bench.plan("GET", f"{cycle}/scheme", OFFICE, 2000, headers=short)
    table.add("the scheme: gzip against plain", packed, everything, scheme.together)
    page = bench.plan("GET", f"{cycle}/ledger-entries?limit=50", OFFICE, 1000)
    table.add("a page of 50 entries", page, everything, bare_query.together)
    for name, target in (("not signed in", cycle), ("no such path", "/nothing")):
        headers = {"Accept-Language": "en"}
        refused = Plan(posting.port, "GET", f"/api/v1{target}", headers, 9000, CLIENTS)
        table.add(f"refused: {name}", refused, {"gateway"}, proxy.processor["proxy"])
    table.compare()


COMMITTED = Path(__file__).with_name("requests.json")


@dataclass
class Table:
    """What each kind of request costs, with the table that was committed last beside it."""

    bench: Bench
    rows: dict[str, dict[str, float]] = field(default_factory=dict)

    def bare(self, name: str, plan: Plan, *parts: str) -> Cost:
        """Measure what ours is held against."""
        cost = self.bench.cost(plan, *parts)
        tell(name, cost)
        return cost

    def add(self, name: str, plan: Plan, parts: set[str], reference: float) -> Cost:
        """Measure a kind of request: processor time of some parts, against so many milliseconds."""
        cost = self.bench.cost(plan)
        self.keep(name, plan, cost, parts, reference)
        return cost

    def keep(self, name: str, plan: Plan, cost: Cost, parts: set[str], reference: float) -> None:
        """Keep what a kind of request cost in some parts, against so many milliseconds."""
        tell(name, cost)
        ours = sum(spent for part, spent in cost.processor.items() if part in parts)
        self.rows[name] = {
            "ratio": round(ours / reference, 2),
            "statements": statements_of(self.bench, plan),
            "bytes": round(cost.load.bytes_each),
        }

    def compare(self) -> None:
        """Print the table beside the committed one; with WRITE set, commit this one to be."""
        before = orjson.loads(COMMITTED.read_bytes()) if COMMITTED.exists() else {}
        print(f"\n{'':<32} {'ratio':>8} {'':>8} {'statements':>12} {'':>6} {'bytes':>8} {'':>8}")
        for name, row in self.rows.items():
            was = before.get(name, {})
            told = "".join(
                f"{row[each]:>{width}} {'(' + str(was.get(each, '-')) + ')':>8}"
                for each, width in (("ratio", 9), ("statements", 8), ("bytes", 9))
            )
            print(f"{name:<32}{told}")
        if os.environ.get("WRITE"):
            COMMITTED.write_bytes(orjson.dumps(self.rows, option=orjson.OPT_INDENT_2) + b"\n")


def statements_of(bench: Bench, plan: Plan) -> int:
    """Return how many statements one request of a plan costs in all databases, as the server logs
    them, the least of three; what is asked every second or every few seconds, whoever asks what, is
    left out."""
    one = Plan(plan.port, plan.method, plan.target, plan.headers, 1, 1, plan.bodies)

    async def said() -> list[str]:
        await asyncio.to_thread(loaded, one)
        async with logged_statements(bench.system.postgres) as statements:
            await asyncio.to_thread(loaded, one.anew())
        return [each.text for each in statements if "recent_use" not in each.text]

    # One message may hold two statements; of one that begins with an empty line that is logged.
    def number() -> int:
        texts = asyncio.run(said())
        return sum(len([p for p in each.split(";") if p.strip()]) or 1 for each in texts)

    return min(number() for _ in range(3))


if __name__ == "__main__":
    measure()
