"""What supervised items and complaints have earned, and which of it has become events of the
ledger."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.pages import PageRequest
from scoring.queries.items import StoredItem, whole_items
from scoring.queries.ledger import one_of
from scoring.rules.items.earned import Earned
from scoring.rules.items.states import UNTOLD
from scoring.tables.items import ItemEventRow, ItemMoveRow, ItemRow

TABLE = "supervised_item_event"


class EarnedTable(NamedTuple):
    """Where is kept what things of a sort have earned: a table, and the column that names them."""

    name: str
    thing: str


OF_ITEMS = EarnedTable(TABLE, "item_id")
OF_COMPLAINTS = EarnedTable("complaint_event", "complaint_id")


class Became(NamedTuple):
    """The entry that something has become, or why it became none; neither where nothing counts."""

    entry_id: UUID | None = None
    kept_alone: str | None = None


async def dispatched_items(db: AsyncSession, cycle_id: UUID) -> list[StoredItem]:
    """Return all items of a cycle that were ever dispatched here, with all that they went
    through; nobody moves what came back out of an archive."""
    of, move = ItemRow, ItemMoveRow
    told = select(move.step).where(
        move.cycle_id == of.cycle_id, move.item_id == of.item_id, move.state.not_in(UNTOLD)
    )
    here = of.cycle_id == cycle_id, of.restored_from.is_(None)
    rows = await db.scalars(select(of).where(*here, told.exists()))
    return [*(await whole_items(db, cycle_id, rows.all())).values()]


async def known_keys(
    db: AsyncSession, cycle_id: UUID, of: EarnedTable = OF_ITEMS
) -> set[tuple[UUID, str, int, str]]:
    """Return what has been written of items or complaints: which, what, step and unit."""
    query = f"SELECT {of.thing}, what, step, unit FROM {of.name} WHERE cycle_id = $1"  # noqa: S608 - names of our own
    rows = await (await driver_of(db)).fetch(query, cycle_id)
    return {(thing, what, step, unit) for thing, what, step, unit in rows}


async def add_earned(
    db: AsyncSession,
    cycle_id: UUID,
    found: Sequence[Earned],
    became: Mapping[Earned, Became],
    of: EarnedTable = OF_ITEMS,
) -> None:
    """Add what items or complaints have earned; the key refuses what is there."""
    if not found:
        return
    rows = [(*each, *became.get(each, Became())) for each in found]
    columns = map(list, zip(*rows, strict=True))
    await (await driver_of(db)).execute(_ADD.format(*of), cycle_id, *columns)


_ADD = """
    INSERT INTO {0}
      (cycle_id, {1}, what, step, unit, share, due, shown_on, entry_id, kept_alone)
    SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::integer[],
      $7::date[], $8::date[], $9::uuid[], $10::text[])
    """


async def earned_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    units: Collection[str] | None,
    what: Collection[str],
    item_id: UUID | None,
) -> list[ItemEventRow]:
    """Return what was written of items for some units, or for all, by unit, item and step, and one
    more where others follow."""
    of = ItemEventRow
    place = of.unit, of.item_id, of.step, of.what
    query = select(of).where(of.cycle_id == cycle_id).order_by(*place).limit(page.limit + 1)
    if units is not None:
        query = query.where(one_of(of.unit, units))
    if what:
        query = query.where(one_of(of.what, what))
    if item_id is not None:
        query = query.where(of.item_id == item_id)
    if page.after is not None:
        after = _place(page)
        # What is written stays for ever, so that the place is one of this very list.
        shown = query.with_only_columns(of.unit).where(tuple_(*place) == after)
        if await db.scalar(shown.limit(1)) is None:
            raise page.no_such_place()
        query = query.where(tuple_(*place) > after)
    return [*await db.scalars(query)]


def _place(page: PageRequest) -> tuple[str, UUID, int, str]:
    """Return after which the page begins, as its key says it."""
    try:
        unit, item_id, step, what = (page.after or "").split(",")
        found = unit, UUID(item_id), int(step), what
    except ValueError:
        raise page.no_such_place() from None
    if key_of(*found) != page.after or not 0 < found[2] < _MOST_STEPS:
        raise page.no_such_place()
    return found


_MOST_STEPS = 2**31


def key_of(unit: str, item_id: UUID, step: int, what: str) -> str:
    """Return what stands for a row where a page begins."""
    return f"{unit},{item_id},{step},{what}"


async def earned_of(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[UUID, tuple[str, Earned]]:
    """Return by entry what an item or a complaint has earned that it stands for, of those of these
    that do, and which of the two that is."""
    rows = await (await driver_of(db)).fetch(_TOLD, list(ids), cycle_id)
    return {entry_id: (sort, Earned(*each)) for entry_id, sort, *each in rows}


# Looked up one by one, whatever is guessed of their number.
_TOLD = """
    SELECT found.entry_id, found.sort, found.thing, found.what, found.step, found.unit,
      found.share, found.due, found.shown_on
    FROM unnest($1::uuid[]) each CROSS JOIN LATERAL (
      SELECT entry_id, 'supervised item' AS sort, item_id AS thing, what, step, unit, share, due,
        shown_on FROM supervised_item_event e
      WHERE e.cycle_id::text = $2::uuid::text AND e.entry_id = each
      UNION ALL
      SELECT entry_id, 'complaint', complaint_id, what, step, unit, share, due, shown_on
        FROM complaint_event e
      WHERE e.cycle_id::text = $2::uuid::text AND e.entry_id = each OFFSET 0) found
    """
