"""A score sheet recomputed by SQL from what the services stored, cell by cell."""

import datetime as dt
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal

import asyncpg
from tests.contracts.publish import ROOT

RECOMPUTATION = ROOT / "services" / "scoring" / "tests" / "sql_recomputation.sql"
STORED = {
    "indicators": ["scheme_version", "scheme_publication", "target"],
    "survey": ["survey", "wave", "response"],
    "scoring": ["ledger_entry", "ledger_entry_state", "claim", "claim_state", "counted_award"],
}
"""The tables of one cycle that the recomputation reads; unit names belong to no cycle."""

Cell = tuple[str, str, str]
"""Unit, what it is (an indicator's score, points or excess, a block, a total), and code."""


def cells_of(sheet) -> dict[Cell, Decimal | None]:
    """Return every number of a score sheet as the API gives it."""
    return {cell: exact(value) for unit in sheet["units"] for cell, value in _cells(unit)}


def _cells(unit):
    code = unit["unit"]
    for each in _walk(unit["indicator_scores"]):
        yield (code, "indicator", each["indicator"]), each["score"]
        yield (code, "points", each["indicator"]), each["points"]
        yield (code, "excess", each["indicator"]), each["excess"]
    for block, score in unit["blocks"].items():
        yield (code, "block", block), score
    for what in ("base_total", "adjustment", "total"):
        yield (code, what, ""), unit[what]


def _walk(scores):
    for each in scores:
        yield each
        yield from _walk(each["children"])


def exact(value) -> Decimal | None:
    return None if value is None else Decimal(value)


@asynccontextmanager
async def copied(installation, databases, cycle_id) -> AsyncIterator[asyncpg.Connection]:
    """A database of its own, with a copy of what the services stored of the cycle."""
    scratch = databases("survey").owner.rsplit("/", 1)[1].partition("?")[0]
    base = installation.databases["survey"].rsplit("/", 1)[0]
    copy = await asyncpg.connect(f"{base}/{scratch}", ssl=False)
    try:
        await copy.execute("CREATE SCHEMA stored")
        for service, tables in STORED.items():
            source = await asyncpg.connect(installation.databases[service], ssl=False)
            for table in tables:
                await _copy(source, copy, table, f"WHERE cycle_id = '{cycle_id}'")
            if service == "indicators":
                await _copy(source, copy, "unit_name", "")
            await source.close()
        await copy.execute("ANALYZE")
        yield copy
    finally:
        await copy.close()


async def _copy(source, copy, table, where) -> None:
    columns = await source.fetch(
        "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
        " WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        table,
    )
    declared = ", ".join(f'"{column["name"]}" {column["type"]}' for column in columns)
    await copy.execute(f"CREATE TABLE stored.{table} ({declared})")
    rows = io.BytesIO()
    await source.copy_from_query(f"SELECT * FROM {table} {where}", output=rows, format="binary")  # noqa: S608 - names from above
    rows.seek(0)
    await copy.copy_to_table(table, schema_name="stored", source=rows, format="binary")


_LATER = """
    DELETE FROM stored.{0}_state WHERE entered_at > $1;
    DELETE FROM stored.{0} t WHERE NOT EXISTS (
      SELECT FROM stored.{0}_state s WHERE s.{1} = t.{1})
"""


async def recompute(
    copy: asyncpg.Connection, changes: Sequence[str] = (), until: dt.datetime | None = None
):
    """Run the SQL over the copy, with stored inputs changed, each by a statement about one row, or
    with what was recorded until a moment alone, and return the cells; leave the copy as it was."""
    async with _recomputed(copy, changes, until):
        cells = await copy.fetch("SELECT unit, what, code, value FROM recomputed.cell")
    found = {(unit, what, code): value for unit, what, code, value in cells}
    assert len(found) == len(cells)
    return found


async def recompute_parts(copy: asyncpg.Connection, until: dt.datetime | None = None):
    """Return, by unit and indicator, the parts that are known, or were by a moment: period, points,
    what they have come to."""
    async with _recomputed(copy, (), until):
        rows = await copy.fetch("SELECT unit, code, period, points, earned FROM recomputed.part")
    found = defaultdict(list)
    for unit, code, *part in rows:
        found[unit, code].append(tuple(part))
    return found


@asynccontextmanager
async def _recomputed(copy, changes, until):
    transaction = copy.transaction()
    await transaction.start()
    try:
        for table, key in (("ledger_entry", "entry_id"), ("claim", "claim_id")) if until else ():
            for statement in _LATER.format(table, key).split(";"):
                await copy.execute(statement, *([until] if "$1" in statement else []))
        for change in changes:
            assert (await copy.execute(change)).endswith(" 1"), change
        await copy.execute(RECOMPUTATION.read_text("utf-8"))
        await copy.execute("ANALYZE")
        yield
    finally:
        await transaction.rollback()


def different(one, other):
    """Return the cells that are not equal, or that only one of the two has."""
    return {
        cell: (one.get(cell, "absent"), other.get(cell, "absent"))
        for cell in one.keys() | other.keys()
        if one.get(cell, "absent") != other.get(cell, "absent")
    }
