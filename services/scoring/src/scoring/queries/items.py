"""Questions about supervised items, and how they stand."""

import datetime as dt
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.deadlines import local_day
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries.ledger import one_of
from scoring.rules.items.clock import NO_LIGHT, RED, YELLOW, Clock
from scoring.rules.items.given import Share, Term
from scoring.rules.items.refusals import NoSuchSupervisedItem
from scoring.rules.items.standing import ItemNow, Made
from scoring.rules.items.states import DISPUTE, READER, UNTOLD
from scoring.tables.items import ItemEvidenceRow, ItemMoveRow, ItemRow, ItemUnitRow

TABLES = (
    "supervised_item",
    "supervised_item_move",
    "supervised_item_unit",
    "supervised_item_evidence",
)

Latest = type[ItemMoveRow]
_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Reach:
    """Which items somebody reads.

    All of them (`office`); those that their `own` unit has to do with or may read; those of units
    about which they decide (`stands_in`). Of what is not confidential also those of the units that
    they lead (`led`), or all (`not_confidential`); and what a leader was asked to rule on.
    """

    office: bool = False
    own: str | None = None
    stands_in: frozenset[str] = frozenset()
    led: frozenset[str] = frozenset()
    not_confidential: bool = False
    rules: bool = False

    def reads(self, at: Latest) -> ColumnElement[bool]:
        """Return the condition that an item, as it stands, is one of them."""
        if self.office:
            return true()
        told, is_open = at.state.not_in(UNTOLD), ItemRow.confidential.is_(False)
        ways = [
            _given_to(at, {self.own} if self.own else ()) & told,
            _given_to(at, self.stands_in, readers=False),
            _given_to(at, self.led, readers=False) & told & is_open,
            and_(is_open, told) if self.not_confidential else false(),
            _was_disputed() if self.rules else false(),
        ]
        return or_(*ways)


def _given_to(at: Latest, units: Collection[str], *, readers: bool = True) -> ColumnElement[bool]:
    """Return the condition that an item is given to one of some units, as it stands."""
    if not units:
        return false()
    of, item = ItemUnitRow, ItemRow
    known = select(of.unit).where(
        of.cycle_id == item.cycle_id,
        of.item_id == item.item_id,
        of.step == at.assigned,
        one_of(of.unit, units),
    )
    return (known if readers else known.where(of.role != READER)).exists()


def _was_disputed() -> ColumnElement[bool]:
    of, item = aliased(ItemMoveRow), ItemRow
    made = select(of.step).where(
        of.cycle_id == item.cycle_id, of.item_id == item.item_id, of.move == DISPUTE
    )
    return made.exists()


def latest_move(moment: dt.datetime | None = None) -> Latest:
    """Return the latest move of each item, of those that were made by a moment."""
    of, item = ItemMoveRow, ItemRow
    query = select(of).where(of.cycle_id == item.cycle_id, of.item_id == item.item_id)
    if moment is not None:
        query = query.where(of.entered_at <= moment)
    found: Latest = aliased(of, query.order_by(of.step.desc()).limit(1).lateral())
    return found


def readable(query: _Query, reach: Reach, at: Latest, moment: dt.datetime | None) -> _Query:
    """Return a query of items for those that somebody reads as they stood at a moment: who read
    them then, and reads them still."""
    if moment is None:
        return query.where(reach.reads(at))
    present = latest_move()
    return query.join(present, true()).where(reach.reads(at), reach.reads(present))


class ItemAsked(NamedTuple):
    """Which items are asked for; None stands for any."""

    unit: str | None = None
    kind: str | None = None
    states: Collection[str] = ()
    lights: Collection[str] = ()
    source_ref: str | None = None

    def conditions(self, at: Latest, day: dt.date, warned: dt.date) -> list[ColumnElement[bool]]:
        """Return the conditions that an item is one of them on a day; what is due up to `warned` is
        yellow."""
        found: list[ColumnElement[bool]] = []
        if self.unit is not None:
            found.append(_given_to(at, {self.unit}, readers=False))
        if self.kind is not None:
            found.append(ItemRow.kind == self.kind)
        if self.source_ref is not None:
            found.append(ItemRow.source_ref == self.source_ref)
        if self.states:
            found.append(one_of(at.state, self.states))
        if self.lights:
            shown = _lights(at, day, warned)
            found.append(or_(*(shown[each] for each in self.lights)))
        return found


def _lights(at: Latest, day: dt.date, warned: dt.date) -> Mapping[str, ColumnElement[bool]]:
    runs = at.done_on.is_(None) & at.days_left.is_(None)
    missed = func.coalesce((runs & (at.due < day)) | (at.done_on > at.due), false())
    near = func.coalesce(runs & (at.due >= day) & (at.due <= warned), false())
    return {RED: missed, YELLOW: near, NO_LIGHT: ~missed & ~near}


class ListedItem(NamedTuple):
    """An item, its latest move, and to whom it is given."""

    row: ItemRow
    at: ItemMoveRow
    shares: Sequence[Share]


async def items_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    reach: Reach,
    asked: ItemAsked,
    moment: dt.datetime | None,
    days: tuple[dt.date, dt.date],
) -> list[ListedItem]:
    """Return the items of a page and one more where others follow, in the order in which they were
    registered, as they stood at a moment. `days` are the day of it, and up to when what is due then
    is yellow."""
    of, at = ItemRow, latest_move(moment)
    query = select(of, at).join(at, true()).where(of.cycle_id == cycle_id)
    query = readable(query, reach, at, moment)
    if page.after is not None:
        begin = query.with_only_columns(of.number).where(of.item_id == page.after_id)
        number = await db.scalar(begin)
        if number is None:
            raise page.no_such_place()
        query = query.where(of.number > number)
    wanted = asked.conditions(at, *days)
    rows = await db.execute(query.where(*wanted).order_by(of.number).limit(page.limit + 1))
    return await with_shares(db, cycle_id, [(row, move) for row, move in rows])


async def with_shares(
    db: AsyncSession, cycle_id: UUID, found: Sequence[tuple[ItemRow, ItemMoveRow]]
) -> list[ListedItem]:
    """Return items with the units to which they are given as they stand."""
    ids = [row.item_id for row, _ in found]
    by_step = await shares_of(db, cycle_id, ids)
    return [ListedItem(row, at, by_step.get((row.item_id, at.assigned), ())) for row, at in found]


async def shares_of(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[tuple[UUID, int], list[Share]]:
    """Return to whom each step gives its item: the lead first, then by unit."""
    of = ItemUnitRow
    query = select(of).where(of.cycle_id == cycle_id, of.item_id.in_(ids))
    found = dict[tuple[UUID, int], list[Share]]()
    for row in await db.scalars(query.order_by(of.role, of.unit)):
        told = Share(row.unit, row.role, row.share)
        found.setdefault((row.item_id, row.step), []).append(told)
    return found


class StoredItem(NamedTuple):
    """An item, all its moves, to whom they gave it, and the files that they name."""

    row: ItemRow
    moves: Sequence[ItemMoveRow]
    given: Mapping[int, Sequence[Share]]
    files: Mapping[int, Sequence[UUID]]

    @property
    def shares(self) -> Sequence[Share]:
        """To whom it is given as it stands."""
        return self.given[self.moves[-1].assigned]

    def now(self, time_zone: str) -> ItemNow:
        """Return it as the rules know it; days are those of a time zone."""
        row, last = self.row, self.moves[-1]
        term = Term(row.until, row.within)
        made = [made_of(each, time_zone) for each in self.moves]
        reports = row.report_every, self.shares, made, last.completion, last.report_due
        return ItemNow(term, *reports, last.asked, restored=row.restored_from is not None)


def clock_of(row: ItemMoveRow) -> Clock:
    """Return the clock of an item since a move."""
    return Clock(row.due, row.days_left, row.term, row.done_on)


def made_of(row: ItemMoveRow, time_zone: str) -> Made:
    """Return a move as the rules know it."""
    day = local_day(row.entered_at, time_zone)
    return Made(row.step, row.move, row.state, clock_of(row), row.person, row.unit, day)


async def require_true_items(db: AsyncSession, cycle_id: UUID) -> None:
    """Refuse to tell of items that are not what the journal recorded."""
    await require_intact(db, str(cycle_id), *TABLES)


def no_such_item(item_id: UUID) -> NoSuchSupervisedItem:
    """Return the refusal of an item that the caller may not know of."""
    return NoSuchSupervisedItem(f"There is no item {item_id}.", f"没有督办事项 {item_id}。")


async def find_items(
    db: AsyncSession,
    cycle_id: UUID,
    ids: Collection[UUID],
    reach: Reach,
    moment: dt.datetime | None = None,
) -> dict[UUID, StoredItem]:
    """Return those of some items that somebody reads, as they stood at a moment."""
    of, at = ItemRow, latest_move(moment)
    query = select(of).join(at, true()).where(of.cycle_id == cycle_id, of.item_id.in_(ids))
    rows = await db.scalars(readable(query, reach, at, moment))
    return await whole_items(db, cycle_id, rows.all(), moment)


async def items_in(
    db: AsyncSession, cycle_id: UUID, reach: Reach, states: Collection[str]
) -> AsyncIterator[StoredItem]:
    """Yield the items in some states that somebody reads, as they came, read part by part."""
    of, at = ItemRow, latest_move()
    query = select(of).join(at, true()).where(of.cycle_id == cycle_id, reach.reads(at))
    query, after = query.where(one_of(at.state, states)).order_by(of.number).limit(_PART), 0
    while True:
        rows = (await db.scalars(query.where(of.number > after))).all()
        for item in (await whole_items(db, cycle_id, rows)).values():
            yield item
        if len(rows) < _PART:
            return
        after = rows[-1].number


_PART = 500
"""How many items are read at once."""


async def whole_items(
    db: AsyncSession,
    cycle_id: UUID,
    rows: Iterable[ItemRow],
    moment: dt.datetime | None = None,
) -> dict[UUID, StoredItem]:
    """Return items with all that they went through by a moment."""
    items = {row.item_id: row for row in rows}
    move, file = ItemMoveRow, ItemEvidenceRow
    made = select(move).where(move.cycle_id == cycle_id, move.item_id.in_(items))
    if moment is not None:
        made = made.where(move.entered_at <= moment)
    moves: dict[UUID, list[ItemMoveRow]] = {each: [] for each in items}
    for row in await db.scalars(made.order_by(move.step)):
        moves[row.item_id].append(row)
    files: dict[UUID, dict[int, list[UUID]]] = {each: {} for each in items}
    named = select(file).where(file.cycle_id == cycle_id, file.item_id.in_(items))
    for one in await db.scalars(named.order_by(file.number)):
        files[one.item_id].setdefault(one.step, []).append(one.evidence_id)
    given: dict[UUID, dict[int, list[Share]]] = {each: {} for each in items}
    for (item_id, step), shares in (await shares_of(db, cycle_id, items)).items():
        given[item_id][step] = shares
    return {
        each: StoredItem(row, moves[each], given[each], files[each]) for each, row in items.items()
    }


async def items_by_ref(
    db: AsyncSession, cycle_id: UUID, refs: Collection[str]
) -> dict[str, StoredItem]:
    """Return the items that other systems know by these names."""
    of = ItemRow
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id, of.source_ref.in_(refs)))
    found = await whole_items(db, cycle_id, rows.all())
    return {each.row.source_ref: each for each in found.values() if each.row.source_ref}
