"""What a year costs does not depend on how many other years the databases hold, nor on how many
jurisdictions have units there.

No clock is asked: the databases count the pages that are read of each table and its indexes. A year
is played where one other is, and again where there are two hundred. (Of some dozen years a table
of a row for each is one page, which is read whole: that costs as much as an index.)
"""

import asyncio
import uuid
from collections.abc import Iterator

import asyncpg
import pytest
from tests.contracts.publish import PARTS, ROOT
from tests.system.harness import in_one_process

from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.results import Release
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year
from service_testing.multiplied import YEARS, add_registers, cities, ids_of_cities

COUNTY = ROOT / "examples" / "presets" / "county"
OTHERS = 200


Cost = dict[tuple[str, str], int]
"""Pages read, by part and table."""

OF_ALL = {
    ("indicators", "cycle"): "lists of cycles, and the cycle before",
}
"""Tables of which a year reads more where there are more years, and why that has to be so."""


@pytest.fixture(scope="module")
def costs(postgres, databases, tmp_path_factory) -> Iterator[tuple[Cost, Cost]]:
    """What a year costs after one other, and after two hundred."""
    made = {part: databases(part) for part in PARTS}
    plan = read_tables(COUNTY)
    with (
        in_one_process(postgres, made.__getitem__, tmp_path_factory.mktemp("keys")) as installation,
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
        Steps() as steps,
    ):

        def played() -> uuid.UUID:
            year = Year(plan, people, steps)
            year.play()
            for number in year.releases.values():
                Release.read(people[OFFICE], year.cycle_id, number)
            people[OFFICE].get("/me/tasks")
            people[OFFICE].get("/events", limit=50)
            return uuid.UUID(year.cycle_id)

        def cost() -> Cost:
            asyncio.run(_begin(installation.databases))
            played()
            return asyncio.run(_told(installation.databases))

        first = played()
        few = cost()
        ids = ids_of_cities(OTHERS)
        for url in installation.databases.values():
            asyncio.run(YEARS.add(url, first, ids))
        register = installation.databases["indicators"]
        added = asyncio.run(add_registers(register, "", cities(OTHERS), "units", "id-schemes"))
        assert added > OTHERS
        yield few, cost()


async def _begin(databases) -> None:
    """Have statistics of what there is, and counters at nought."""
    for url in databases.values():
        connection = await asyncpg.connect(url, ssl=False)
        try:
            await connection.execute("ANALYZE")
            await _told_all(connection)
            await connection.execute("SELECT pg_stat_reset()")
        finally:
            await connection.close()


async def _told(databases) -> Cost:
    found: Cost = {}
    for part, url in databases.items():
        connection = await asyncpg.connect(url, ssl=False)
        try:
            await _told_all(connection)
            rows = await connection.fetch(_COUNTED)
            found |= {(part, name): pages for name, pages in rows}
        finally:
            await connection.close()
    return found


async def _told_all(connection) -> None:
    """Have every other connection of the database tell what it has counted: it does when it ends,
    and the services open others."""
    pids = [pid for pid, _ in await connection.fetch(_END)]
    for _ in range(1000):
        if not await connection.fetchval(_LEFT, pids):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("others stay")


_LEFT = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY ($1::int[])"
_END = """
    SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
    """
_COUNTED = """
    SELECT relname,
      (heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0))::bigint
    FROM pg_statio_user_tables
    """


def test_a_year_reads_as_many_pages_of_each_table_however_many_others_there_are(costs):
    """An index of two hundred years is a page or two deeper than that of one: what took a page
    takes three, and never two hundred. Planted bugs: an index that is not there, of a cycle or of a
    jurisdiction; a statement that does not say its cycle; one whose plan follows statistics of
    other years."""
    few, many = costs
    more = {
        each: (few[each], pages)
        for each, pages in many.items()
        if each not in OF_ALL and pages > few[each] * 3 + 300
    }
    assert not more, "\n".join(f"{each}: {told}" for each, told in sorted(more.items()))
    assert sum(many.values()) > 10_000


def test_what_is_read_of_all_years_is_so_still(costs):
    few, many = costs
    assert {each for each in OF_ALL if many[each] <= few[each]} == set()
