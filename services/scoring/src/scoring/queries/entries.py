"""Pages of the ledger: which entries somebody may read and asks for, in the order of arrival.

They are found among the rows that say where entries stand (`EntryStandingRow`), whose indexes are
in order of arrival for each state, with and without a unit, an indicator or an author. What is
asked is looked for in a few such rows of each index entry that comes into question, and never in
all entries of a cycle: a state in which there are three entries among a million, or the units of
one category, cost what they cost in a small ledger.

A page is one statement, which the driver asks: its text depends on how somebody reads and on which
filters there are, and on nothing else, so that it is read and planned once for each connection.
"""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries.lateness import Lacking, Late
from scoring.queries.planning import in_order_as_kept
from scoring.rules.ledger.entries import MEASURED_VALUE, PROGRESS_REPORT
from scoring.rules.ledger.states import DRAFT, KEPT_BACK, LOCKED, STATES, SUBMITTED, VERIFIED
from scoring.tables.ledger import LedgerEntryStateRow

Groups = Iterable[tuple[Collection[str], Collection[str]]]
"""Units, with indicators that are meant of them; no unit is in two groups."""


class ShownEntry(NamedTuple):
    """An entry as it lies in the ledger, with why and by whom its latest state was set."""

    number: int
    entry_id: UUID
    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    value: Decimal | None
    word: str | None
    occurred_on: dt.date | None
    note: str | None
    listed: int | None
    published_value: Decimal | None
    document_no: str | None
    document_date: dt.date | None
    authority: str | None
    about_from: dt.date | None
    about_until: dt.date | None
    state: str
    author: str
    author_unit: str
    source_ref: str | None
    reverses: UUID | None
    replaces: UUID | None
    restates: UUID | None
    entered_at: dt.datetime
    record: int
    state_reason: str | None
    state_by: str | None
    changed_at: dt.datetime


_OF_THE_STATE = {
    "state_reason": "last.reason",
    "state_by": "last.actor",
    "changed_at": "last.changed_at",
}
SHOWN = ", ".join(_OF_THE_STATE.get(name, f"e.{name}") for name in ShownEntry._fields)


@dataclass
class Question:
    """The parameters of an SQL statement, collected while its text is written.

    Conditions are about a row `e` of the entries, or of where they stand.
    """

    values: list[object] = field(default_factory=list)

    def given(self, value: object, kind: str) -> str:
        """Return what stands in the text for a value of a type of the database."""
        self.values.append(value)
        return f"${len(self.values)}::{kind}"


Condition = Callable[[Question], str]


class Way(NamedTuple):
    """Why somebody may read entries: one of `values` stands in `column`, and something else holds
    `besides`."""

    column: str
    values: Collection[str]
    besides: Condition

    def holds(self, asked: Question) -> str:
        """Return the condition that an entry is read for this reason."""
        values = asked.given(sorted(self.values), "text[]")
        return f"(e.{self.column} = ANY ({values}) AND {self.besides(asked)})"


def no_mark(_: Question) -> str:
    """Return the condition that an entry is not a mark from a seat."""
    return "e.panel IS NULL"


def handed_in(_: Question) -> str:
    """Return the condition that an entry is no mark and was handed in, whatever has become of it:
    what its author still works at, or took back before, is nobody else's to read."""
    before = ", ".join(f"'{state}'" for state in KEPT_BACK)
    return f"""e.panel IS NULL AND (e.state NOT IN ({before}) OR e.state <> '{DRAFT}' AND EXISTS (
        SELECT FROM ledger_entry_state s
        WHERE s.cycle_id = $1 AND s.entry_id = e.entry_id AND s.state = '{SUBMITTED}'))"""


def mark(_: Question) -> str:
    """Return the condition that an entry is a mark from a seat."""
    return "e.panel IS NOT NULL"


def verified_value(_: Question) -> str:
    """Return the condition that an entry is a number that was measured, and verified."""
    states = ", ".join(f"'{state}'" for state in (VERIFIED, LOCKED))
    return f"e.kind = '{MEASURED_VALUE}' AND e.panel IS NULL AND e.state IN ({states})"


def anything(_: Question) -> str:
    """Return the condition that every entry meets."""
    return "true"


def reviewed_by(unit: str, groups: Groups) -> Condition:
    """Return the condition that an entry is one that a unit reviews first (初审), once handed in.

    Also what has been decided on since; never what the unit wrote.
    """

    def holds(asked: Question) -> str:
        before = ", ".join(f"'{state}'" for state in KEPT_BACK)
        author = f"e.author_unit <> {asked.given(unit, 'text')}"
        return f"{_within(groups, asked)} AND {author} AND e.state NOT IN ({before})"

    return holds


def own_words(groups: Groups) -> Condition:
    """Return the condition that an entry of one of these groups is its unit's own words about its
    progress, once handed in."""

    def holds(asked: Question) -> str:
        words = f"e.kind = '{PROGRESS_REPORT}'"
        return f"{_within(groups, asked)} AND {words} AND {handed_in(asked)}"

    return holds


def _within(groups: Groups, asked: Question) -> str:
    """Return the condition that an entry is of one of these groups.

    Two parameters for all: a scheme may have ten thousand categories, the database plans so many
    conditions for a quarter of a minute, and the driver takes no more than 32,767 parameters.
    """
    group_of, indicators = dict[str, int](), list[dict[str, int]]()
    for units, codes in groups:
        group_of |= dict.fromkeys(units, len(indicators))
        indicators.append(dict.fromkeys(codes, 1))
    known = asked.given(orjson.dumps(indicators).decode(), "jsonb")
    group = asked.given(orjson.dumps(group_of).decode(), "jsonb")
    return f"jsonb_exists({known} -> ({group} ->> e.unit)::int, e.indicator)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for; `tagged` are groups of units and indicators. Of the submitted
    ones `own_words` asks for progress reports, or for all others."""

    unit: str | None = None
    indicator: str | None = None
    state: Collection[str] = ()
    tagged: Sequence[tuple[Collection[str], Collection[str]]] | None = None
    author_unit: str | None = None
    source_ref: str | None = None
    kind: Collection[str] = ()
    period: str | None = None
    q: str | None = None
    late: Late | None = None
    lacking: Lacking | None = None
    own_words: bool | None = None

    def holds(self, asked: Question) -> str:
        """Return the condition that an entry is asked for, but for its state."""
        found = ["true"]
        for name in ("unit", "indicator", "author_unit", "period"):
            value = getattr(self, name)
            if value is not None:
                found.append(f"e.{name} = {asked.given(value, 'text')}")
        if self.kind:
            found.append(f"e.kind = ANY ({asked.given(sorted(self.kind), 'text[]')})")
        if self.tagged is not None:
            found.append(_within(self.tagged, asked))
        if self.q is not None:
            found.append(_SAYS.format(asked.given(self.q, "text")))
        if self.own_words is not None:
            word = "=" if self.own_words else "<>"
            found.append(f"(e.state <> '{SUBMITTED}' OR e.kind {word} '{PROGRESS_REPORT}')")
        found += (each.holds(asked) for each in (self.late, self.lacking) if each is not None)
        return " AND ".join(found)

    @property
    def states(self) -> Sequence[str]:
        """The states that entries can be in."""
        return sorted(self.state) or STATES

    @property
    def indicators(self) -> list[str] | None:
        """The indicators that entries can be for, None where all can."""
        if self.indicator is not None:
            return [self.indicator]
        if self.tagged is None:
            return None
        return sorted({code for _, codes in self.tagged for code in codes})


# Between the texts stands what cannot be sought. Of where an entry stands they are looked up.
_SAYS = """
    (SELECT strpos(lower(concat_ws(chr(10), l.note, l.word, l.key, l.item)), lower({})) > 0
     FROM ledger_entry l
     WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = e.entry_id)"""


def read_by(ways: Sequence[Way] | None, asked: Question) -> str:
    """Return the condition that an entry is read for one of these reasons; without, all are."""
    if ways is None:
        return "true"
    return f"({' OR '.join(way.holds(asked) for way in ways) or 'false'})"


async def entries_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: Sequence[Way] | None,
    wanted: Wanted,
    order: "Order | None" = None,
) -> Sequence[ShownEntry]:
    """Return the readable entries of a page that are asked for, in order of arrival or the other
    way, and one more where others follow; refuse them if they are not what the journal recorded."""
    order = order or OLDEST_FIRST
    begin = await place_of(db, cycle_id, page, ways)
    if wanted.source_ref is not None:
        return await _of_record(db, cycle_id, page, ways, wanted, begin, order)
    leads = leads_of(ways, wanted)
    if not leads:
        return []
    asked = Question([cycle_id, order.begin if begin is None else begin, page.limit + 1])
    condition = f"{read_by(ways, asked)} AND {wanted.holds(asked)}"
    streams = " UNION ".join(
        stream(lead, asked.given(lead.keys(wanted.states), "text[]"), condition, order)
        for lead in leads
    )
    states = asked.given(wanted.states, "text[]")
    # The condition once more: what an entry says decides whether it is shown.
    meets = f"{condition} AND e.state = ANY ({states})"
    statement = PAGE.format(streams, meets, by=f"number {order.way}")
    return await shown_by(db, cycle_id, statement, asked)


async def pages_of_entries(
    db: AsyncSession, cycle_id: UUID, ways: Sequence[Way] | None, wanted: Wanted, size: int
) -> AsyncIterator[Sequence[ShownEntry]]:
    """Yield all readable entries that are asked for, in order of arrival, `size` at a time."""
    after = None
    while True:
        page = PageRequest(size, after)
        found = await entries_on_page(db, cycle_id, page, ways, wanted)
        yield found[:size]
        if len(found) <= size:
            return
        after = str(found[size - 1].entry_id)


async def _of_record(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: Sequence[Way] | None,
    wanted: Wanted,
    begin: int | None,
    order: "Order",
) -> Sequence[ShownEntry]:
    """Return the readable entries under one `source_ref` that are asked for: they are few."""
    asked = Question([cycle_id, order.begin if begin is None else begin, page.limit + 1])
    states = asked.given(wanted.states, "text[]")
    record = f"$1::uuid::text || ' ' || {asked.given(wanted.source_ref, 'text')}"
    condition = f"{read_by(ways, asked)} AND {wanted.holds(asked)} AND e.state = ANY ({states})"
    statement = _OF_RECORD.format(
        record, order.follows, condition, order.way, by=f"number {order.way}"
    )
    return await shown_by(db, cycle_id, statement, asked)


class Order(NamedTuple):
    """In which direction of the order of arrival a page goes, and where its first page begins."""

    way: str
    follows: str
    begin: int


OLDEST_FIRST = Order("ASC", ">", 0)
NEWEST_FIRST = Order("DESC", "<", 2**63 - 1)


async def shown_by(
    db: AsyncSession, cycle_id: UUID, statement: str, asked: Question
) -> Sequence[ShownEntry]:
    """Return the entries that a statement finds; refuse them if they were altered."""
    driver = await driver_of(db)
    # Only the indexes are left that are in order of arrival; what is looked up by its id is so by
    # the index of ids.
    await driver.execute(in_order_as_kept(driver))
    rows = await driver.fetch(statement, *asked.values)
    found = [ShownEntry(*row[: len(ShownEntry._fields)]) for row in map(tuple, rows)]
    if rows and rows[0][-1]:
        records = {each.record for each in found}
        await require_intact(db, str(cycle_id), "ledger_entry", records=records)
    return found


# The rows of a page are compared with the journal by the statement that reads them.
TOLD = """
    SELECT shown.*, (SELECT journal_altered_in($1::uuid::text, ARRAY['ledger_entry'],
      ARRAY(SELECT DISTINCT record FROM shown))) FROM shown ORDER BY shown.{by}
    """

# When a state was recorded is found by its record alone: the chain must serve no other index.
LATEST = """LEFT JOIN LATERAL (SELECT s.reason, s.actor, coalesce((
          SELECT max(j.recorded_at) FROM journal_entry j
          WHERE j.record = s.record AND j.home::text = $1::uuid::text
            AND j.chain || '' = $1::uuid::text
            AND 'ledger_entry_state' = ANY (j.tables)), s.entered_at) AS changed_at
        FROM ledger_entry_state s
        WHERE s.cycle_id = $1 AND s.entry_id = e.entry_id
        ORDER BY s.step DESC LIMIT 1) last ON true"""

# An entry is looked up by its id: the cycle as a text serves no index.
PAGE = f"""
    WITH found AS MATERIALIZED (
      SELECT streams.number, streams.entry_id FROM ({{}}) streams ORDER BY streams.{{by}} LIMIT $3),
    shown AS MATERIALIZED (
      SELECT {SHOWN} FROM found
      CROSS JOIN LATERAL (SELECT * FROM ledger_entry l
        WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = found.entry_id OFFSET 0) e
      {LATEST}
      WHERE {{}})
    {TOLD}
    """  # noqa: S608 - names of our own


def stream(lead: "Lead", keys: str, condition: str, order: Order) -> str:
    """Return the first entries of each value and state that meet a condition."""
    return f"""
      SELECT first.number, first.entry_id FROM unnest({keys}) each CROSS JOIN LATERAL (
        SELECT e.number, e.entry_id FROM ledger_entry_standing e
        WHERE e.cycle_id = $1 AND {lead.key} = each AND e.number {order.follows} $2 AND {condition}
        ORDER BY e.number {order.way} LIMIT $3) first"""  # noqa: S608 - names of our own


class Lead(NamedTuple):
    """By which columns entries are looked up, and by which values of these."""

    columns: tuple[str, ...]
    values: Collection[tuple[str, ...]]

    @property
    def key(self) -> str:
        """The expression of the index, so that no other one serves."""
        return " || ' ' || ".join(f"e.{column}" for column in (*self.columns, "state"))

    def keys(self, states: Collection[str]) -> list[str]:
        """Return the values that stand in the index, each with a state."""
        return [" ".join((*value, state)) for value in self.values for state in states]


def leads_of(ways: Sequence[Way] | None, wanted: Wanted) -> list[Lead]:
    """Return by what is looked up what is asked for: between them they have all of it, and of the
    rest as little as can be known beforehand."""
    if wanted.unit is not None:
        return [Lead(("unit",), [(wanted.unit,)])]
    if ways is None and wanted.indicators is None and wanted.author_unit is None:
        return [_of_all(wanted)]
    everybody = [Way("", (), anything)]
    found = everybody if ways is None else ways
    return [_lead(way, wanted.indicators, wanted.author_unit) for way in found]


def _of_all(wanted: Wanted) -> Lead:
    """Return by what is looked up what one period or some kinds have of a whole ledger."""
    if wanted.period is not None:
        return Lead(("period",), [(wanted.period,)])
    if wanted.kind:
        return Lead(("kind",), [(kind,) for kind in sorted(wanted.kind)])
    return Lead((), [()])


def _lead(way: Way, codes: Collection[str] | None, author: str | None) -> Lead:
    """Return by what is looked up what is read one way, of some indicators or of all, and of one
    source or of all.

    What a unit or a seat has is little; what a source has made may be the whole ledger, and
    nothing of what is asked for in it.
    """
    parts: list[tuple[str, Collection[str]]] = [(way.column, way.values)] if way.column else []
    if author is not None and way.column in ("", "author_unit", "indicator"):
        return _of_source(way, codes, author)
    if codes is not None and way.column == "indicator":
        parts = [("indicator", sorted({*codes} & {*way.values}))]
    elif codes is not None and way.column not in ("unit", "author"):
        parts.append(("indicator", codes))
    columns = tuple(column for column, _ in parts)
    return Lead(columns, list(product(*(values for _, values in parts))))


def _of_source(way: Way, codes: Collection[str] | None, author: str) -> Lead:
    """Return by what is looked up what one source has made, and is read one way."""
    if way.column == "author_unit" and author not in way.values:
        return Lead(("author_unit",), [])
    if way.column == "indicator":
        codes = {*way.values} if codes is None else {*codes} & {*way.values}
    if codes is None:
        return Lead(("author_unit",), [(author,)])
    return Lead(("author_unit", "indicator"), [(author, code) for code in sorted(codes)])


async def restatements_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: Sequence[Way] | None,
    wanted: Wanted,
) -> Sequence[ShownEntry]:
    """Return the readable restatements of a page that are asked for, as `entries_on_page` does; a
    ledger has few of them."""
    begin = await place_of(db, cycle_id, page, ways)
    asked = Question([cycle_id, begin or 0, page.limit + 1])
    states = asked.given(wanted.states, "text[]")
    condition = f"{read_by(ways, asked)} AND {wanted.holds(asked)} AND e.state = ANY ({states})"
    statement = _RESTATEMENTS.format(condition, by="number")
    return await shown_by(db, cycle_id, statement, asked)


# As a text, as in the index: no other one serves.
_RESTATING = "e.cycle_id::text = $1::uuid::text AND e.restates IS NOT NULL"

_RESTATEMENTS = f"""
    WITH shown AS MATERIALIZED (
      SELECT {SHOWN} FROM (SELECT * FROM ledger_entry e
        WHERE {_RESTATING} AND e.number > $2 AND {{}} ORDER BY e.number LIMIT $3) e
      {LATEST})
    {TOLD}
    """  # noqa: S608 - names of our own


# By the expression of an index, so that no other one serves.
_OF_RECORD = f"""
    WITH shown AS MATERIALIZED (
      SELECT {SHOWN} FROM (SELECT * FROM ledger_entry e
        WHERE e.cycle_id::text = $1::uuid::text
          AND e.cycle_id::text || ' ' || e.source_ref = {{}} AND e.source_ref IS NOT NULL
          AND e.number {{}} $2 AND {{}} ORDER BY e.number {{}} LIMIT $3) e
      {LATEST})
    {TOLD}
    """  # noqa: S608 - names of our own


async def entry_read_by(
    db: AsyncSession, cycle_id: UUID, entry_id: UUID, ways: Sequence[Way] | None
) -> ShownEntry | None:
    """Return an entry that is read one of these ways, as `entries_on_page` does."""
    asked = Question([cycle_id, entry_id])
    found = await shown_by(db, cycle_id, _ONE.format(read_by(ways, asked), by="number"), asked)
    return found[0] if found else None


_ONE = f"""
    WITH shown AS MATERIALIZED (
      SELECT {SHOWN} FROM (SELECT * FROM ledger_entry l
        WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = $2 OFFSET 0) e
      {LATEST}
      WHERE {{}})
    {TOLD}
    """  # noqa: S608 - names of our own


ONE_EACH = f"""
    WITH shown AS MATERIALIZED (
      SELECT {SHOWN} FROM unnest($2::uuid[]) each CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry l
        WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = each OFFSET 0) e
      {LATEST})
    {TOLD.format(by="number")}
    """  # noqa: S608 - names of our own
"""The entries whose ids are given, each looked up by its id."""


async def states_of(
    db: AsyncSession, cycle_id: UUID, entry_id: UUID
) -> Sequence[LedgerEntryStateRow]:
    """Return the states that an entry has been in, in their order; refuse them if they are not
    what the journal recorded."""
    row = LedgerEntryStateRow
    about = select(row).where(row.cycle_id == cycle_id, row.entry_id == entry_id)
    rows = (await db.scalars(about.order_by(row.step))).all()
    records = {each.record for each in rows}
    await require_intact(db, str(cycle_id), "ledger_entry_state", records=records)
    return rows


async def restatements_by_source(
    db: AsyncSession, cycle_id: UUID, ways: Sequence[Way] | None, states: Collection[str]
) -> dict[str, int]:
    """Return how many readable restatements in some states there are, by the unit that restated."""
    asked = Question([cycle_id])
    condition = f"{read_by(ways, asked)} AND e.state = ANY ({asked.given(states, 'text[]')})"
    counted = f"SELECT e.author_unit, count(*) FROM ledger_entry e WHERE {_RESTATING}"  # noqa: S608 - names of our own
    statement = f"{counted} AND {condition} GROUP BY e.author_unit ORDER BY e.author_unit"
    rows: list[Any] = await (await driver_of(db)).fetch(statement, *asked.values)
    return {unit: number for unit, number in rows}  # noqa: C416 - rows are no pairs


async def place_of(
    db: AsyncSession, cycle_id: UUID, page: PageRequest, ways: Sequence[Way] | None
) -> int | None:
    """Return the number of the entry that a page begins after, None for the first page.

    Entries are ordered by a number that counts those of all cycles and units, so the page is known
    by an id. One that the caller may not read is refused like one that does not exist: its page
    would say where it lies among the caller's own.
    """
    if page.after_id is None:
        return None
    asked = Question([cycle_id, page.after_id])
    known = f"{_PLACE} AND {read_by(ways, asked)}"
    begin: int | None = await (await driver_of(db)).fetchval(known, *asked.values)
    if begin is None:
        raise page.no_such_place()
    return begin


_PLACE = """
    SELECT e.number FROM (SELECT * FROM ledger_entry l
      WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = $2 OFFSET 0) e WHERE true
    """
