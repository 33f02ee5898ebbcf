"""The record of a cycle, table by table, as lines."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.stored import require_intact
from scoring.queries.ledger import LEDGER, require_true_ledger
from scoring.rules.evidence.archives import FORMAT, SECOND_FORMAT
from scoring.tables.base import Base

ARCHIVED: Mapping[str, str] = {
    "ledger": "cycle_id",
    "ledger_entry": "number",
    "ledger_entry_state": "entry_id, step",
    "claim": "number",
    "claim_state": "claim_id, step",
    "counted_award": "claim_id, step",
    "period_closing": "period",
    "period_permission": "permission_no",
    "late_entry": "entry_id",
    "evidence": "number",
    "entry_evidence": "number",
    "claim_evidence": "number",
    "highlight": "number",
    "highlight_state": "highlight_id, step",
    "highlight_evidence": "number",
    "adopted_entry": "number",
    "entry_signature": "entry_id",
    "duty_card": "number",
    "duty_card_event": 'unit COLLATE "C", indicator COLLATE "C", period, light COLLATE "C"',
    "stage": "stage_no",
    "unit_stage": 'stage_no, unit COLLATE "C"',
    "stage_state": "stage_no, step",
}
"""The tables of the record, each with the order of its rows."""

_ADDED = ("adopted_entry", "entry_signature", "duty_card", "duty_card_event")
_STAGES = ("stage", "unit_stage", "stage_state")

TABLES_OF: Mapping[str, Sequence[str]] = {
    SECOND_FORMAT: [name for name in ARCHIVED if name not in (*_ADDED, *_STAGES)],
    FORMAT: [*ARCHIVED],
}
"""By the format of an archive the tables that it holds."""

PERSONS = (
    *("author_person", "person", "closed_person", "granted_person", "signer_person"),
    "frozen_person",
)
"""Who the people behind accounts are."""

ORIGIN = "restored_from"
"""The column that says out of which archive a row was restored."""

WITHHELD = ("cycle_id", "record", ORIGIN, *PERSONS)
"""What an archive does not tell: the same in all rows, of the database alone, or of people."""

_ROWS_AT_ONCE = 2_000


async def require_true_record(db: AsyncSession, cycle_id: UUID) -> None:
    """Refuse to archive what is not what the journal recorded."""
    await require_true_ledger(db, cycle_id)
    others = [name for name in ARCHIVED if name not in LEDGER]
    await require_intact(db, str(cycle_id), *others)


async def lines_of(
    driver: Any,  # noqa: ANN401 - asyncpg's connection
    cycle_id: UUID,
    table: str,
    names: Collection[str] | None = None,
) -> AsyncIterator[bytes]:
    """Yield the rows of a cycle in a table as JSON lines, some at once, with these columns or all;
    numbers keep the digits with which they are stored."""
    columns = Base.metadata.tables[table].c.keys()
    left_out = [name for name in columns if names is not None and name not in names]
    query = (
        f"SELECT (to_jsonb(t) - $2::text[])::text FROM {table} t"  # noqa: S608 - names of our own
        f" WHERE cycle_id = $1 ORDER BY {ARCHIVED[table]}"
    )
    some = list[str]()
    withheld = [*WITHHELD, *left_out]
    async for row in driver.cursor(query, cycle_id, withheld, prefetch=_ROWS_AT_ONCE):
        some.append(row[0])
        if len(some) == _ROWS_AT_ONCE:
            yield _lines(some)
            some = []
    if some:
        yield _lines(some)


def _lines(rows: list[str]) -> bytes:
    return "".join(f"{row}\n" for row in rows).encode()
