"""Pages of the ledger: which entries somebody may read and asks for, in the order of arrival.

They are found among the rows that say where entries stand (`EntryStandingRow`), whose indexes are
in order of arrival for each state, with and without a unit, an indicator or an author. What is
asked is looked for in a few such rows of each index entry that comes into question, and never in
all entries of a cycle: a state in which there are three entries among a million, or the units of
one category, cost what they cost in a small ledger.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.pages import PageRequest
from scoring.queries.ledger import Condition, Entered, looked_up, one_of, within
from scoring.rules.ledger.states import STATES
from scoring.tables.ledger import EntryStandingRow, LedgerEntryRow


class Way(NamedTuple):
    """Why somebody may read entries: one of `values` stands in `column`, and something else holds
    `besides`."""

    column: str
    values: Collection[str]
    besides: Condition

    def holds(self, row: Entered) -> ColumnElement[bool]:
        """Return the condition that an entry is read for this reason."""
        return one_of(getattr(row, self.column), self.values) & self.besides(row)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; `tagged` are groups of units and indicators (`within`)."""

    unit: str | None = None
    indicator: str | None = None
    state: str | None = None
    tagged: Sequence[tuple[Collection[str], Collection[str]]] | None = None

    def holds(self, row: Entered) -> list[ColumnElement[bool]]:
        """Return the conditions that an entry is asked for."""
        filters = ((row.unit, self.unit), (row.indicator, self.indicator), (row.state, self.state))
        asked = [column == wanted for column, wanted in filters if wanted is not None]
        return asked if self.tagged is None else [*asked, within(self.tagged, row)]

    @property
    def indicators(self) -> list[str] | None:
        """The indicators that entries can be for, None where all can."""
        if self.indicator is not None:
            return [self.indicator]
        if self.tagged is None:
            return None
        return sorted({code for _, codes in self.tagged for code in codes})


def read_by(ways: Sequence[Way] | None, row: Entered) -> list[ColumnElement[bool]]:
    """Return the condition that an entry is read for one of these reasons; without, all are."""
    return [] if ways is None else [or_(*(way.holds(row) for way in ways))]


async def entries_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: Sequence[Way] | None,
    wanted: Wanted,
) -> Sequence[LedgerEntryRow]:
    """Return the readable entries of a page that are asked for, in order of arrival, and one more
    where others follow."""
    begin = await place_of(db, cycle_id, page, ways)
    streams = [
        _stream(cycle_id, column, values, wanted, ways, begin, page.limit + 1)
        for column, values in _leads(ways, wanted)
    ]
    found = (streams[0] if len(streams) == 1 else union(*streams)).subquery().c
    ids = select(found.entry_id).order_by(found.number).limit(page.limit + 1)
    # Of a ledger that nobody has analysed yet a handful of rows is guessed, which a bitmap would
    # collect and sort: there may be a million, and a page wants the first of them. Nor is a plan
    # kept that was made when there were few. Without bitmaps the ids themselves would be looked for
    # in all entries.
    await _plan(db, enable_bitmapscan="off", plan_cache_mode="force_custom_plan")
    found_ids = list(await db.scalars(ids))
    await _plan(db, enable_bitmapscan="on")
    # The conditions once more: what an entry says decides whether it is shown.
    row = looked_up(cycle_id, found_ids)
    query = select(row).where(*read_by(ways, row), *wanted.holds(row))
    rows = (await db.scalars(query.order_by(row.number))).all()
    await _plan(db, plan_cache_mode="auto")
    return rows


async def _plan(db: AsyncSession, **settings: str) -> None:
    """Have the following statements of a transaction planned with these settings."""
    await db.execute(select(*(func.set_config(*each, True) for each in settings.items())))


def restating(cycle_id: UUID) -> ColumnElement[bool]:
    """Return the condition that an entry of a cycle restates another."""
    row = LedgerEntryRow
    # As a text, as in the index: no other one serves.
    return (cast(row.cycle_id, Text) == str(cycle_id)) & row.restates.is_not(None)


async def restatements_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    may: Sequence[ColumnElement[bool]],
    ways: Sequence[Way] | None,
) -> Sequence[LedgerEntryRow]:
    """Return the restatements of a page that meet some conditions; a ledger has few of them."""
    row = LedgerEntryRow
    later = row.number > await place_of(db, cycle_id, page, ways)
    query = select(row).where(*may, later).order_by(row.number).limit(page.limit + 1)
    return (await db.scalars(query)).all()


async def place_of(
    db: AsyncSession, cycle_id: UUID, page: PageRequest, ways: Sequence[Way] | None
) -> int:
    """Return the number of the entry that a page begins after, 0 for the first page.

    Entries are ordered by a number that counts those of all cycles and units, so the page is known
    by an id. One that the caller may not read is refused like one that does not exist: its page
    would say where it lies among the caller's own.
    """
    if page.after_id is None:
        return 0
    row = looked_up(cycle_id, [page.after_id])
    known = select(row.number).where(*read_by(ways, row))
    begin = await db.scalar(known)
    if begin is None:
        raise page.no_such_place()
    return begin


def _leads(ways: Sequence[Way] | None, wanted: Wanted) -> Iterable[tuple[str, Collection[str]]]:
    """Yield the columns and values by which what is asked for is looked up: between them they have
    all of it, and of the rest as little as can be known beforehand."""
    codes = wanted.indicators
    if wanted.unit is not None:
        return [("unit", [wanted.unit])]
    if ways is None:
        return [("", [])] if codes is None else [("indicator", codes)]
    return [
        # What a unit or a seat has is little; what a source has made may be the whole ledger.
        (way.column, way.values)
        if codes is None or way.column in ("unit", "author")
        else ("indicator", codes)
        for way in ways
    ]


def _stream(
    cycle_id: UUID,
    column: str,
    values: Collection[str],
    wanted: Wanted,
    ways: Sequence[Way] | None,
    begin: int,
    limit: int,
) -> Select[tuple[int, UUID]]:
    """Return the first entries of each value and state that are asked for."""
    row = EntryStandingRow
    states = STATES if wanted.state is None else (wanted.state,)
    key: ColumnElement[str] = row.state.expression
    keys: Collection[str] = states
    if column:
        # The expression of the index, so that no other one serves.
        key = getattr(row, column).op("||")(literal_column("' '")).op("||")(row.state)
        keys = [f"{value} {state}" for value in values for state in states]
    each = func.unnest(literal(list(keys), ARRAY(Text))).column_valued("each")
    first = (
        select(row.number, row.entry_id)
        .where(row.cycle_id == cycle_id, key == each, row.number > begin)
        .where(*read_by(ways, row), *replace(wanted, state=None).holds(row))
        .order_by(row.number)
        .limit(limit)
        .lateral()
    )
    return (
        select(first.c.number, first.c.entry_id).select_from(each.scalar_alias).join(first, true())
    )
