"""Stages: how they are kept and found, and a record in which nothing is under way."""

import datetime as dt
import hashlib
import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, func, insert, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.pages import PageRequest
from chassis.refusals import Missing
from chassis.stored import StoredDataAltered, require_intact
from scoring.queries import hold
from scoring.queries.ledger import now, open_ledger, phase_of_ledger
from scoring.queries.sheet import opened, unnested
from scoring.rules.reports.stages import FROZEN, PROPOSED
from scoring.tables.stages import StageRow, StageStateRow, UnitStageRow


class NoSuchStage(Missing):
    """The cycle has no stage under this number."""

    zh = "本年度没有这个编号的阶段结果。"
    remedy = (
        "Look the number up in the list of stages, or have results frozen.",
        "请在阶段结果清单中查对编号，或先定格阶段结果。",
    )


class StageUnit(NamedTuple):
    """A unit of a stage: its category, its rank in it, and the digest of what is kept of it."""

    unit: str
    category: str
    rank: int
    digest: str


class FoundStage(NamedTuple):
    """A stage, and its latest step; None while nobody has proposed to release its ranks."""

    row: StageRow
    latest: StageStateRow | None

    @property
    def phase(self) -> str:
        """The state that it is in."""
        return FROZEN if self.latest is None else self.latest.state

    @property
    def units(self) -> dict[str, StageUnit]:
        """Its units in the scheme's order, by their codes."""
        return {each[0]: StageUnit(*each) for each in self.row.units}


async def settled(db: AsyncSession, cycle_id: UUID) -> dt.datetime:
    """Wait until nobody who writes to a ledger is under way, and return the moment.

    What is recorded by then has been committed, and will be found by it for ever. Nobody is held
    up for longer than that: going back to before it gives the ledger's row free.
    """
    before = await db.begin_nested()
    await open_ledger(db, cycle_id)
    await phase_of_ledger(db, cycle_id, alone=True)
    moment = await now(db)
    await before.rollback()
    return moment


async def keep(db: AsyncSession, values: Mapping[str, Any], parts: Mapping[str, bytes]) -> int:
    """Keep a stage with the parts of its units, by one statement; return its number."""
    cycle_id = values["cycle_id"]
    await hold(db, "stages", cycle_id)
    last = await db.scalar(select(func.max(StageRow.stage_no)).where(StageRow.cycle_id == cycle_id))
    stage_no = 1 + (last or 0)
    unit, packed = unnested({unit: zlib.compress(each) for unit, each in parts.items()})
    units = insert(UnitStageRow).from_select(
        ["cycle_id", "stage_no", "unit", "packed"],
        select(literal(cycle_id), literal(stage_no, BigInteger), unit, packed),
    )
    row = insert(StageRow).values({**values, "stage_no": stage_no})
    await db.execute(units.add_cte(row.cte("stage")))
    return stage_no


async def find_stage(
    db: AsyncSession, cycle_id: UUID, stage_no: int, *, alone: bool = False
) -> FoundStage:
    """Return a stage; with `alone` nobody else takes a step of it until the commit."""
    if alone:
        await hold(db, "stages", cycle_id)
    row = await db.get(StageRow, (cycle_id, stage_no))
    if row is None:
        raise NoSuchStage(f"There is no stage {stage_no}.", f"没有第{stage_no}号阶段结果。")
    await _require_intact(db, cycle_id)
    return FoundStage(row, (await _latest(db, cycle_id, [stage_no])).get(stage_no))


async def stages_on_page(db: AsyncSession, cycle_id: UUID, page: PageRequest) -> list[FoundStage]:
    """Return the stages of a page and one more, in the order in which they were frozen."""
    of = StageRow
    await _require_intact(db, cycle_id)
    query = select(of).where(of.cycle_id == cycle_id, of.stage_no > page.after_number)
    rows = (await db.scalars(query.order_by(of.stage_no).limit(page.limit + 1))).all()
    latest = await _latest(db, cycle_id, [each.stage_no for each in rows])
    return [FoundStage(each, latest.get(each.stage_no)) for each in rows]


async def proposed_stages(db: AsyncSession, cycle_id: UUID) -> list[FoundStage]:
    """Return the stages whose release somebody has proposed and nobody decided on."""
    latest = await _latest(db, cycle_id, None)
    waiting = [number for number, each in latest.items() if each.state == PROPOSED]
    of = StageRow
    rows = await db.scalars(
        select(of).where(of.cycle_id == cycle_id, of.stage_no.in_(waiting)).order_by(of.stage_no)
    )
    return [FoundStage(each, latest[each.stage_no]) for each in rows]


async def has_stages(db: AsyncSession, cycle_id: UUID) -> bool:
    """Say whether anything was frozen in a cycle; nobody freezes anything until the commit."""
    await hold(db, "stages", cycle_id)
    of = StageRow
    query = select(of.stage_no).where(of.cycle_id == cycle_id).limit(1)
    return await db.scalar(query) is not None


async def _require_intact(db: AsyncSession, cycle_id: UUID) -> None:
    await require_intact(db, str(cycle_id), "stage", "stage_state")


async def _latest(
    db: AsyncSession, cycle_id: UUID, numbers: Collection[int] | None
) -> dict[int, StageStateRow]:
    of = StageStateRow
    query = select(of).where(of.cycle_id == cycle_id).order_by(of.stage_no, of.step.desc())
    if numbers is not None:
        query = query.where(of.stage_no.in_(numbers))
    rows = await db.scalars(query.ext(postgresql.distinct_on(of.stage_no)))
    return {each.stage_no: each for each in rows}


async def parts_of(db: AsyncSession, stage: FoundStage, units: Sequence[str]) -> dict[str, bytes]:
    """Return what is kept of some units of a stage, as JSON; refuse what is not what it was."""
    of, row = UnitStageRow, stage.row
    query = select(of.unit, of.packed).where(
        of.cycle_id == row.cycle_id, of.stage_no == row.stage_no, of.unit.in_(units)
    )
    kept = {unit: packed for unit, packed in await db.execute(query)}  # noqa: C416 - typed rows
    found = {unit: opened(kept.get(unit)) for unit in units}
    known = stage.units
    wrong = [
        unit
        for unit, part in found.items()
        if hashlib.sha256(part).hexdigest() != known[unit].digest
    ]
    if wrong:
        raise StoredDataAltered(
            f"Stage {row.stage_no} vouches for other results of: {', '.join(wrong)}.",
            f"第{row.stage_no}号阶段结果所记载的与存储的不一致：{'、'.join(wrong)}。",
            stage_no=row.stage_no,
            units=wrong,
        )
    return found
