"""The record of a cycle, table by table, as lines."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.stored import require_intact
from scoring.queries.ledger import LEDGER, require_true_ledger
from scoring.rules.evidence.archives import FORMAT, SECOND_FORMAT, THIRD_FORMAT
from scoring.tables.base import Base
from scoring.tables.items import ItemRow

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
    "hand_in": 'category COLLATE "C", number',
    "duty_person": "number",
    "supervised_item": "number",
    "supervised_item_move": "item_id, step",
    "supervised_item_unit": 'item_id, step, unit COLLATE "C"',
    "supervised_item_evidence": "number",
    "supervised_item_event": 'item_id, step, what COLLATE "C", unit COLLATE "C"',
    "check_commitment": 'check_code COLLATE "C"',
    "check_list": 'check_code COLLATE "C", name COLLATE "C"',
    "check_draw": 'check_code COLLATE "C"',
    "check_pool": 'check_code COLLATE "C"',
    "check_reviewer": 'check_code COLLATE "C", reviewer COLLATE "C"',
    "self_mark": 'round_code COLLATE "C", unit COLLATE "C", indicator COLLATE "C", version',
    "self_evaluation": 'round_code COLLATE "C", unit COLLATE "C"',
    "self_evaluation_comparison": 'round_code COLLATE "C"',
    "self_evaluation_gap": 'round_code COLLATE "C", unit COLLATE "C", indicator COLLATE "C"',
    "check_team_member": ('check_code COLLATE "C", unit COLLATE "C", number, reviewer COLLATE "C"'),
    "check_finding": "finding_id",
    "check_finding_step": "finding_id, step",
    "check_finding_evidence": "finding_id, evidence_id",
    "check_fraud_step": "finding_id, step",
    "check_second_mark": "finding_id",
    "correction": "correction_id",
    "correction_decision": "correction_id",
    "registered_award": "number",
    "registered_award_holder": "award_id, holder_no",
    "registered_award_state": "award_id, step",
}
"""The tables of the record, each with the order of its rows."""

_DERIVED = "made anew out of what is archived"
_COMPUTED = "computed anew out of what is archived, and published as documents of their own"
_NEVER_ENTERED = "no part of the record: what was entered of it is an entry"
_HERE = "of this installation"
_OF_CITIZENS = (
    "what citizens say may name people, and goes on after the year; what counts is an entry"
)
_OF_HEARINGS = (
    "what units say of editions and of the open record, and is answered; what changes by it is an "
    "entry or a correction"
)

NOT_ARCHIVED: Mapping[str, str] = {
    **dict.fromkeys(("ledger_count", "ledger_entry_standing", "entry_likeness"), _DERIVED),
    **dict.fromkeys(
        (
            *("score_sheet", "unit_score", "input_document", "feedback"),
            *("explanation", "explanation_tree"),
        ),
        _COMPUTED,
    ),
    **dict.fromkeys(("parked_row", "parked_row_outcome"), _NEVER_ENTERED),
    "restoration_proposal": _HERE,
    **dict.fromkeys(
        (
            *("complaint", "complaint_move", "complaint_unit", "complaint_event"),
            "complaint_desk",
            *("complaint_contact", "complaint_contact_reading", "complaint_erasure"),
        ),
        _OF_CITIZENS,
    ),
    **dict.fromkeys(("objection", "objection_move", "objection_evidence"), _OF_HEARINGS),
}
"""The tables of a cycle that an archive leaves out, each with the reason."""

_ADDED = ("adopted_entry", "entry_signature", "duty_card", "duty_card_event")
_STAGES = ("stage", "unit_stage", "stage_state")
_ITEMS = tuple(name for name in ARCHIVED if name.startswith("supervised_item"))
_CHECKS = tuple(name for name in ARCHIVED if name.startswith("check_"))
_SELF = tuple(name for name in ARCHIVED if name.startswith("self_"))
_CORRECTIONS = ("correction", "correction_decision")
_AWARDS = tuple(name for name in ARCHIVED if name.startswith("registered_award"))
_LATER = ("hand_in", "duty_person", *_ITEMS, *_CHECKS, *_SELF, *_CORRECTIONS, *_AWARDS)

TABLES_OF: Mapping[str, Sequence[str]] = {
    SECOND_FORMAT: [name for name in ARCHIVED if name not in (*_ADDED, *_STAGES, *_LATER)],
    THIRD_FORMAT: [name for name in ARCHIVED if name not in _LATER],
    FORMAT: [*ARCHIVED],
}
"""By the format of an archive the tables that it holds."""

PERSONS = (
    *("author_person", "person", "closed_person", "granted_person", "signer_person"),
    *("frozen_person", "assigned_person"),
)
"""Who the people behind accounts are."""

ORIGIN = "restored_from"
"""The column that says out of which archive a row was restored."""

WITHHELD = ("cycle_id", "record", ORIGIN, *PERSONS)
"""What an archive does not tell: the same in all rows, of the database alone, or of people."""

_ROWS_AT_ONCE = 2_000

_OPEN = (
    " AND NOT EXISTS (SELECT FROM supervised_item i"
    " WHERE i.cycle_id = $1 AND i.item_id = t.item_id AND i.confidential)"
)


@cache
def _of_confidential() -> str:
    """Return the condition that a file of evidence is named by confidential items and by nothing
    else."""
    of_items, named = (
        "supervised_item_evidence",
        "n.cycle_id = $1 AND n.evidence_id = t.evidence_id",
    )
    others = [
        f"SELECT FROM {name} n WHERE {named}"
        for name, table in Base.metadata.tables.items()
        if "evidence_id" in table.c and name not in ("evidence", of_items)
    ]
    by_items = (
        f"SELECT FROM {of_items} n JOIN supervised_item i USING (cycle_id, item_id)"
        f" WHERE {named} AND {{}} i.confidential"
    )
    elsewhere = [*others, by_items.format("NOT")]
    nowhere = " AND ".join(f"NOT EXISTS ({each})" for each in elsewhere)
    return f"EXISTS ({by_items.format('')}) AND {nowhere}"


async def confidential_evidence(db: AsyncSession, cycle_id: UUID) -> set[UUID]:
    """Return the files of evidence that confidential items name, and nothing else does."""
    query = f"SELECT t.evidence_id FROM evidence t WHERE t.cycle_id = $1 AND {_of_confidential()}"  # noqa: S608 - names of our own
    return {found for (found,) in await (await driver_of(db)).fetch(query, cycle_id)}


async def has_confidential(db: AsyncSession, cycle_id: UUID) -> bool:
    """Say whether a cycle has items that are confidential."""
    of = ItemRow
    asked = select(of.item_id).where(of.cycle_id == cycle_id, of.confidential)
    return bool(await db.scalar(select(asked.exists())))


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
    *,
    confidential: bool = True,
) -> AsyncIterator[bytes]:
    """Yield the rows of a cycle in a table as JSON lines, some at once, with these columns or all;
    numbers keep the digits with which they are stored. Where nothing `confidential` is told, rows
    of such items are left out, and of the evidence that they alone name."""
    columns = Base.metadata.tables[table].c.keys()
    left_out = [name for name in columns if names is not None and name not in names]
    query = (
        f"SELECT (to_jsonb(t) - $2::text[])::text FROM {table} t"  # noqa: S608 - names of our own
        f" WHERE cycle_id = $1{'' if confidential else _left_out(table)}"
        f" ORDER BY {ARCHIVED[table]}"
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


def _left_out(table: str) -> str:
    if table == "evidence":
        return f" AND NOT ({_of_confidential()})"
    return _OPEN if table in _ITEMS else ""


def _lines(rows: list[str]) -> bytes:
    return "".join(f"{row}\n" for row in rows).encode()
