"""Questions about evidence: which there is, who names it, and who may therefore read it."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Text, any_, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from chassis.db import driver_of
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries.entries import Question, Way, read_by
from scoring.tables.claims import ClaimRow
from scoring.tables.evidence import ClaimEvidenceRow, EntryEvidenceRow, EvidenceRow
from scoring.tables.highlights import HighlightEvidenceRow


class Named(NamedTuple):
    """A file that an entry or a claim names."""

    evidence_id: UUID
    kind: str
    name: str
    size: int


async def find_evidence(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[UUID, EvidenceRow]:
    """Return these files of a cycle; refuse them if they are not what the journal recorded."""
    row = EvidenceRow
    found = await db.scalars(select(row).where(row.cycle_id == cycle_id, row.evidence_id.in_(ids)))
    rows = {each.evidence_id: each for each in found}
    records = {each.record for each in rows.values()}
    if records:
        await require_intact(db, str(cycle_id), "evidence", records=records)
    return rows


async def named_by_entries(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID], ways: Sequence[Way]
) -> set[UUID]:
    """Return those of the files that are named by an entry which is read in one of these ways."""
    if not ways or not ids:
        return set()
    asked = Question([cycle_id, [*ids]])
    statement = _NAMED.format(read_by(ways, asked))
    return {row[0] for row in await (await driver_of(db)).fetch(statement, *asked.values)}


# Each entry is looked up by its key, whatever the planner guesses.
_NAMED = """
    SELECT asked.id FROM unnest($2::uuid[]) asked (id)
    WHERE EXISTS (SELECT FROM entry_evidence n CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry l
      WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = n.entry_id OFFSET 0) e
    WHERE n.cycle_id = $1 AND n.evidence_id = asked.id AND {})
    """


async def named_by_claims(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID], units: Collection[str]
) -> set[UUID]:
    """Return those of the files that are named by a claim of one of these units."""
    if not units or not ids:
        return set()
    claim, named = ClaimRow, ClaimEvidenceRow
    about = (
        select(named.evidence_id)
        .join(claim, (claim.cycle_id == named.cycle_id) & (claim.claim_id == named.claim_id))
        .where(named.cycle_id == cycle_id, named.evidence_id.in_(ids), claim.unit.in_(units))
    )
    return {*await db.scalars(about.distinct())}


async def backed_entries(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Return those of the entries that name evidence."""
    rows = await (await driver_of(db)).fetch(_BACKED, cycle_id, [*ids]) if ids else ()
    return {row[0] for row in rows}


_BACKED = """
    SELECT asked.id FROM unnest($2::uuid[]) asked (id)
    WHERE EXISTS (SELECT FROM entry_evidence n WHERE n.cycle_id = $1 AND n.entry_id = asked.id)
    """


async def evidence_of_entry(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> list[Named]:
    """Return what an entry names, in the order in which it did."""
    return (await evidence_of_entries(db, cycle_id, [entry_id])).get(entry_id, [])


async def evidence_of_entries(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[UUID, list[Named]]:
    """Return what each of these entries names, in the order in which it did."""
    found: dict[UUID, list[Named]] = {}
    names = EntryEvidenceRow, EntryEvidenceRow.entry_id
    for entry_id, named in await _named(db, *names, cycle_id, ids):
        found.setdefault(entry_id, []).append(named)
    return found


async def evidence_of_claims(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[UUID, list[Named]]:
    """Return what each of these claims names, in the order in which it did."""
    found: dict[UUID, list[Named]] = {}
    for claim_id, named in await _named(
        db, ClaimEvidenceRow, ClaimEvidenceRow.claim_id, cycle_id, ids
    ):
        found.setdefault(claim_id, []).append(named)
    return found


async def _named(
    db: AsyncSession,
    names: type[EntryEvidenceRow] | type[ClaimEvidenceRow],
    by: InstrumentedAttribute[UUID],
    cycle_id: UUID,
    ids: Collection[UUID],
) -> list[tuple[UUID, Named]]:
    of = EvidenceRow
    on = (of.cycle_id == names.cycle_id) & (of.evidence_id == names.evidence_id)
    query = (
        select(by, names.record, of.evidence_id, of.kind, of.name, of.size)
        .join(of, on)
        .where(names.cycle_id == cycle_id, by.in_(ids))
        .order_by(names.number)
    )
    rows = (await db.execute(query)).all()
    if rows:
        records = {row.record for row in rows}
        await require_intact(db, str(cycle_id), names.__tablename__, records=records)
    return [(row[0], Named(row.evidence_id, row.kind, row.name, row.size)) for row in rows]


async def all_evidence(db: AsyncSession, cycle_id: UUID) -> Sequence[EvidenceRow]:
    """Return all files of a cycle in the order in which they were added; refuse them if they are
    not what the journal recorded."""
    await require_intact(db, str(cycle_id), "evidence")
    row = EvidenceRow
    return (
        await db.scalars(select(row).where(row.cycle_id == cycle_id).order_by(row.number))
    ).all()


class Sought(NamedTuple):
    """Which files are asked for: of who reads its own alone, those of the unit `own`."""

    own: str | None
    unit: str | None
    name: str | None
    kind: str | None
    digest: str | None
    day: dt.date | None
    is_used: bool | None


async def evidence_on_page(
    db: AsyncSession, cycle_id: UUID, page: PageRequest, sought: Sought, time_zone: str
) -> list[tuple[EvidenceRow, bool]]:
    """Return the files of a page and one more, as they came, each with whether something names
    it; refuse them if they are not what the journal recorded."""
    of, used = EvidenceRow, _is_used()
    added_on = cast(func.timezone(time_zone, of.added_at), Date)
    asked = [
        (of.author_unit == sought.own, sought.own),
        (of.author_unit == sought.unit, sought.unit),
        (of.name.contains(sought.name or "", autoescape=True), sought.name),
        (of.kind == sought.kind, sought.kind),
        (of.digest == sought.digest, sought.digest),
        (added_on == sought.day, sought.day),
        (used == sought.is_used, sought.is_used),
    ]
    wanted = [of.cycle_id == cycle_id, *(each for each, given in asked if given is not None)]
    if page.after is not None:
        before = select(of.number).where(*wanted, of.evidence_id == page.after_id)
        number = await db.scalar(before)
        if number is None:
            raise page.no_such_place()
        wanted.append(of.number > number)
    query = select(of, used).where(*wanted).order_by(of.number).limit(page.limit + 1)
    found = [(row, is_used) for row, is_used in (await db.execute(query)).all()]
    if found:
        records = {row.record for row, _ in found}
        await require_intact(db, str(cycle_id), "evidence", records=records)
    return found


def _is_used() -> ColumnElement[bool]:
    """Return the condition that something names a file. The first to do so is of the unit that
    added it or decides for it: nobody else can read the file before."""
    of, names = EvidenceRow, (EntryEvidenceRow, ClaimEvidenceRow, HighlightEvidenceRow)
    return or_(
        *(
            exists().where(each.cycle_id == of.cycle_id, each.evidence_id == of.evidence_id)
            for each in names
        )
    )


async def hold_contents(db: AsyncSession) -> None:
    """Let no content be removed until the commit: what is about to be named may be one that no
    file names yet."""
    await db.execute(select(func.pg_advisory_xact_lock_shared(func.hashtext(_CONTENTS))))


async def alone_with_contents(db: AsyncConnection) -> None:
    """Wait for whoever is about to name a content that lies there, and let nobody until the
    commit."""
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtext(_CONTENTS))))


_CONTENTS = "evidence-contents"


async def named_contents(db: AsyncConnection, digests: Collection[str]) -> set[str]:
    """Return those of some contents that a file of whatever cycle names, or is copied to."""
    asked = cast([*digests], ARRAY(Text))
    found = set[str]()
    for column in (EvidenceRow.digest, EvidenceRow.copy_digest):
        named = select(column).where(column == any_(asked)).distinct()
        found |= {each for each in await db.scalars(named) if each is not None}
    return found


class Use(NamedTuple):
    """An entry, a claim or a highlight that names a file."""

    entry_id: UUID | None
    claim_id: UUID | None
    highlight_id: UUID | None
    unit: str
    indicator: str | None


async def uses_of(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> dict[UUID, list[Use]]:
    """Return which entries, claims and highlights name these files."""
    found: dict[UUID, list[Use]] = {}
    if ids:
        rows = await (await driver_of(db)).fetch(_USES, cycle_id, [*ids])
        for evidence_id, *told in rows:
            found.setdefault(evidence_id, []).append(Use(*told))
    return found


_USES = """
    SELECT evidence_id, entry_id, claim_id, highlight_id, unit, indicator FROM (
      SELECT n.evidence_id, n.entry_id, NULL::uuid AS claim_id, NULL::uuid AS highlight_id,
        e.unit, e.indicator, n.named_at
      FROM entry_evidence n CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry l
        WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = n.entry_id OFFSET 0) e
      WHERE n.cycle_id = $1 AND n.evidence_id = ANY ($2::uuid[])
      UNION ALL
      SELECT n.evidence_id, NULL, c.claim_id, NULL, c.unit, c.linked_indicator, n.named_at
      FROM claim_evidence n JOIN claim c USING (cycle_id, claim_id)
      WHERE n.cycle_id = $1 AND n.evidence_id = ANY ($2::uuid[])
      UNION ALL
      SELECT n.evidence_id, NULL, NULL, h.highlight_id, h.unit, NULL, h.reported_at
      FROM highlight_evidence n JOIN highlight h USING (cycle_id, highlight_id)
      WHERE n.cycle_id = $1 AND n.evidence_id = ANY ($2::uuid[])) used
    ORDER BY named_at, entry_id, claim_id, highlight_id
    """
