"""What stands in the place of the entries that a check has drawn, and which of them are gone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.queries.ledger import entry_rows, one_of
from scoring.rules.checks.drawn import Drawn, InCell, Link, line_of, stand_ins
from scoring.rules.ledger.entries import PROGRESS_REPORT, REVERSAL
from scoring.rules.ledger.states import COUNTED, LOCKED, VERIFIED, VOIDED
from scoring.tables.checks import CheckFindingStepRow
from scoring.tables.ledger import LedgerEntryRow


async def standing_for(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID], listed: Collection[UUID]
) -> list[Drawn]:
    """Return for each of some drawn entries, in their order, what is checked in its place by now:
    what it was restated as, and where that counts no longer all that counts in the same cell and
    was not `listed` when the lists were fixed.

    What a finding itself put in the place of an entry is not checked again.
    """
    lines = await _lines(db, cycle_id, ids)
    gone = {each: line for each, line in lines.items() if line.is_gone}
    beside = await _in_cells(db, cycle_id, gone.values(), listed) if gone else {}
    return [Drawn(each, line, beside.get(each, ())) for each, line in lines.items()]


async def _lines(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Link]:
    """Return each entry with all that was put in its place one after the other, and took effect."""
    of, step = LedgerEntryRow, CheckFindingStepRow
    found = exists().where(step.cycle_id == cycle_id, step.restated_by == of.entry_id)
    took_effect = of.state.in_((VERIFIED, LOCKED, VOIDED))
    own = of.entry_id.label("drawn"), of.entry_id.label("stands"), literal(0).label("n")
    wanted = select(*own, of.state, found.label("found"))
    line = wanted.where(of.cycle_id == cycle_id, of.entry_id.in_(ids)).cte(recursive=True)
    next_ = select(line.c.drawn, of.entry_id, line.c.n + 1, of.state, found)
    later = next_.join(line, (of.cycle_id == cycle_id) & (of.restates == line.c.stands))
    line = line.union_all(later.where(took_effect))
    steps: dict[UUID, list[tuple[UUID, bool, bool]]] = {}
    for row in await db.execute(select(line).order_by(line.c.n)):
        counts = row.state in COUNTED
        steps.setdefault(row.drawn, []).append((row.stands, counts, row.found))
    return {each: line_of(steps[each]) for each in ids if each in steps}


async def _in_cells(
    db: AsyncSession, cycle_id: UUID, gone: Iterable[Link], listed: Collection[UUID]
) -> Mapping[UUID, Sequence[UUID]]:
    """Return what counts in the cells of entries that are gone and was not listed, by the entries;
    without what the findings of checks entered themselves."""
    rows = await entry_rows(db, cycle_id, [each.first for each in gone])
    of, step = LedgerEntryRow, CheckFindingStepRow
    own = or_(step.restated_by == of.entry_id, step.overstated_as == of.entry_id)
    query = select(of).where(
        of.cycle_id == cycle_id,
        one_of(of.unit, {each.unit for each in rows.values()}),
        one_of(of.indicator, {each.indicator for each in rows.values()}),
        of.state.in_(COUNTED),
        of.kind.not_in((REVERSAL, PROGRESS_REPORT)),
        of.panel.is_(None),
        ~exists().where(step.cycle_id == cycle_id, own),
    )
    now = [each for each in await db.scalars(query) if each.entry_id not in listed]
    cells = [_cell(each) for each in now]
    return {each.entry_id: stand_ins(_cell(each), cells) for each in rows.values()}


def _cell(row: LedgerEntryRow) -> InCell:
    return InCell(row.entry_id, row.unit, row.indicator, row.key, row.item, row.period)
