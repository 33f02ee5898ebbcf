"""The record of a cycle, put back table by table from the lines of an archive."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import orjson
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.identity import Caller
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries.archive import ORIGIN, PERSONS, WITHHELD, lines_of
from scoring.rules.evidence.archives import (
    ArchiveDamaged,
    ArchiveNotRestorable,
    ArchiveOfAnotherVersion,
)
from scoring.rules.evidence.restoring import (
    MOST_NAMED,
    AwardsStandElsewhere,
    StandsElsewhere,
)
from scoring.tables.base import Base
from scoring.tables.evidence import RestorationProposalRow
from scoring.tables.ledger import LedgerRow

UNKNOWN_PERSON = "archived"
"""Who stands where an archive does not tell the person behind an account."""

_FOLLOWS: Mapping[str, Collection[str]] = {"ledger_entry": ("state", "step")}
"""What is kept of a table by other rows."""

_KEPT: Mapping[str, str] = {
    "ledger_entry_state": """
        SELECT keep_latest_states($1, ARRAY(
          SELECT entry_id FROM jsonb_populate_recordset(NULL::ledger_entry_state, $2::text::jsonb)))
        """
}
"""What keeps it, once rows are there that it follows from."""

_ROWS_AT_ONCE = 2_000
_BYTES_AT_ONCE = 4 << 20
_REFUSED = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)


async def restore_rows(
    driver: Any,  # noqa: ANN401 - asyncpg's connection
    cycle_id: UUID,
    table: str,
    lines: Iterable[bytes],
    digest: str,
) -> tuple[int, frozenset[str]]:
    """Add the rows of a table; return how many there are, and their columns: all have the same.
    Where a row says from which archive it is, it is from that of this digest. Awards that stand in
    other cycles are `AwardsStandElsewhere`."""
    number, statement, names = 0, "", frozenset[str]()
    parts = _in_parts(table, lines)
    # A thread reads what may be anything; nobody waits for it.
    while part := await asyncio.to_thread(next, parts, None):
        if not statement:
            names, statement = part.names, _adding(table, part.names)
        if part.names != names:
            raise _damaged(table)
        try:
            async with driver.transaction():  # what stands against it is asked afterwards
                await driver.execute(statement, cycle_id, part.rows, UNKNOWN_PERSON, digest)
                if kept := _KEPT.get(table):
                    await driver.execute(kept, cycle_id, part.rows)
        except _REFUSED as error:
            if stands := await _stands_elsewhere(driver, cycle_id, table, part.rows):
                raise AwardsStandElsewhere(stands) from error
            why = getattr(error, "constraint_name", None) or type(error).__name__
            raise ArchiveNotRestorable(
                f"{table} takes a row of it not: {why}.", f"`{table}` 不接收其中的行：`{why}`。"
            ) from error
        number += part.number
    return number, names


async def _stands_elsewhere(
    driver: Any,  # noqa: ANN401 - asyncpg's connection
    cycle_id: UUID,
    table: str,
    rows: str,
) -> list[StandsElsewhere]:
    """Return the claims of rows whose award counts in another cycle, or that arrived in one."""
    asked = _ELSEWHERE.get(table)
    found = await driver.fetch(asked, cycle_id, rows, MOST_NAMED + 1) if asked else ()
    return [StandsElsewhere(*row) for row in found]


_ELSEWHERE = {
    "claim": """
        SELECT mine.claim_no, mine.unit, mine.document_no, c.cycle_id, c.claim_no, c.unit
        FROM jsonb_populate_recordset(NULL::claim, $2::text::jsonb) mine
        JOIN claim c ON c.carried_from = mine.carried_from
        WHERE c.cycle_id <> $1 ORDER BY mine.number LIMIT $3
        """,
    "counted_award": """
        SELECT DISTINCT ON (mine.number)
          mine.claim_no, mine.unit, mine.document_no, c.cycle_id, c.claim_no, c.unit
        FROM jsonb_populate_recordset(NULL::counted_award, $2::text::jsonb) told
        JOIN claim mine ON mine.cycle_id = $1 AND mine.claim_id = told.claim_id
        JOIN counted_award a ON a.fingerprint = told.fingerprint AND a.item = told.item
        JOIN claim c ON c.cycle_id = a.cycle_id AND c.claim_id = a.claim_id
        WHERE told.ended_at IS NULL AND a.ended_at IS NULL AND a.cycle_id <> $1
        ORDER BY mine.number, c.unit <> mine.unit, c.number LIMIT $3
        """,
}


def the_row(table: str, lines: Iterable[bytes]) -> dict[str, Any]:
    """Return the one row of a table."""
    first = [_row(table, each) for each in islice(lines, 2)]
    if len(first) != 1:
        raise _damaged(table)
    return first[0]


async def seal_as_archived(db: AsyncSession, cycle_id: UUID, ledger: Mapping[str, Any]) -> None:
    """Give the ledger the phase, the moment and the closed periods that its archive tells."""
    told = orjson.dumps(ledger).decode()
    try:
        driver = await driver_of(db)
        await driver.execute(_CLOSE, cycle_id, told)
        await driver.execute(_SEAL, cycle_id, told)
        await db.scalars(select(LedgerRow.periods).where(LedgerRow.cycle_id == cycle_id))
    except (*_REFUSED, asyncpg.InsufficientPrivilegeError, ValidationError) as error:
        raise _damaged("ledger") from error  # also what no ledger ever goes through


# Periods close while a ledger is open.
_CLOSE = """
    UPDATE ledger l SET periods = told.periods, record = journal_record('ledger')
    FROM jsonb_populate_record(NULL::ledger, $2::text::jsonb) told
    WHERE l.cycle_id = $1 AND told.periods IS NOT NULL
    """

_SEAL = """
    UPDATE ledger l SET phase = told.phase, sealed_at = told.sealed_at,
      record = journal_record('ledger')
    FROM jsonb_populate_record(NULL::ledger, $2::text::jsonb) told WHERE l.cycle_id = $1
    """


async def require_restored(
    driver: Any,  # noqa: ANN401 - asyncpg's connection
    cycle_id: UUID,
    table: str,
    names: Collection[str],
    digest: str,
) -> None:
    """Refuse what does not give the very lines of the archive, by the columns that these have."""
    hashed = hashlib.sha256()
    async for some in lines_of(driver, cycle_id, table, names):
        hashed.update(some)
    if hashed.hexdigest() != digest:
        raise ArchiveNotRestorable(
            f"{table} would not be what was archived.", f"`{table}` 将与归档时不一致。"
        )


async def proposal_of(
    db: AsyncSession, cycle_id: UUID, digest: str
) -> RestorationProposalRow | None:
    """Return who proposed to restore the archive with this digest into a cycle, None for nobody."""
    await _require_proposals(db, cycle_id)
    of = RestorationProposalRow
    return await db.scalar(select(of).where(of.cycle_id == cycle_id, of.digest == digest))


async def proposals(
    db: AsyncSession, cycle_id: UUID, page: PageRequest | None = None
) -> Sequence[RestorationProposalRow]:
    """Return the proposals, or those of a page and one more, in the order in which they were
    made."""
    await _require_proposals(db, cycle_id)
    of = RestorationProposalRow
    query = select(of).where(of.cycle_id == cycle_id).order_by(of.proposal_no)
    if page is not None:
        query = query.where(of.proposal_no > page.after_number).limit(page.limit + 1)
    return (await db.scalars(query)).all()


async def propose(
    db: AsyncSession, cycle_id: UUID, told: Mapping[str, str], caller: Caller
) -> RestorationProposalRow:
    """Add a proposal under the next number; nobody else must be adding one."""
    of = RestorationProposalRow
    last = await db.scalar(select(func.max(of.proposal_no)).where(of.cycle_id == cycle_id))
    who = {"proposed_by": caller.subject, "proposed_person": caller.person}
    row = of(cycle_id=cycle_id, proposal_no=1 + (last or 0), **told, **who)
    db.add(row)
    await db.flush()
    await db.refresh(row)
    return row


async def _require_proposals(db: AsyncSession, cycle_id: UUID) -> None:
    await require_intact(db, str(cycle_id), "restoration_proposal")


class _Part(NamedTuple):
    """Some rows as one JSON array, their number and their columns."""

    rows: str
    number: int
    names: frozenset[str]


def _in_parts(table: str, lines: Iterable[bytes]) -> Iterator[_Part]:
    """Yield the rows of a table, as many at once as are held."""
    some, size = list[bytes](), 0
    for each in lines:
        some.append(each)
        size += len(each)
        if len(some) == _ROWS_AT_ONCE or size > _BYTES_AT_ONCE:
            yield _part(table, some)
            some, size = [], 0
    if some:
        yield _part(table, some)


def _part(table: str, some: Sequence[bytes]) -> _Part:
    names = frozenset(_row(table, some[0]))
    if any(_row(table, each).keys() != names for each in some[1:]):
        raise _damaged(table)
    return _Part((b"[" + b",".join(some) + b"]").decode(), len(some), names)


def _row(table: str, line: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _damaged(table) from error
    if not isinstance(row, dict):
        raise _damaged(table)
    if unknown := row.keys() - told_columns(table):
        name = min(unknown)
        raise ArchiveOfAnotherVersion(
            f"Its {table} has a column {name[:64]!r} that is not known here.",
            f"其 `{table}` 含有本系统没有的列。",
        )
    return row


def told_columns(table: str) -> frozenset[str]:
    """Return the columns of a table that an archive tells."""
    return frozenset(Base.metadata.tables[table].c.keys()) - {*WITHHELD}


def _adding(table: str, names: frozenset[str]) -> str:
    """Return the statement that adds rows with these columns."""
    columns = Base.metadata.tables[table].c
    given = {name: name for name in sorted(names) if name not in _FOLLOWS.get(table, ())}
    persons = [each.name for each in columns if each.name in PERSONS and not each.nullable]
    given |= dict.fromkeys(persons, "$3") | ({ORIGIN: "$4"} if ORIGIN in columns else {})
    into = ", ".join(f'"{name}"' for name in ("cycle_id", *given))
    out_of = ", ".join(
        ["$1", *(each if each[0] == "$" else f'"{each}"' for each in given.values())]
    )
    return (
        f"INSERT INTO {table} ({into}) SELECT {out_of}"  # noqa: S608 - names of our own
        f" FROM jsonb_populate_recordset(NULL::{table}, $2::text::jsonb)"
        " WHERE $3::text IS NOT NULL AND $4::text IS NOT NULL"
    )


def _damaged(table: str) -> ArchiveDamaged:
    return ArchiveDamaged(f"{table} cannot be read.", f"`{table}` 无法读取。")
