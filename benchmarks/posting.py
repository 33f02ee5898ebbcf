"""Answers posted in bulk through the gateway, against a bare COPY of the same rows; in turns."""

import asyncio
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import asyncpg
import httpx
import orjson
from benchmarks.measuring import heading, processor_of, say
from benchmarks.requests import Bench, running

from chassis import personal
from kaoping.plan import OFFICE

SIZES = (2_000, 20_000)
"""Rows of a batch; the second is the most that one may have."""
TIMES = 7

# The table of the responses, with its primary key and nothing else.
_BARE = """
    CREATE TABLE IF NOT EXISTS bare (LIKE response);
    ALTER TABLE bare DROP CONSTRAINT IF EXISTS bare_pkey,
      ADD PRIMARY KEY (cycle_id, survey_id, wave, unit, respondent_token);
    TRUNCATE bare
    """


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock on the wall, and milliseconds of the processor by process."""

    wall: float
    processor: Mapping[str, float]


class Collector:
    """A survey with an open wave, and who posts its answers."""

    def __init__(self, bench: Bench) -> None:
        office = bench.people[OFFICE]
        self.bench = bench
        self.survey = office.post(f"{bench.year.path}/surveys", {"code": "phone"})
        self.path = f"/surveys/{self.survey['survey_id']}/waves/1"
        office.post(f"{self.path}/opening")
        self.centre = bench.people[self.survey["collector"]]
        self.centre.get("/me")

    def rows(self, number: int) -> list[dict[str, Any]]:
        """Return answers about all units, in no order, of respondents with random tokens."""
        units = self.survey["units"]
        asked = [(each["code"], each["options"]) for each in self.survey["questions"]]
        return [
            {
                "unit": units[n % len(units)],
                "respondent_token": _token(),
                "outcome": "completed",
                "answers": {code: words[n % len(words)]["code"] for code, words in asked},
            }
            for n in range(number)
        ]

    def post(self, http: httpx.Client, batch_no: str, rows: list[dict[str, Any]]) -> Spent:
        """Post a batch whose bytes are ready."""
        body = {"batch_no": batch_no, "control_totals": {"count": len(rows)}, "rows": rows}
        content = orjson.dumps(body)
        headers = {
            "Authorization": f"Bearer {self.centre._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        pids = self.bench.system.pids
        before = {name: processor_of(pid) for name, pid in pids.items()}
        database = self.bench._database()
        started = time.perf_counter()
        answer = http.post(f"/api/v1{self.path}/batches", content=content, headers=headers)
        wall = time.perf_counter() - started
        answer.raise_for_status()
        processor = {name: processor_of(pid) - before[name] for name, pid in pids.items()}
        processor["postgres"] = self.bench._database() - database
        return Spent(wall, {name: each * 1000 for name, each in processor.items()})

    def copy(self, batch_no: str, rows: list[dict[str, Any]]) -> Spent:
        """Copy the same rows into the bare table."""
        key = (uuid.UUID(self.bench.year.cycle_id), uuid.UUID(self.survey["survey_id"]), 1)
        whole = [
            (
                *(*key, r["unit"], r["respondent_token"], batch_no, r["outcome"]),
                *(",".join(r["answers"].values()), None, 1),
            )
            for r in rows
        ]
        return asyncio.run(copied(self.bench.system.postgres.url("survey"), whole))


def _token() -> str:
    """Return a random token that by chance does not look like a number of a person either."""
    tokens = iter(lambda: f"t{uuid.uuid4().hex}", "")
    return next(token for token in tokens if personal.find(token) is None)


async def copied(url: str, rows: list[tuple[Any, ...]]) -> Spent:
    """Copy rows into the bare table, committed."""
    connection = await asyncpg.connect(url, ssl=False)
    try:
        server = await connection.fetchval("SELECT pg_backend_pid()")
        own, theirs = time.process_time(), processor_of(server)
        started = time.perf_counter()
        await connection.copy_records_to_table("bare", records=rows)
        wall = time.perf_counter() - started
        own = time.process_time() - own
        await connection.fetchval("SELECT 1")
        theirs = processor_of(server) - theirs
        return Spent(wall, {"client": own * 1000, "postgres": theirs * 1000})
    finally:
        await connection.close()


async def _prepare(url: str) -> None:
    connection = await asyncpg.connect(url, ssl=False)
    await connection.execute(_BARE)
    await connection.close()


def _told(spent: list[Spent]) -> str:
    names = spent[0].processor
    each = {name: median(one.processor[name] for one in spent) for name in names}
    whole = sum(each.values())
    return f"{whole:.0f} ms: " + ", ".join(f"{n} {ms:.0f}" for n, ms in each.items() if ms >= 1)


def posting(bench: Bench) -> None:
    """Post batches of each size, each followed by a COPY of its rows."""
    collector = Collector(bench)
    asyncio.run(_prepare(bench.system.postgres.url("survey")))
    with httpx.Client(base_url=bench.system.gateway_url, timeout=60, trust_env=False) as http:
        for size in SIZES:
            ours, theirs = list[Spent](), list[Spent]()
            for n in range(-1, TIMES):  # the first is not counted
                rows = collector.rows(size)
                spent = collector.post(http, f"B{size}-{n + 1}", rows)
                bare = collector.copy(f"B{size}-{n + 1}", rows)
                if n >= 0:
                    ours.append(spent)
                    theirs.append(bare)
            wall = median(each.wall for each in ours)
            name = f"post {size:,} answers through the gateway"
            of = f"of a bare COPY; {size / wall:,.0f} answers a second"
            say(name, wall, median(each.wall for each in theirs), of)
            print(f"  of the processor, ours {_told(ours)}; theirs {_told(theirs)}", flush=True)


def measure() -> None:
    """Post answers as the survey centre does."""
    with running() as bench:
        heading("answers in bulk, whole requests")
        posting(bench)
