"""The reference city in a running system: scoring, ranking and the gateway."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

import aiohttp
import asyncpg
from benchmarks.measuring import heading, say, timed

from kaoping.city import plan_of, read_city
from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.steps import Steps
from kaoping.system import System
from kaoping.year import Year

EXAMPLE = Path(__file__).parents[1] / "examples" / "yunchuan-2025"
CITY_SECONDS = 0.4
"""How long all categories of the city may take."""

UNLIMITED = {
    "REQUESTS_PER_SECOND": "1000000",
    "BURST": "1000000",
    "SIGN_INS_PER_SECOND": "1000000",
    "SIGN_IN_BURST": "1000000",
}


async def sql_seconds(url: str, statements: list[str], cycle_id: str, times: int) -> float:
    """Return the median seconds that some reads take on a bare connection."""
    connection = await asyncpg.connect(url, ssl=False)
    spent = []
    try:
        for _ in range(times):
            started = time.perf_counter()
            for statement in statements:
                await connection.fetch(statement, uuid.UUID(cycle_id))
            spent.append(time.perf_counter() - started)
    finally:
        await connection.close()
    return median(spent)


def scoring(system: System, year: Year, people: People) -> None:
    """Score and rank, against reading the same rows."""
    office = people[OFFICE]
    body = {"categories": [year.plan.categories[0]]}
    score = timed(lambda: office.post(f"{year.path}/score-sheets", body), 7)
    whole = timed(lambda: office.post(f"{year.path}/score-sheets", {}), 7)
    rank_body = {"category": year.plan.categories[0], "score_sheet_edition": year.sheet}
    rank = timed(lambda: office.post(f"{year.path}/rankings", rank_body), 7)
    latest = office.get(f"{year.path}/score-sheets/latest")
    size = f"{len(latest['categories'])} categories, {len(latest['units'])} units"
    reads = [
        f'SELECT * FROM "{table}" WHERE cycle_id = $1'  # noqa: S608 - names of our own
        for table in ("ledger_entry", "ledger_entry_state", "claim", "claim_state", "counted_award")
    ]
    ledger = asyncio.run(sql_seconds(system.postgres.url("scoring"), reads, year.cycle_id, 7))
    sheet = ['SELECT * FROM "score_sheet" WHERE cycle_id = $1']
    kept = asyncio.run(sql_seconds(system.postgres.url("scoring"), sheet, year.cycle_id, 7))
    say("score its one category that has entries", score, ledger, "of reading its ledger by SQL")
    say(f"score all: {size}", whole, CITY_SECONDS, "of what it may")
    say("rank the reference city, whole request", rank, kept, "of reading its score sheets by SQL")


async def load(url: str, token: str, requests: int, clients: int) -> float:
    """Return the seconds that so many GETs take with so many clients."""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def one_client(n: int) -> None:
            for _ in range(n):
                async with session.get(url) as answer:
                    await answer.read()
                    assert answer.status == 200

        await one_client(20)
        started = time.perf_counter()
        await asyncio.gather(*(one_client(requests // clients) for _ in range(clients)))
        return time.perf_counter() - started


def gateway(system: System, year: Year, people: People) -> None:
    """Ask through the gateway, against asking the service itself; in turns."""
    token = people[OFFICE]._token
    for name, path in {
        "a cycle (300 bytes)": f"/api/v1/cycles/{year.cycle_id}",
        "the scheme (120 kB)": f"/api/v1/cycles/{year.cycle_id}/scheme",
    }.items():
        through, direct = [], []
        for _ in range(3):
            direct.append(
                asyncio.run(load(system.processes.urls["indicators"] + path, token, 800, 8))
            )
            through.append(asyncio.run(load(system.gateway_url + path, token, 800, 8)))
        ours, theirs = median(through), median(direct)
        say(f"800 GETs of {name}, 8 clients", ours, theirs, f"of direct; {800 / ours:.0f} a second")


def measure() -> None:
    """Play the reference year once and measure on it."""
    with System.temporary(environment=UNLIMITED) as system, Steps() as steps:
        card = system.card
        with card.client() as administrator, People(administrator, card.client) as people:
            year = Year(plan_of(read_city(EXAMPLE)), people, steps)
            year.play()
            steps.__exit__(None, None, None)
            heading("the reference city, whole requests")
            measures: list[Callable[[System, Year, People], Awaitable[None] | None]] = [
                scoring,
                gateway,
            ]
            for each in measures:
                each(system, year, people)
