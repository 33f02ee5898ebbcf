"""Rectification items with what they are about, and the steps that were taken."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, and_, any_, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.pages import PageRequest
from survey.queries.opinions import ReviewedOpinion, made, merged_into, reviewed
from survey.queries.surveys import is_one_of
from survey.rules.rectification import ItemState, ItemStep, state_of
from survey.tables.opinions import OpinionRow
from survey.tables.rectification import RectificationItemRow, RectificationStepRow


@dataclass(frozen=True, slots=True)
class AssignedItem:
    """An item with the opinion that it is about, and its steps in their order; it is void where
    neither that opinion counts nor one that was merged into it."""

    item: RectificationItemRow
    origin: ReviewedOpinion
    is_void: bool
    steps: Sequence[RectificationStepRow]

    @property
    def state(self) -> ItemState:
        """How far it is."""
        return state_of([ItemStep(each.step) for each in self.steps])

    @property
    def replied_by(self) -> list[str]:
        """The human beings who replied for the unit."""
        return [each.taken_person for each in self.steps if each.step == ItemStep.REPLIED]

    @property
    def reply(self) -> str | None:
        """The last reply of the unit."""
        replies = [each.text for each in self.steps if each.step == ItemStep.REPLIED]
        return replies[-1] if replies else None


async def today_in(db: AsyncSession, time_zone: str) -> dt.date:
    """Return the day in a scheme's time zone, by the clock of the database."""
    moment = func.timezone(time_zone, func.clock_timestamp())
    return (await db.execute(select(cast(moment, Date)))).scalar_one()


async def items_of(
    db: AsyncSession,
    cycle_id: UUID,
    units: Collection[str] | None = None,
    page: PageRequest | None = None,
    origins: Collection[UUID] | None = None,
    item_id: UUID | None = None,
) -> list[AssignedItem]:
    """Return the items of a cycle by their ids: all, those of these units, of these origins, or one
    of them; one more than the page has."""
    of, about = RectificationItemRow, OpinionRow
    query = (
        reviewed()
        .join(of, and_(of.cycle_id == about.cycle_id, of.origin_id == about.opinion_id))
        .add_columns(of)
        .where(of.cycle_id == cycle_id)
        .order_by(of.item_id)
    )
    if units is not None:
        query = query.where(is_one_of(of.unit, units))
    if origins is not None:
        query = query.where(of.origin_id == any_(literal(list(origins), ARRAY(Uuid()))))
    if item_id is not None:
        query = query.where(of.item_id == item_id)
    if page is not None:
        query = query.limit(page.limit + 1)
        if page.after_id is not None:
            query = query.where(of.item_id > page.after_id)
    rows = [(row[4], made(row)) for row in await db.execute(query)]
    steps = await _steps(db, cycle_id, [item.item_id for item, _ in rows])
    void = await _void(db, cycle_id, rows)
    return [
        AssignedItem(item, origin, item.origin_id in void, steps.get(item.item_id, ()))
        for item, origin in rows
    ]


async def _void(
    db: AsyncSession, cycle_id: UUID, rows: Sequence[tuple[RectificationItemRow, ReviewedOpinion]]
) -> Collection[UUID]:
    """Return what items are about that does not count, and into which nothing was merged that
    does."""
    found = {item.origin_id for item, origin in rows if not origin.counts}
    return found - (await merged_into(db, cycle_id, found)).keys() if found else found


async def _steps(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> Mapping[UUID, list[RectificationStepRow]]:
    of, found = RectificationStepRow, defaultdict[UUID, list[RectificationStepRow]](list)
    if not ids:
        return found
    among = of.item_id == any_(literal(list(ids), ARRAY(Uuid())))
    for step in await db.scalars(
        select(of).where(of.cycle_id == cycle_id, among).order_by(of.item_id, of.step_no)
    ):
        found[step.item_id].append(step)
    return found


async def find_item(db: AsyncSession, cycle_id: UUID, item_id: UUID) -> AssignedItem | None:
    """Return an item, held until the commit against other steps."""
    key = f"rectification {item_id}"
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    return next(iter(await items_of(db, cycle_id, item_id=item_id)), None)
