"""Which files rows name as their evidence: looked up for all rows together, and named together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.identity import Caller
from chassis.refusals import Fault, pointer
from scoring.api.evidence.reading import all_readable, no_such
from scoring.api.explanation.readers import NO_DUTIES, Duties, duties_of
from scoring.peers import Peers
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.tables.evidence import ClaimEvidenceRow, EntryEvidenceRow

MOST_NAMED = 50
"""How many files one entry or claim may name."""
MOST_AT_ONCE = 2_000
"""How many files the rows of one batch may name together."""

EvidenceIds = Annotated[list[UUID], Field(max_length=MOST_NAMED)]
"""Files that a row names; in a cell of a table the ids stand with a space between."""

READS = "GET /api/v1/cycles/{cycle_id}/evidence/{evidence_id}"

Names = type[EntryEvidenceRow] | type[ClaimEvidenceRow]


async def reading_duties(
    ask: Peers, permit: Permission, cycle_id: UUID, named: Mapping[int, Sequence[UUID]]
) -> Duties:
    """Return what the scheme names the caller's unit for where it reads evidence; where no row
    names any, nobody is asked. Refuse more files than a batch may name."""
    number = sum(map(len, named.values()))
    if number > MOST_AT_ONCE:
        raise EvidenceNotNamed(
            f"Its rows name {number} files together; {MOST_AT_ONCE} are the most.",
            f"各行合计引用 {number} 份，一批至多 {MOST_AT_ONCE} 份。",
        )
    return await duties_of(ask, permit.of(READS), cycle_id) if named else NO_DUTIES


async def unreadable(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    duties: Duties,
    named: Mapping[int, Sequence[UUID]],
    at: str = "",
) -> dict[int, list[Fault]]:
    """Return the faults of rows, by their places, that name what the caller may not read: that
    would open it to others. What there is not, and what is not told of, is refused alike.

    The rows stand in the list `at`; the only row of a body has none.
    """
    ids = {each: None for row in named.values() for each in row}
    if not ids:
        return {}
    found = await all_readable(db, cycle_id, list(ids), permit.of(READS), duties)
    faults = {row: [*_unknown(row, ids, found, at)] for row, ids in named.items()}
    return {row: told for row, told in faults.items() if told}


def _unknown(
    row: int, ids: Sequence[UUID], found: Mapping[UUID, object], at: str
) -> Iterator[Fault]:
    where = (at, row, "evidence_ids") if at else ("evidence_ids",)
    for place, evidence_id in enumerate(ids):
        if evidence_id not in found:
            told = no_such(evidence_id)
            yield Fault(pointer(*where, place), "no-such-evidence", told.detail_en, told.detail_zh)


async def require_readable(
    db: AsyncSession, cycle_id: UUID, permit: Permission, ask: Peers, ids: Sequence[UUID], at: str
) -> None:
    """Refuse to have one entry or claim name what the caller may not read."""
    named = {0: ids} if ids else {}
    duties = await reading_duties(ask, permit, cycle_id, named)
    for faults in (await unreadable(db, cycle_id, permit, duties, named)).values():
        told = [replace(each, pointer=at + each.pointer) for each in faults]
        en, zh = f"{len(told)} fault(s).", f"共 {len(told)} 处错误。"
        raise EvidenceNotNamed(en, zh, faults=told)


async def names_of(
    db: AsyncSession, cycle_id: UUID, names: Names, ids: Sequence[UUID]
) -> dict[UUID, set[UUID]]:
    """Return which files each of these entries or claims names."""
    key = names.entry_id if names is EntryEvidenceRow else names.claim_id  # type: ignore[union-attr]
    found = {each: set[UUID]() for each in ids}
    if found:
        asked = select(key, names.evidence_id).where(names.cycle_id == cycle_id, key.in_(found))
        for of, evidence_id in await db.execute(asked):
            found[of].add(evidence_id)
    return found


async def name_files(
    db: AsyncSession,
    cycle_id: UUID,
    names: Names,
    caller: Caller,
    named: Mapping[UUID, Sequence[UUID]],
) -> list[UUID]:
    """Say which files support entries or claims, unless it has been said; return those added."""
    if not any(named.values()):
        return []
    of = "entry_id" if names is EntryEvidenceRow else "claim_id"
    by = {
        "cycle_id": cycle_id,
        "author": caller.subject,
        "author_person": caller.person,
        "author_unit": caller.organisation,
    }
    rows = [
        {**by, of: each, "evidence_id": file}
        for each, files in named.items()
        for file in dict.fromkeys(files)
    ]
    kept = insert(names).values(rows).on_conflict_do_nothing().returning(names.evidence_id)
    return [*await db.scalars(kept)]


def too_many(total: int) -> EvidenceNotNamed:
    """Return the refusal of an entry or a claim that would name more files than it may."""
    return EvidenceNotNamed(f"It would name {total}.", f"将引用 {total} 份。")
