"""Questions about parked rows (待对照行): which wait, and what became of the others."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import NewRows, add_rows, driver_of
from chassis.identity import Caller
from chassis.pages import PageRequest
from chassis.refusals import Fault
from chassis.stored import require_intact
from scoring.queries.planning import AS_ALWAYS, BY_INDEX
from scoring.rules.ledger.entries import OF_A_DOCUMENT
from scoring.rules.ledger.parked import (
    PARKED,
    KnownRow,
    Sender,
    WaitingRow,
)
from scoring.rules.ledger.shapes import Draft
from scoring.tables.parked import ParkedRow, ParkedRowOutcomeRow

TABLES = ("parked_row", "parked_row_outcome")

_DRAFT = (
    "unit",
    "indicator",
    "kind",
    "key",
    "item",
    "period",
    "value",
    "word",
    "note",
    "occurred_on",
    *OF_A_DOCUMENT,
)


class ShownRow(NamedTuple):
    """A parked row with what became of it."""

    number: int
    parked_row_id: UUID
    batch: UUID
    position: int
    id_scheme: str
    sent_on: date
    wanted: str
    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    value: Decimal | None
    word: str | None
    occurred_on: date | None
    note: str | None
    listed: int | None
    published_value: Decimal | None
    document_no: str | None
    document_date: date | None
    authority: str | None
    about_from: date | None
    about_until: date | None
    source_ref: str | None
    author: str
    author_unit: str
    author_person: str
    unknown: str
    parked_at: datetime
    record: int
    state: str
    entry_id: UUID | None
    settled_by: str | None
    reason: str | None
    settled_at: datetime | None
    settled_in: int | None

    @property
    def draft(self) -> Draft:
        """The row as the rules look at one that is handed in."""
        return Draft(**{name: getattr(self, name) for name in (*_DRAFT, "source_ref")})

    @property
    def waiting(self) -> WaitingRow:
        """The row as it is to be entered."""
        sender = Sender(self.author, self.author_unit, self.author_person)
        about = self.draft, self.id_scheme, self.sent_on, self.wanted
        return WaitingRow(self.parked_row_id, *about, sender)


_OF_THE_OUTCOME = {
    "state": f"coalesce(o.state, '{PARKED}')",
    "entry_id": "o.entry_id",
    "settled_by": "o.actor",
    "reason": "o.reason",
    "settled_at": "o.settled_at",
    "settled_in": "o.record",
}
_SHOWN = ", ".join(
    f"{_OF_THE_OUTCOME.get(name, f'p.{name}')} AS {name}" for name in ShownRow._fields
)

# What became of a row is looked up by its key, one by one, and rows by an index that has them in
# order of arrival.
_ROWS = f"""
    SELECT {_SHOWN} FROM (SELECT * FROM parked_row p WHERE {{}} ORDER BY p.number OFFSET 0) p
    LEFT JOIN LATERAL (SELECT * FROM parked_row_outcome o
      WHERE o.cycle_id = $1 AND o.parked_row_id = p.parked_row_id OFFSET 0) o ON true
    """  # noqa: S608 - names of our own

# The expressions of the indexes, so that no other ones serve.
_OF_SOURCE = (
    "p.cycle_id::text = $1::uuid::text"
    " AND p.cycle_id::text || ' ' || p.author_unit = $1::uuid::text || ' ' || $2::text"
)
_OF_ALL = "p.cycle_id::text = $1::uuid::text AND $2::text IS NULL"


def _of(author_unit: str | None) -> str:
    return _OF_ALL if author_unit is None else _OF_SOURCE


async def parked_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    author_unit: str | None,
    state: str | None,
) -> list[ShownRow]:
    """Return the parked rows of a page, of one sender or of all, as they came, and one more where
    others follow; refuse them if they are not what the journal recorded."""
    driver, begin = await driver_of(db), 0
    of = _of(author_unit)
    await driver.execute(BY_INDEX)
    if page.after_id is not None:
        place = f"SELECT p.number FROM parked_row p WHERE {of} AND p.parked_row_id = $3"  # noqa: S608 - names of our own
        begin = await driver.fetchval(place, cycle_id, author_unit, page.after_id)
        if begin is None:
            raise page.no_such_place()
    asked = _ROWS.format(f"{of} AND p.number > $3")
    wanted = "$5::text IS NULL OR r.state = $5 ORDER BY r.number LIMIT $4"
    statement = f"SELECT * FROM ({asked}) r WHERE {wanted}"  # noqa: S608 - names of our own
    rows = await driver.fetch(statement, cycle_id, author_unit, begin, page.limit + 1, state)
    return await _intact(db, cycle_id, rows)


async def waiting_rows(
    db: AsyncSession,
    cycle_id: UUID,
    author_unit: str | None,
    ids: Collection[UUID] | None = None,
) -> list[ShownRow]:
    """Return the rows of one sender or of all that wait, those that are named or all, as they came;
    refuse them if they are not what the journal recorded."""
    driver = await driver_of(db)
    await driver.execute(BY_INDEX)
    named = None if ids is None else list(ids)
    some = "($3::uuid[] IS NULL OR p.parked_row_id = ANY ($3))"
    asked = (
        f"{_ROWS.format(f'{_of(author_unit)} AND {some}')} WHERE o.state IS NULL ORDER BY number"
    )
    rows = await driver.fetch(asked, cycle_id, author_unit, named)
    await driver.execute(AS_ALWAYS)
    return await _intact(db, cycle_id, rows)


async def _intact(db: AsyncSession, cycle_id: UUID, rows: Sequence[Any]) -> list[ShownRow]:
    found = [ShownRow(*row) for row in map(tuple, rows)]
    for table, records in (
        ("parked_row", {each.record for each in found}),
        ("parked_row_outcome", {each.settled_in for each in found if each.settled_in is not None}),
    ):
        if records:
            await require_intact(db, str(cycle_id), table, records=records)
    return found


async def count_waiting(db: AsyncSession, cycle_id: UUID) -> int:
    """Return how many rows of a cycle wait."""
    number: int = await (await driver_of(db)).fetchval(_NUMBER, cycle_id)
    return number


# A row has one outcome at most.
_NUMBER = """
    SELECT (SELECT count(*) FROM parked_row WHERE cycle_id::text = $1::uuid::text)
      - (SELECT count(*) FROM parked_row_outcome WHERE cycle_id = $1)
    """


async def waiting_by_scheme(
    db: AsyncSession, cycle_id: UUID, author_unit: str | None
) -> dict[str, int]:
    """Count the rows of one sender or of all that wait, by the id scheme of their codes."""
    statement = _BY_SCHEME.format(_of(author_unit))
    rows = await (await driver_of(db)).fetch(statement, cycle_id, author_unit)
    return {id_scheme: number for id_scheme, number in rows}  # noqa: C416 - rows are no pairs


_BY_SCHEME = """
    SELECT p.id_scheme, count(*) FROM parked_row p
    WHERE {} AND NOT EXISTS (SELECT FROM parked_row_outcome o
      WHERE o.cycle_id = p.cycle_id AND o.parked_row_id = p.parked_row_id)
    GROUP BY 1 ORDER BY 1
    """


async def known_rows(
    db: AsyncSession, cycle_id: UUID, author_unit: str, refs: Collection[str]
) -> dict[str, KnownRow]:
    """Return the latest row that a unit parked under each of some names."""
    driver = await driver_of(db)
    rows = await driver.fetch(_KNOWN, cycle_id, author_unit, sorted(refs))
    ids = [row["parked_row_id"] for row in rows]
    settled = {each[0] for each in await driver.fetch(_SETTLED, cycle_id, ids)} if ids else set()
    return {
        row["source_ref"]: KnownRow(
            row["source_version"],
            None if row["parked_row_id"] in settled else row["parked_row_id"],
            Draft(**{name: row[name] for name in (*_DRAFT, "source_ref")}),
            row["id_scheme"],
            row["wanted"],
        )
        for row in rows
    }


_KNOWN = "SELECT * FROM parked_of_source($1, $2, $3)"

_SETTLED = """
    SELECT each FROM unnest($2::uuid[]) each CROSS JOIN LATERAL (
      SELECT 1 FROM parked_row_outcome o
      WHERE o.cycle_id = $1 AND o.parked_row_id = each OFFSET 0) found
    """

_COLUMNS = (
    "cycle_id",
    "parked_row_id",
    "batch",
    "position",
    "id_scheme",
    "sent_on",
    "wanted",
    *_DRAFT,
    "source_ref",
    "source_version",
    "author",
    "author_unit",
    "author_person",
    "unknown",
)


async def park_rows(
    db: AsyncSession,
    cycle_id: UUID,
    rows: Mapping[int, WaitingRow],
    versions: Mapping[str, int],
    unknown: Mapping[int, Sequence[Fault]],
) -> None:
    """Keep rows of a batch by their positions; `versions` are the first numbers under their
    names."""
    batch = uuid.uuid4()
    written = [
        (
            *(cycle_id, row.parked_row_id, batch, at, row.id_scheme, row.sent_on, row.wanted),
            *(getattr(row.draft, name) for name in (*_DRAFT, "source_ref")),
            None if row.draft.source_ref is None else versions[row.draft.source_ref],
            *row.sender,
            " ".join(fault.code for fault in unknown[at]),
        )
        for at, row in rows.items()
    ]
    await add_rows(db, NewRows(cast(Table, ParkedRow.__table__), _COLUMNS, written))


async def settle_rows(
    db: AsyncSession,
    cycle_id: UUID,
    rows: Mapping[UUID, UUID | None],
    state: str,
    caller: Caller,
    reason: str | None = None,
) -> None:
    """Say of rows that they wait no longer, with the entries that they became."""
    if not rows:
        return
    written = [
        (cycle_id, each, state, entry_id, caller.subject, caller.person, reason)
        for each, entry_id in rows.items()
    ]
    columns = ("cycle_id", "parked_row_id", "state", "entry_id", "actor", "person", "reason")
    await add_rows(db, NewRows(cast(Table, ParkedRowOutcomeRow.__table__), columns, written))
