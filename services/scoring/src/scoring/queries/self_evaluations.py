"""Questions about self-evaluations: which self marks stand, who handed in, and the gaps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.stored import require_intact
from scoring.tables.self_evaluations import (
    SelfEvaluationComparisonRow,
    SelfEvaluationGapRow,
    SelfEvaluationRow,
    SelfMarkRow,
)

_TABLES = ("self_mark", "self_evaluation", "self_evaluation_comparison", "self_evaluation_gap")


@dataclass(slots=True)
class HeldRound:
    """What there is of a round: the self marks that stand and all who gave any, who has handed in,
    and what they came to once the round was compared; each by unit, marks and gaps by indicator."""

    marks: dict[str, dict[str, SelfMarkRow]] = field(default_factory=dict)
    writers: dict[str, set[str]] = field(default_factory=dict)
    handed_in: dict[str, SelfEvaluationRow] = field(default_factory=dict)
    comparison: SelfEvaluationComparisonRow | None = None
    gaps: dict[str, dict[str, SelfEvaluationGapRow]] = field(default_factory=dict)

    def given(self, unit: str) -> dict[str, Decimal]:
        """Return the self marks that a unit has handed in, by indicator."""
        marks = self.marks.get(unit, {}) if unit in self.handed_in else {}
        return {code: row.mark for code, row in marks.items()}


async def held_rounds(
    db: AsyncSession, cycle_id: UUID, unit: str | None = None
) -> Mapping[str, HeldRound]:
    """Return what there is of each round of a cycle, of all units or of one, by the round's code;
    refuse what was altered."""
    await require_intact(db, str(cycle_id), *_TABLES)
    found = dict[str, HeldRound]()

    def held(code: str) -> HeldRound:
        return found.setdefault(code, HeldRound())

    mark, handed, gap = SelfMarkRow, SelfEvaluationRow, SelfEvaluationGapRow
    marks = select(mark).where(mark.cycle_id == cycle_id).order_by(mark.indicator, mark.version)
    handed_in = select(handed).where(handed.cycle_id == cycle_id)
    gaps = select(gap).where(gap.cycle_id == cycle_id).order_by(gap.unit, gap.indicator)
    if unit is not None:
        marks, handed_in = marks.where(mark.unit == unit), handed_in.where(handed.unit == unit)
        gaps = gaps.where(gap.unit == unit)
    for one in await db.scalars(marks):
        held(one.round_code).marks.setdefault(one.unit, {})[one.indicator] = one
        held(one.round_code).writers.setdefault(one.unit, set()).add(one.person)
    for each in await db.scalars(handed_in):
        held(each.round_code).handed_in[each.unit] = each
    of = SelfEvaluationComparisonRow
    for row in await db.scalars(select(of).where(of.cycle_id == cycle_id)):
        held(row.round_code).comparison = row
    for came in await db.scalars(gaps):
        held(came.round_code).gaps.setdefault(came.unit, {})[came.indicator] = came
    return found


async def compared_rounds(db: AsyncSession, cycle_id: UUID) -> set[str]:
    """Return the rounds that were compared, by code; refuse what was altered."""
    await require_intact(db, str(cycle_id), "self_evaluation_comparison")
    of = SelfEvaluationComparisonRow
    return {*await db.scalars(select(of.round_code).where(of.cycle_id == cycle_id))}
