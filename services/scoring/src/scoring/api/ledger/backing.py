"""How the rows of a batch of entries name the evidence that supports them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.modes import ALL
from chassis.refusals import Fault, pointer
from scoring.api.evidence.named import MOST_NAMED, name_files, names_of
from scoring.api.ledger.keeping import Batch, Outcomes
from scoring.queries.ledger import hold_entries
from scoring.rules.ledger.batch import BatchRejected
from scoring.tables.evidence import EntryEvidenceRow

Files = Mapping[int, Sequence[UUID]]
"""The files that rows name, by the positions of these."""


Backed = Mapping[int, int]
"""How many files were named now by the entries of rows, by the positions of these."""


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
    known = [entry_id for row, entry_id in entered.items() if row not in became.stored]
    if known:
        await hold_entries(db, batch.cycle_id)  # others may name files by them at this moment
    there = await names_of(db, batch.cycle_id, EntryEvidenceRow, known)
    named, backed, over = dict[UUID, list[UUID]](), dict[int, int](), dict[int, list[Fault]]()
    for row, entry_id in entered.items():
        before = there.setdefault(entry_id, set())
        new = [each for each in dict.fromkeys(files[row]) if each not in before]
        if len(before) + len(new) > MOST_NAMED:
            over[row] = [_too_many(row)]
        elif new:
            before.update(new)
            named.setdefault(entry_id, []).extend(new)
            backed[row] = len(new)
    if over and batch.mode == ALL:
        told = [fault for row in over.values() for fault in row]
        raise BatchRejected(f"{len(told)} fault(s).", f"共 {len(told)} 处错误。", faults=told)
    await name_files(db, batch.cycle_id, EntryEvidenceRow, batch.caller, named)
    return became._replace(faults={**became.faults, **faults, **over}), backed


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
