"""A survey of a million answers: a file through the gateway beside a bare COPY of the same rows, in
what memory; what it takes to close its wave, and to read what is known of one unit."""

import asyncio
import gzip
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx
from benchmarks.measuring import heading, say
from benchmarks.posting import Collector
from benchmarks.requests import Bench, running
from benchmarks.service import logged_statements

from kaoping.plan import OFFICE

ROWS = int(os.environ.get("ROWS", "1000000"))

_BARE = """
    DROP TABLE IF EXISTS bare_file;
    CREATE TABLE bare_file (LIKE response);
    ALTER TABLE bare_file ADD PRIMARY KEY (
      cycle_id, survey_id, wave, unit, respondent_token, occasion, generation)
    """
_COLUMNS = (
    "cycle_id survey_id wave unit respondent_token occasion generation batch_no outcome answer"
    " attempt record"
)


def measure() -> None:
    """Hand in a file, close the wave, and read the estimates of a unit."""
    with running() as bench:
        heading(f"a file of {ROWS:,} answers")
        surveys(bench, ROWS)


def surveys(bench: Bench, number: int) -> None:
    """Measure a file of so many rows, and its wave."""
    collector = Collector(bench)
    content, rows = _file(collector, number)
    pid = next(pid for name, pid in bench.system.pids.items() if name.startswith("survey"))
    with _greatest(pid) as greatest:
        wall = _hand_in(bench, collector, content)
    before, most = greatest
    bare = asyncio.run(_copied(bench.system.postgres.url("survey"), collector, rows))
    rate = f"{number / wall:,.0f} a second"
    say("handed in through the gateway, gzip", wall, bare, f"a bare COPY; {rate}")
    print(f"  memory of the service: {before:.0f} MiB before, {most:.0f} MiB at most", flush=True)
    office, at = bench.people[OFFICE], collector.path
    _step(bench, "stop the wave", lambda: office.post(f"{at}/stopping"))
    because = {"undecided_findings_because": "drawn answers"}
    _step(bench, "close the wave", lambda: office.post(f"{at}/closing", because))
    unit = collector.survey["units"][0]
    _step(bench, "estimates of one unit", lambda: office.get(f"{at}/estimates?unit={unit}"))
    _step(bench, "estimates of all units", lambda: office.get(f"{at}/estimates"))


def _file(collector: Collector, number: int) -> tuple[bytes, list[tuple[object, ...]]]:
    """Return a packed file, and its rows as the bare table takes them."""
    told = collector.survey["questions"]
    names = [f"answers.{each['code']}" if len(told) > 1 else "answer" for each in told]
    lines = [",".join(["unit", "respondent_token", "outcome", *names])]
    rows = list[tuple[object, ...]]()
    key = uuid.UUID(collector.bench.year.cycle_id), uuid.UUID(collector.survey["survey_id"]), 1
    for row in collector.rows(number):
        answers = [*row["answers"].values()]
        unit, token = row["unit"], row["respondent_token"]
        lines.append(",".join([unit, token, row["outcome"], *answers]))
        rows.append((*key, unit, token, 0, 0, "F1", row["outcome"], ",".join(answers), 1, 0))
    return gzip.compress("\n".join(lines).encode(), 1), rows


def _hand_in(bench: Bench, collector: Collector, content: bytes) -> float:
    headers = {
        "Authorization": f"Bearer {collector.centre._token}",
        "Content-Type": "text/csv",
        "Content-Encoding": "gzip",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    url = f"{bench.system.gateway_url}/api/v1{collector.path}/files?batch_no=F1"
    began = time.perf_counter()
    answer = httpx.post(url, content=content, headers=headers, timeout=600, trust_env=False)
    wall = time.perf_counter() - began
    if not answer.is_success:
        raise AssertionError(answer.text[:2000])
    return wall


async def _copied(url: str, collector: Collector, rows: list[tuple[object, ...]]) -> float:
    connection = await asyncpg.connect(url, ssl=False)
    try:
        await connection.execute(_BARE)
        columns = _COLUMNS.split()
        began = time.perf_counter()
        await connection.copy_records_to_table("bare_file", records=rows, columns=columns)
        return time.perf_counter() - began
    finally:
        await connection.close()


@contextmanager
def _greatest(pid: int) -> Iterator[list[float]]:
    """Give the resident memory of a process before, and the greatest meanwhile, in MiB."""
    found, is_over = [_resident(pid), 0.0], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.1):
            found[1] = max(found[1], _resident(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        is_over.set()
        thread.join()


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(each.split()[1]) for each in lines if each.startswith("VmRSS")) / 1024


def _step(bench: Bench, name: str, work: Callable[[], object]) -> None:
    wall = 0.0

    async def counted() -> int:
        nonlocal wall
        async with logged_statements(bench.system.postgres) as statements:
            began = time.perf_counter()
            await asyncio.to_thread(work)
            wall = time.perf_counter() - began
        return len({each.text for each in statements if "recent_use" not in each.text})

    number = asyncio.run(counted())
    print(
        f"{name:<46} {wall * 1000:9.1f} ms   {number} different statements in all databases",
        flush=True,
    )
