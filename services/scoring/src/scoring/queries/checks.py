"""Questions about checks (复检, 抽查): what may be drawn, what was fixed, and by which seed."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.stored import require_intact
from scoring.queries.ledger import one_of
from scoring.rules.ledger.entries import PROGRESS_REPORT, REVERSAL
from scoring.rules.ledger.states import VERIFIED
from scoring.tables.checks import CheckCommitmentRow, CheckDrawRow, CheckListRow
from scoring.tables.ledger import LedgerEntryRow

_TABLES = ("check_commitment", "check_list", "check_draw")


class HeldCheck(NamedTuple):
    """A check whose lists were fixed, and its seed, once it was told."""

    row: CheckCommitmentRow
    draw: CheckDrawRow | None
    lists: list[CheckListRow]


async def held_checks(db: AsyncSession, cycle_id: UUID) -> Mapping[str, HeldCheck]:
    """Return the checks of a cycle whose lists were fixed, by their codes; refuse altered ones."""
    await require_intact(db, str(cycle_id), *_TABLES)
    of, seed, listed = CheckCommitmentRow, CheckDrawRow, CheckListRow
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id))
    drawn = await db.scalars(select(seed).where(seed.cycle_id == cycle_id))
    draws = {each.check_code: each for each in drawn}
    found = {
        each.check_code: HeldCheck(each, draws.get(each.check_code), []) for each in rows.all()
    }
    lists = await db.scalars(select(listed).where(listed.cycle_id == cycle_id))
    for each in sorted(lists, key=lambda row: (row.unit is not None, row.name)):
        found[each.check_code].lists.append(each)
    return found


async def entries_to_check(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> dict[str, list[str]]:
    """Return the ids of the verified entries about units, by unit: all that says something of its
    own, but for marks, which are an opinion."""
    of = LedgerEntryRow
    query = select(of.unit, of.entry_id).where(
        of.cycle_id == cycle_id,
        one_of(of.unit, units),
        of.state == VERIFIED,
        of.kind.not_in((REVERSAL, PROGRESS_REPORT)),
        of.panel.is_(None),
    )
    found: dict[str, list[str]] = {}
    for unit, entry_id in await db.execute(query):
        found.setdefault(unit, []).append(str(entry_id))
    return found
