"""Linked results as they are stored: with what became of each, and what is sealed about people."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.deadlines import local_day
from chassis.sealing import SealingKeys
from chassis.stored import require_intact
from ranking.rules.interest import category_units
from ranking.rules.linked import (
    Assessment,
    LinkedPolicy,
    LinkedState,
    NothingLinked,
    Result,
    erased_from,
)
from ranking.rules.scheme import Scheme
from ranking.tables import LinkedErasureRow, LinkedResultRow, LinkedStepRow

TABLES = ("linked_result", "linked_step", "linked_erasure", "linked_reading")


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A linked result with the step that was taken of it, and whether it was erased."""

    row: LinkedResultRow
    step: LinkedStepRow | None
    is_erased: bool
    corrected_by: UUID | None

    @property
    def state(self) -> LinkedState:
        """The state that it is in."""
        return "entered" if self.step is None else self.step.state

    @property
    def holds(self) -> bool:
        """Whether it was confirmed, and nothing that corrects it was."""
        return self.state == "confirmed" and self.corrected_by is None

    @property
    def about(self) -> tuple[Assessment, str | None]:
        """What there is one of in force: an assessment of a team, or of a person."""
        return self.row.kind, self.row.person_code


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is sealed about a person."""

    name: str
    grade: str

    def written(self) -> str:
        """Return it as it is sealed."""
        return json.dumps([self.name, self.grade], ensure_ascii=False)


async def opened(
    keys: SealingKeys, each: StoredResult, policy: LinkedPolicy, scheme: Scheme, today: dt.date
) -> Sealed | None:
    """Return what is sealed about a person; None where nothing is, it was erased, or its time is
    over."""
    row = each.row
    if row.sealed is None or each.is_erased or is_over(row.entered_at, policy, scheme, today):
        return None
    text = await keys.opened(row.result_id, row.sealed)
    return None if text is None else Sealed(*json.loads(text))


def is_over(entered_at: dt.datetime, policy: LinkedPolicy, scheme: Scheme, today: dt.date) -> bool:
    """Say whether the time is over for which what is sealed is kept."""
    return today >= erased_from(local_day(entered_at, scheme.time_zone), policy.kept_months)


def linked_policy(scheme: Scheme) -> LinkedPolicy:
    """Return how a scheme links results, or refuse."""
    if scheme.linked is None:
        raise NothingLinked("It links none.", "方案未写 `linked`。")
    return scheme.linked


def require_body(scheme: Scheme, kind: Assessment, unit: str, permit: Permission) -> None:
    """Refuse whoever does not enter that assessment about that unit."""
    policy, units = linked_policy(scheme), category_units(scheme, unit)
    body = policy.body_of(kind, units)
    is_body = body is not None and body == permit.caller.organisation
    permit.require({"responsible"} if is_body else ())


async def results_of(
    db: AsyncSession, cycle_id: UUID, unit: str | None = None
) -> list[StoredResult]:
    """Return the results of a unit, or of all, in the order in which they were entered; refuse to
    go on if any was altered."""
    await require_intact(db, str(cycle_id), *TABLES)
    of = LinkedResultRow
    query = select(of).where(of.cycle_id == cycle_id).order_by(of.entered_at, of.result_id)
    rows = (await db.scalars(query if unit is None else query.where(of.unit == unit))).all()
    step, gone = LinkedStepRow, LinkedErasureRow
    taken = await db.scalars(select(step).where(step.cycle_id == cycle_id))
    steps = {each.result_id: each for each in taken}
    erased = {*await db.scalars(select(gone.result_id).where(gone.cycle_id == cycle_id))}
    return [
        StoredResult(r, steps.get(r.result_id), r.result_id in erased, by)
        for r, by in zip(rows, _successors(rows, steps), strict=True)
    ]


def _successors(
    rows: Sequence[LinkedResultRow], steps: Mapping[UUID, LinkedStepRow]
) -> list[UUID | None]:
    after = {
        each.corrects: each.result_id
        for each in rows
        if each.corrects and each.result_id in steps and steps[each.result_id].state == "confirmed"
    }
    return [after.get(each.result_id) for each in rows]


def as_result(each: StoredResult, sealed: Sealed | None) -> Result | None:
    """Return a result as the rules see it; None where it does not hold, or is no longer kept."""
    row = each.row
    if not each.holds or (row.sealed is not None and sealed is None):
        return None
    return Result(row.kind, row.person_code, row.score, None if sealed is None else sealed.grade)
