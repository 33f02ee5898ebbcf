"""Of a year's statements it is known which say their cycle, and which ask every machine.

Where tables lie with their cycle (`kaoping.distribution`), a statement that says the cycle is
answered by one machine. Those that do not are counted in `across_cycles.toml`, with their reasons.
"""

import os
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool
from tests.architecture.spread_statements import Fault, faults
from tests.contracts.publish import PARTS, ROOT
from tests.system.harness import in_one_process

from kaoping.city import plan_of, read_city
from kaoping.distribution import declared
from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.results import Release
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year

COUNTY = ROOT / "examples" / "presets" / "county"
CITY = ROOT / "examples" / "yunchuan-2025"
ACROSS = tomllib.loads((Path(__file__).parent / "across_cycles.toml").read_text("utf-8"))
IS_LONG = bool(os.environ.get("PROVE"))
SPREAD = {name: said.columns() for name, said in declared().items()}

Asked = dict[tuple[str, Fault], set[str]]


@contextmanager
def recorded() -> Iterator[set[tuple[str, str]]]:
    """Collect what all engines ask meanwhile, each statement with the database that it is of."""
    said = set[tuple[str, str]]()

    def ask(connection: sa.Connection, _: object, statement: str, *__: object) -> None:
        said.add((_part(connection.engine.url.database), statement))

    def listen(connection, record) -> None:
        driver = record.driver_connection
        name = _part(driver._params.database)
        driver.add_query_logger(lambda heard: said.add((name, heard.query)))

    event.listen(Engine, "before_cursor_execute", ask)
    event.listen(Pool, "connect", listen)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", ask)
        event.remove(Pool, "connect", listen)


def _part(database: str | None) -> str:
    return (database or "").partition("_")[0]


@pytest.fixture(scope="module")
def asked(postgres, databases, tmp_path_factory) -> Asked:
    """What a year asks without saying its cycle, from its scheme to what everybody reads of it."""
    made = {part: databases(part) for part in PARTS}  # what migrates them is not of the year
    with (
        recorded() as said,
        in_one_process(postgres, made.__getitem__, tmp_path_factory.mktemp("keys")) as installation,
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
        Steps() as steps,
    ):
        plan = plan_of(read_city(CITY)) if IS_LONG else read_tables(COUNTY)
        year = Year(plan, people, steps)
        year.play()
        for number in year.releases.values():
            Release.read(people[OFFICE], year.cycle_id, number)
            people[OFFICE].file(f"{year.path}/releases/{number}/package")
    found: Asked = defaultdict(set)
    for part, statement in said:
        for each in faults(statement, SPREAD.get(part, {})):
            found[part, each].add(statement)
    return found


@pytest.mark.prove
def test_every_statement_says_its_cycle_or_is_known_not_to(asked, figure):
    """Planted bugs: `cycle_id` left out of a condition of `comments_on`; an UPDATE stamped by
    `clock_timestamp()`."""
    known = {
        (part, Fault(table, what)): told["number"]
        for part, tables in ACROSS.items()
        for table, faulty in tables.items()
        for what, told in faulty.items()
    }
    new = {
        each: sorted(statements)
        for each, statements in asked.items()
        if len(statements) > known.get(each, 0)
    }
    assert not new, "\n\n".join(
        f"{part}.{fault.table} {fault.what}, {len(told)} statements:\n" + "\n---\n".join(told)
        for (part, fault), told in sorted(new.items())
    )
    figure("statements that do not say their cycle", len(set().union(*asked.values())))


def test_what_is_known_is_still_so_and_has_a_reason(asked):
    for part, tables in ACROSS.items():
        for table, faulty in tables.items():
            assert table in SPREAD[part], (part, table)
            for what, told in faulty.items():
                assert told["why"].strip()
                if IS_LONG or not told.get("long"):
                    assert (part, Fault(table, what)) in asked, (part, table, what)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("SELECT * FROM veto WHERE number = $1", "does not say the cycle"),
        ("SELECT * FROM veto v WHERE v.cycle_id = $1 AND v.number = $2", None),
        ("SELECT * FROM veto v WHERE v.cycle_id::text = $1::uuid::text", "as a text"),
        ("SELECT * FROM veto WHERE cycle_id = ANY ($1)", "as a text"),
        ("SELECT * FROM a JOIN veto v ON v.number = a.number WHERE a.cycle_id = $1", "not say"),
        ("SELECT * FROM a JOIN veto v ON v.cycle_id = a.cycle_id", None),
        ("SELECT 1 FROM a, veto WHERE veto.number = 1", "does not say the cycle"),
        ("INSERT INTO veto (number) VALUES (1)", "does not say the cycle"),
        ("INSERT INTO veto (cycle_id, number) VALUES ($1, 1)", None),
        ("UPDATE veto SET number = 1 WHERE cycle_id = $1", None),
        ("UPDATE veto SET at = clock_timestamp() WHERE cycle_id = $1", "computes"),
        ("DELETE FROM veto WHERE number = 1", "does not say the cycle"),
    ],
)
def test_a_statement_is_read_for_what_it_says(statement, what):
    found = faults(statement, {"veto": "cycle_id"})
    assert (what is None and not found) or [each for each in found if what and what in each.what]
