"""A city's full year, day by day, through the API, for all that is compared with what is computed
otherwise.

The year's own days are drawn, and the recorded moments have to be theirs. A recorded moment is the
database's, so the superuser lets the ledger's clock stand where the plan has it: nothing else of
the year is touched, and what vouches for rows holds.
"""

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import asyncpg
import pytest
from tests.system.computed_otherwise import CITY, Expected, moments_of
from tests.system.conftest import EXAMPLE
from tests.system.harness import Installation, in_one_process
from tests.system.recomputing import copied, recompute, recompute_parts

from kaoping.city import daily_plan, read_city
from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.steps import Steps
from kaoping.year import Year
from service_testing import trials

CATEGORIES = trials(["COUNTY", "PARK"], [])
PER_FILE = trials(10, 31)

CLOCK = """
    CREATE TABLE played (moment timestamptz);
    INSERT INTO played VALUES (now());
    CREATE FUNCTION played_moment() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER
        AS 'SELECT moment FROM public.played';
    ALTER TABLE ledger_entry_state ALTER entered_at SET DEFAULT played_moment();
    ALTER TABLE ledger_entry ALTER entered_at SET DEFAULT played_moment();
"""
CLOCK_OF_LIFE = """
    ALTER TABLE ledger_entry_state ALTER entered_at SET DEFAULT clock_timestamp();
    ALTER TABLE ledger_entry ALTER entered_at SET DEFAULT clock_timestamp();
"""


@pytest.fixture(scope="package")
def installation(postgres, databases, tmp_path_factory) -> Iterator[Installation]:
    with in_one_process(postgres, databases, tmp_path_factory.mktemp("keys")) as running:
        yield running


@pytest.fixture(scope="package")
def plan():
    return daily_plan(read_city(EXAMPLE), CATEGORIES, PER_FILE)


@pytest.fixture(scope="package")
def expected(plan):
    return Expected(plan)


@contextmanager
def clock_of(installation, acts):
    """Give what lets the ledger's clock go on to the moment of the next act."""
    moments, loop = iter(moments_of(acts)), asyncio.new_event_loop()
    url = installation.databases["scoring"]
    connection = loop.run_until_complete(asyncpg.connect(url, ssl=False))

    def run(sql, *values):
        loop.run_until_complete(connection.execute(sql, *values))

    run(CLOCK)
    try:
        yield lambda _act: run("UPDATE played SET moment = $1", next(moments))
        run(CLOCK_OF_LIFE)
    finally:
        loop.run_until_complete(connection.close())
        loop.close()


@pytest.fixture(scope="package")
def year(installation, plan):
    """The year, kept to its end, with cards written; its ledger is open."""
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
    ):
        year = Year(plan, people, Steps())
        first = (year.invite, year.register_units, year.settle_earlier, year.publish_scheme)
        for step in (*first, year.agree_targets):
            step(nobody_looks)
        record = year.record
        for part in ("revisions", "projects"):
            year.agreeing.play(part, nobody_looks)
        year.evidence.add(nobody_looks)
        with clock_of(installation, plan.acts) as clock:
            record.before = clock
            record.play(nobody_looks)
        for step in (record.write_cards, year.ask, year.claiming.hand_in):
            step(nobody_looks)
        year.agreeing.play("highlights", nobody_looks)
        year.as_claimed = read(year, "claims")
        for step in (year.claiming.examine, year.report_vetoes):
            step(nobody_looks)
        yield year


def nobody_looks(_pieces):
    pass


def read(year, path, **query):
    """Return all of a list of the cycle, page by page, as the office reads it."""
    found, asked = [], {"limit": 200, **query}
    while True:
        page = year.people[OFFICE].get(f"{year.path}/{path}", **asked)
        found += page["items"]
        if page["next"] is None:
            return found
        asked["after"] = page["next"]


def china(moment):
    return dt.datetime.fromisoformat(moment).replace(tzinfo=CITY)


def sent(moment):
    return china(moment).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def some(found):
    return f"{len(found)}: {dict(islice(sorted(found.items()), 10))}"


def assessed(plan):
    """Return the units of the categories that are played."""
    return [
        u for c in plan.scheme["categories"] if c["code"] in plan.categories for u in c["units"]
    ]


STAGES = ["2025-07-01T00:00:00", "2025-11-28T18:00:00", "2026-03-26T00:00:00"]
"""Cut-offs: the half-year is over, the outlook of November, and everything is in."""


@pytest.fixture(scope="package")
def stages(year):
    """Results so far, as of the cut-offs; the ledger is still open."""
    path = f"{year.path}/stage-results"
    return {at: year.people[OFFICE].get(f"{path}/current", at=sent(at)) for at in STAGES}


@pytest.fixture(scope="package")
def sheet(stages, year):
    year.score(nobody_looks)
    return year.people[OFFICE].get(f"{year.path}/score-sheets/{year.sheet}")


@pytest.fixture(scope="package")
def known(installation, databases, year, sheet):
    """The parts of indicators that SQL finds in what was recorded until each cut-off."""

    async def all_of_them():
        async with copied(installation, databases, year.cycle_id) as copy:
            return {at: await recompute_parts(copy, until=china(at)) for at in STAGES}

    assert sheet
    return asyncio.run(all_of_them())


@pytest.fixture(scope="package")
def recomputed(installation, databases, year, sheet, plan):
    """What SQL says of the inputs as they are stored: of all, and of what was recorded until each
    cut-off."""

    async def all_of_them():
        async with copied(installation, databases, year.cycle_id) as copy:
            return {at: await recompute(copy, until=at and china(at)) for at in (None, *STAGES)}

    units = {*assessed(plan)}
    return {
        at: {cell: value for cell, value in cells.items() if cell[0] in units}
        for at, cells in asyncio.run(all_of_them()).items()
    }
