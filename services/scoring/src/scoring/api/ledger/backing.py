"""How the rows of a batch of entries name the evidence that supports them."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.modes import ALL
from chassis.refusals import Fault, pointer
from scoring.api.evidence.named import MOST_NAMED, name_files, names_of, unreadable
from scoring.api.explanation.readers import Duties
from scoring.api.ledger.keeping import Batch, Outcomes
from scoring.queries.ledger import hold_entries
from scoring.rules.ledger.batch import BatchRejected
from scoring.rules.ledger.shapes import Draft
from scoring.tables.evidence import EntryEvidenceRow

Files = Mapping[int, Sequence[UUID]]
"""The files that rows name, by the positions of these."""


class Backable(Protocol):
    """A row that may name files."""

    @property
    def evidence_ids(self) -> list[UUID]:
        """The files that it names."""
        ...


Backed = Mapping[int, int]
"""How many files were named now by the entries of rows, by the positions of these."""


def files_of(positions: Sequence[int], entries: Sequence[Backable]) -> Files:
    """Return the files of those rows that name any."""
    given = zip(positions, (entry.evidence_ids for entry in entries), strict=True)
    return {row: ids for row, ids in given if ids}


def left_unparked(unknown: Mapping[int, object], files: Files) -> dict[int, list[Fault]]:
    """Return the faults of rows with unknown codes that name files: there is no entry yet that
    could name them, and whoever reads a row that waits reads no evidence by it."""
    en, zh = (
        "A row that waits for its codes names no evidence; name it once it is entered.",
        "等待代码对照的行不能引用佐证材料，请在录入后引用。",
    )
    return {
        row: [Fault(pointer("entries", row, "evidence_ids"), "evidence-of-parked-row", en, zh)]
        for row in unknown
        if row in files
    }


async def misnaming(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    duties: Duties,
    drafts: Mapping[int, Draft],
    files: Files,
    others: Mapping[int, list[Fault]],
) -> dict[int, list[Fault]]:
    """Return the faults of rows that name what the caller may not read, beside their others."""
    shown = {row: ids for row, ids in files.items() if row in drafts}
    found = await unreadable(db, cycle_id, permit, duties, shown, "entries")
    return {**others, **{row: [*others.get(row, ()), *told] for row, told in found.items()}}


async def back_entries(
    db: AsyncSession,
    batch: Batch,
    became: Outcomes,
    files: Files,
    faults: Mapping[int, list[Fault]],
) -> tuple[Outcomes, Backed]:
    """Name the files of rows by their entries, also by those that were there before.

    A row by which an entry would name more than it may is refused beside those with `faults`.
    """
    if not files:
        return became, {}
    entered = {row: each for row, each in became.entered.items() if row in files}
    known = {row: each for row, each in entered.items() if row not in became.stored}
    new, over = _new_to(entered, await _named_by(db, batch.cycle_id, known), files)
    if over and batch.mode == ALL:
        told = [*chain.from_iterable(over.values())]
        raise BatchRejected(f"{len(told)} fault(s).", f"共 {len(told)} 处错误。", faults=told)
    named = dict[UUID, list[UUID]]()
    for row, ids in new.items():
        named.setdefault(entered[row], []).extend(ids)
    await name_files(db, batch.cycle_id, EntryEvidenceRow, batch.caller, named)
    became = became._replace(faults={**became.faults, **faults, **over})
    return became, dict(zip(new, map(len, new.values()), strict=True))


async def _named_by(
    db: AsyncSession, cycle_id: UUID, known: Mapping[int, UUID]
) -> dict[UUID, set[UUID]]:
    """Return what entries name that were there before, while nobody else can name any by them."""
    if known:
        await hold_entries(db, cycle_id)
    return await names_of(db, cycle_id, EntryEvidenceRow, [*known.values()])


def _new_to(
    entered: Mapping[int, UUID], there: dict[UUID, set[UUID]], files: Files
) -> tuple[dict[int, list[UUID]], dict[int, list[Fault]]]:
    """Return which files of rows their entries do not name yet, and the faults of rows by which one
    would name too many."""
    found, over = dict[int, list[UUID]](), dict[int, list[Fault]]()
    for row, entry_id in entered.items():
        before = there.setdefault(entry_id, set())
        new = [each for each in dict.fromkeys(files[row]) if each not in before]
        if len(before) + len(new) > MOST_NAMED:
            over[row] = [_too_many(row)]
        elif new:
            before.update(new)
            found[row] = new
    return found, over


def concerned(drafts: Mapping[int, Draft], became: Outcomes, backed: Backed) -> list[Draft]:
    """Return the entries that were stored now, or have named files now."""
    return [drafts[row] for row in became.entered if row in became.stored or row in backed]


def told_of(backed: Backed) -> dict[str, int]:
    """Return what the journal is told of files that were named: of none nothing."""
    return {"evidence": sum(backed.values())} if backed else {}


def _too_many(row: int) -> Fault:
    return Fault(
        pointer("entries", row, "evidence_ids"),
        "too-much-evidence",
        f"With these the entry would name more than {MOST_NAMED} files.",
        f"连同这些材料，该记录引用的佐证材料将超过 {MOST_NAMED} 份。",
    )
