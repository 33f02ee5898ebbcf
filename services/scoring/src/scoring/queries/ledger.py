"""Questions about the ledger: its phase, its entries, and all that a sheet is computed from."""

import datetime as dt
import typing
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import starmap
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CursorResult,
    Date,
    Subquery,
    Text,
    Uuid,
    any_,
    case,
    cast,
    column,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
    union,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from chassis.db import driver_of
from chassis.journal import sha256
from chassis.stored import require_intact
from scoring.queries import hold
from scoring.queries.claims import claim_standing_of, counts_now, latest_states, standing_columns
from scoring.rules.claims.checks import Claim
from scoring.rules.ledger.entries import EVENT, PANEL_MARK, REVERSAL, ZERO_REPORT, Entry
from scoring.rules.ledger.seats import Sitting, cells_beside
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.slots import Cell, StoredEntry
from scoring.rules.ledger.source_refs import Standing
from scoring.rules.ledger.states import (
    CHECKED,
    COUNTED,
    GIVEN_UP,
    HELD,
    LOCKED,
    OPEN,
    STATES,
    EntryStanding,
)
from scoring.rules.reports.own_marks import GivenMark
from scoring.rules.scheme.document import Scheme
from scoring.tables.claims import ClaimRow, ClaimStateRow, CountedAwardRow
from scoring.tables.ledger import (
    LedgerCountRow,
    LedgerEntryRow,
    LedgerEntryStateRow,
    LedgerRow,
)

_LARGE_PART = 4
"""Of how many parts a cycle may consist that are each read as it lies, and not unit by unit."""

_PART = 20_000
"""How many entries are read from the database at a time."""


_COLUMNS = tuple(name for name in Entry._fields if name != "former")
"""The fields of an entry that are columns of its row."""

_TEXTS = frozenset(_COLUMNS) - {"entry_id", "value", "occurred_on"}
"""The fields of an entry that are texts."""


LEDGER = (
    "ledger",
    "ledger_entry",
    "ledger_entry_state",
    "claim",
    "claim_state",
    "counted_award",
)
"""The tables that a score sheet is computed from."""


_WHOLE_LEDGER = "300s"
"""How long it may take to compare a ledger with the journal."""

MOST_AT_ONCE = 20_000
"""How many entries one statement moves: the server stops one that takes half a minute."""


async def require_true_ledger(db: AsyncSession, cycle_id: UUID) -> None:
    """Refuse to rest anything on a ledger that is not what the journal recorded."""
    # One statement that reads all there is: in proportion to the entries, and not to be stopped
    # where all others are.
    await db.execute(select(func.set_config("statement_timeout", _WHOLE_LEDGER, True)))
    await require_intact(db, str(cycle_id), *LEDGER)


async def require_true_entries(
    db: AsyncSession, cycle_id: UUID, rows: Collection[LedgerEntryRow | Standing]
) -> None:
    """Refuse to move entries that are not what the journal recorded, nor what they take out.

    Compared is what was recorded together with them or with a state of theirs, and not the whole
    ledger: it may hold a million others.
    """
    taken = (getattr(each, "reverses", None) or each.restates for each in rows)
    ids = [*(each.entry_id for each in rows), *filter(None, taken)]
    records = {
        each["record"] for each in await (await driver_of(db)).fetch(_RECORDS, cycle_id, ids)
    }
    tables = "ledger_entry", "ledger_entry_state"
    await require_intact(db, str(cycle_id), *tables, records=records)


async def open_ledger(db: AsyncSession, cycle_id: UUID) -> bool:
    """Make sure that the cycle has a ledger; its scheme must have been seen before.

    Return whether it had none.
    """
    row = postgresql.insert(LedgerRow).values(cycle_id=cycle_id, phase=OPEN)
    done = await db.execute(row.on_conflict_do_nothing())
    return typing.cast(CursorResult[Any], done).rowcount == 1


async def phase_of_ledger(db: AsyncSession, cycle_id: UUID, *, alone: bool = False) -> str:
    """Return the phase of a cycle's ledger and hold it until the commit.

    Writers share the row, so that nobody seals in between; the seal has it `alone`. A ledger that
    nobody has written to yet is open.
    """
    query = select(LedgerRow.phase).where(LedgerRow.cycle_id == cycle_id)
    return await db.scalar(query.with_for_update(read=not alone)) or OPEN


class HeldLedger(NamedTuple):
    """A cycle's ledger that is held until the commit: its phase, and the day in its time zone.

    `reported` are the entries that new events could clash with; what other new entries could clash
    with lies in the `cells`, and has not been read.
    """

    phase: str
    day: dt.date
    cells: Collection[Cell]
    reported: list[StoredEntry]


async def hold_ledger_for(
    db: AsyncSession, cycle_id: UUID, drafts: Collection[Draft], scheme: Scheme
) -> HeldLedger:
    """Hold a cycle's ledger until the commit, and read what events among new entries could clash
    with.

    A cycle whose scheme has been seen gets its ledger with the first entry.
    """
    cells, of_events = _cells_beside(drafts, scheme)
    driver, about = await driver_of(db), _about(cycle_id, of_events)
    rows = await driver.fetch(_HELD, about, HELD, cycle_id, scheme.time_zone)
    if rows[0]["phase"] is None:
        await open_ledger(db, cycle_id)
        rows = await driver.fetch(_HELD, about, HELD, cycle_id, scheme.time_zone)
    found = (tuple(row.values()) for row in rows)
    phase, day, *_ = rows[0]
    reported = [StoredEntry(*each) for _, _, *each in found if each[0]]
    return HeldLedger(phase, day, cells, reported)


async def hold_entries(db: AsyncSession, cycle_id: UUID) -> None:
    """Let no other command of this cycle move entries until the commit.

    Two verifications at once would both find the entry submitted.
    """
    await hold(db, "ledger-entries", cycle_id)


async def require_true_units(db: AsyncSession, cycle_id: UUID, units: Collection[str]) -> None:
    """Refuse to rest anything on the entries about some units that are not what the journal
    recorded; what was removed of them is missed by their counts."""
    about, step = entries_about(cycle_id, units), LedgerEntryStateRow
    entry = about.c
    each = (
        select(step.record)
        .where(step.cycle_id == entry.cycle_id, step.entry_id == entry.entry_id)
        .offset(0)
        .lateral()
    )
    moved = select(each.c.record).select_from(about).join(each, true())
    records = set(await db.scalars(union(select(entry.record), moved)))
    tables = "ledger_entry", "ledger_entry_state"
    await require_intact(db, str(cycle_id), *tables, records=records)
    number = func.count().label("number")
    rows = await db.execute(select(entry.state, number).group_by(entry.state))
    counts = {row.state: row.number for row in rows}
    if counts != await count_entries(db, cycle_id, units):
        await require_true_ledger(db, cycle_id)


def entries_about(cycle_id: UUID, units: Collection[str]) -> Subquery:
    """Return the entries of a cycle about some units as a table, looked up unit by unit.

    The cycle comes out of an array, too: of one that began after the last ANALYZE the planner
    believes that it has hardly an entry, and would take any index of cycles.
    """
    cycle = func.unnest(literal([cycle_id], ARRAY(Uuid))).column_valued("of_cycle")
    unit = func.unnest(literal(sorted(units), ARRAY(Text))).column_valued("of_unit")
    of = LedgerEntryRow.__table__
    looked_up = select(of).where(of.c.cycle_id == cycle, of.c.unit == unit).offset(0)
    each = looked_up.lateral()
    cells = select(each).select_from(cycle.scalar_alias).join(unit.scalar_alias, true())
    return cells.join(each, true()).subquery()


async def entry_rows(
    db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, LedgerEntryRow]:
    """Return these entries of a cycle, in order of arrival."""
    row = looked_up(cycle_id, ids)
    return {each.entry_id: each for each in await db.scalars(select(row).order_by(row.number))}


def looked_up(cycle_id: UUID, ids: Sequence[UUID]) -> type[LedgerEntryRow]:
    """Return these entries of a cycle as a table, each looked up by its key.

    One by one, and the cycle as a text, which serves no index, whatever the planner guesses: of a
    cycle that began after the last ANALYZE it believes that it has hardly an entry, of ids that no
    two entries differ, and would read all entries to find these. A condition on the table serves
    no index either.
    """
    each = func.unnest(literal(list(dict.fromkeys(ids)), ARRAY(Uuid))).column_valued("each")
    of = LedgerEntryRow.__table__
    within = cast(of.c.cycle_id, Text) == str(cycle_id)
    one = select(of).where(within, of.c.entry_id == each).offset(0).lateral("one")
    found = select(one).select_from(each.scalar_alias).join(one, true())
    return aliased(LedgerEntryRow, found.subquery())


async def standing_of(
    db: AsyncSession, cycle_id: UUID, rows: Collection[LedgerEntryRow]
) -> dict[UUID, EntryStanding]:
    """Return where entries stand; whoever wrote what one takes out counts as its author."""
    taken = {each.entry_id: each.reverses or each.restates for each in rows}
    row = looked_up(cycle_id, [each for each in taken.values() if each is not None])
    query = select(row.entry_id, row.author_person)
    writers = {found.entry_id: found.author_person for found in await db.execute(query)}
    checked = [each.entry_id for each in rows if each.state == CHECKED]
    checkers = await _checkers(db, cycle_id, checked) if checked else {}
    return {
        each.entry_id: EntryStanding(
            each.entry_id,
            each.kind,
            each.state,
            each.unit,
            each.author_unit,
            frozenset({each.author_person, *filter(None, [writers.get(taken[each.entry_id])])}),
            each.indicator,
            frozenset(checkers.get(each.entry_id, ())),
        )
        for each in rows
    }


async def is_being_taken_out(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> bool:
    """Say whether a reversal of an entry was handed in, or a restatement that may yet count."""
    row = LedgerEntryRow
    reversed_ = select(row.entry_id).where(row.cycle_id == cycle_id, row.reverses == entry_id)
    restated = select(row.entry_id).where(
        row.cycle_id == cycle_id, row.restates == entry_id, row.state.not_in(GIVEN_UP)
    )
    return bool(await db.scalar(select(or_(reversed_.exists(), restated.exists()))))


class Step(NamedTuple):
    """A state that an entry came into: when, by whom, and why, where a reason was given."""

    state: str
    actor: str
    reason: str | None
    entered_at: dt.datetime


Steps = Mapping[UUID, Sequence[Step]]
"""The states that entries have been in, in order, by their ids."""


async def steps_of(db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID]) -> Steps:
    """Return all states that some entries have been in."""
    found: dict[UUID, list[Step]] = {}
    for entry_id, *told in await (await driver_of(db)).fetch(_STEPS, cycle_id, list(ids)):
        found.setdefault(entry_id, []).append(Step(*told))
    return found


async def _checkers(db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Return who found each of these entries right at a first review."""
    found: dict[UUID, set[str]] = {}
    for entry_id, person in await (await driver_of(db)).fetch(_CHECKS, cycle_id, list(ids)):
        found.setdefault(entry_id, set()).add(person)
    return found


# The states of each entry are found by its key, one by one, whatever the planner guesses: of a
# cycle that began after the last ANALYZE it believes that it has hardly a state, and would read all
# of them to find these.
_STATES = """
    unnest($2::uuid[]) each CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry_state s WHERE s.cycle_id = $1 AND s.entry_id = each OFFSET 0) step
    """

_STEPS = f"""
    SELECT step.entry_id, step.state, step.actor, step.reason, step.entered_at
    FROM {_STATES} ORDER BY step.step
    """  # noqa: S608 - names of our own

_CHECKS = f"SELECT step.entry_id, step.person FROM {_STATES} WHERE step.state = '{CHECKED}'"  # noqa: S608 - names of our own

_RECORDS = f"""
    SELECT entry.record FROM unnest($2::uuid[]) each CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry e
      WHERE e.cycle_id::text = $1::uuid::text AND e.entry_id = each OFFSET 0) entry
    UNION SELECT step.record FROM {_STATES}
    """  # noqa: S608 - names of our own


async def entries_beside(
    db: AsyncSession,
    cycle_id: UUID,
    drafts: Collection[Draft],
    scheme: Scheme,
    held: HeldLedger | None = None,
) -> list[StoredEntry]:
    """Return the entries that count or wait to, reversals too, and that these could clash with.

    What events could clash with has been read where the ledger was `held`.
    """
    if held is not None:
        found = await _entered(db, cycle_id, held.cells)
        return [*(StoredEntry(*each.values()) for each in found), *held.reported]
    cells, of_events = _cells_beside(drafts, scheme)
    found = [*await _entered(db, cycle_id, cells), *await _reported(db, cycle_id, of_events)]
    return [StoredEntry(*each.values()) for each in found]


def _cells_beside(drafts: Iterable[Draft], scheme: Scheme) -> tuple[set[Cell], set[Cell]]:
    """Return the cells of which new entries could clash with anything, and the other cells of new
    events.

    Events clash with no other events: a cell may have hundreds of them, and they are not read.
    """
    events, others = list[Draft](), list[Draft]()
    for each in drafts:
        (events if each.kind == EVENT and each.key != ZERO_REPORT else others).append(each)
    whole = cells_beside(others, scheme)
    return whole, cells_beside(events, scheme) - whole


async def _entered(db: AsyncSession, cycle_id: UUID, cells: Collection[Cell]) -> list[Any]:
    if not cells:
        return []
    units, indicators = {unit for unit, _ in cells}, {code for _, code in cells}
    about = sorted(units), sorted(indicators), [f"{unit} {code}" for unit, code in sorted(cells)]
    found: list[Any] = await (await driver_of(db)).fetch(_IN_CELLS, cycle_id, *about, HELD)
    return found


async def _reported(db: AsyncSession, cycle_id: UUID, cells: Collection[Cell]) -> list[Any]:
    if not cells:
        return []
    driver = await driver_of(db)
    found: list[Any] = await driver.fetch(_REPORTED, _about(cycle_id, cells), HELD)
    return found


def _about(cycle_id: UUID, cells: Collection[Cell]) -> list[str]:
    return [f"{cycle_id} {unit} {code}" for unit, code in sorted(cells)]


_STORED = ", ".join(f"e.{each.name}" for each in fields(StoredEntry))

# No join of pairs: its plan would depend on what is guessed of their number.
_IN_CELLS = f"""
    SELECT {_STORED} FROM ledger_entry e
    WHERE e.cycle_id = $1 AND e.unit = ANY ($2::text[]) AND e.indicator = ANY ($3::text[])
      AND e.unit || ' ' || e.indicator = ANY ($4::text[]) AND e.state = ANY ($5::text[])
    ORDER BY e.number
    """  # noqa: S608 - names of our own

# Zero reports, declarations that something does not apply, and reversals of these. By the
# expression of an index, so that no other one serves.
_REPORTED = f"""
    SELECT {_STORED} FROM ledger_entry e
    WHERE e.cycle_id::text || ' ' || e.unit || ' ' || e.indicator = ANY ($1::text[])
      AND (e.key IS NULL OR e.key = '{ZERO_REPORT}') AND e.state = ANY ($2::text[])
    ORDER BY e.number
    """  # noqa: S608 - names of our own

# Of a ledger that is sealed meanwhile the entries are those from before; the phase says so.
_HELD = f"""
    SELECT held.phase, held.day, {_STORED} FROM (
      SELECT (SELECT phase FROM ledger WHERE cycle_id = $3 FOR SHARE) AS phase,
        timezone($4, clock_timestamp())::date AS day) held
    LEFT JOIN ({_REPORTED}) e ON true
    """  # noqa: S608 - names of our own


async def sittings(db: AsyncSession, cycle_id: UUID, marks: Iterable[Draft]) -> list[Sitting]:
    """Return who has given marks from which seats of the panels that these marks are from, by
    marks that count or wait."""
    return await sittings_of(db, cycle_id, {mark.panel for mark in marks if mark.panel})


async def sittings_of(db: AsyncSession, cycle_id: UUID, panels: Collection[str]) -> list[Sitting]:
    """Return who has given marks from which seats of some panels, by marks that count or wait."""
    if not panels:
        return []
    keys = [f"{cycle_id} {panel}" for panel in sorted(panels)]
    rows = await (await driver_of(db)).fetch(_SITTINGS, keys, HELD)
    return [Sitting(panel, seat, person) for panel, seat, person in rows]


# From each seat and person to the next one by an index: of the marks of a panel, of which there may
# be a million, a few for each who gives them are read. By the expression of the index, so that no
# other one serves; and one by one, whatever is guessed of their number.
_NEXT = """
    SELECT e.panel, e.item, e.author_person FROM ledger_entry e
    WHERE e.cycle_id::text || ' ' || e.panel = {} ORDER BY e.item, e.author_person LIMIT 1
    """
_AFTER = "of_panel AND (e.item, e.author_person) > (seats.item, seats.author_person)"
_SITTINGS = f"""
    WITH RECURSIVE seats AS (
      SELECT of_panel, first.* FROM unnest($1::text[]) of_panel
      CROSS JOIN LATERAL ({_NEXT.format("of_panel")}) first
      UNION ALL
      SELECT of_panel, next.* FROM seats CROSS JOIN LATERAL ({_NEXT.format(_AFTER)}) next)
    SELECT panel, item, author_person FROM seats WHERE (
      SELECT true FROM ledger_entry e
      WHERE e.cycle_id::text || ' ' || e.panel = of_panel AND e.item = seats.item
        AND e.author_person = seats.author_person
        AND e.kind = '{PANEL_MARK}' AND e.state = ANY ($2::text[]) LIMIT 1)
    """  # noqa: S608 - names of our own


async def marks_given(
    db: AsyncSession, cycle_id: UUID, panels: Collection[str], account: str
) -> tuple[list[GivenMark], set[int]]:
    """Return the marks that an account has given from seats of these panels, and that count or
    wait to, without those that it has reversed or restated; and the records of all of them."""
    row = LedgerEntryRow
    query = select(row).where(
        # The expression of the index, so that no other one serves.
        one_of(
            cast(row.cycle_id, Text).op("||")(literal_column("' '")).op("||")(row.panel),
            [f"{cycle_id} {panel}" for panel in panels],
        ),
        row.author == account,
        row.state.in_(HELD),
    )
    rows = (await db.scalars(query)).all()
    gone = {each.reverses for each in rows} | {each.restates for each in rows}
    given = [
        GivenMark(each.unit, each.indicator, each.panel or "", each.item or "", each.value)
        for each in rows
        if each.kind == PANEL_MARK and each.entry_id not in gone
    ]
    return given, {each.record for each in rows}


async def today(db: AsyncSession, time_zone: str) -> dt.date:
    """Return the day in a scheme's time zone, by the clock of the database."""
    moment = func.timezone(time_zone, func.clock_timestamp())
    return (await db.execute(select(cast(moment, Date)))).scalar_one()


async def move_all(db: AsyncSession, cycle_id: UUID, former: str, state: str, actor: str) -> int:
    """Add a state to every entry of a cycle that is in the `former` one; count them."""
    driver, moved, last = await driver_of(db), 0, 0
    await driver.execute(_IN_ORDER)
    while last is not None:
        about = cycle_id, former, last, MOST_AT_ONCE, state, actor
        last, number = await driver.fetchrow(_MOVE_PART, *about)
        moved += number
    await driver.execute(_AS_ALWAYS)
    return moved


# As they came, by the index that has them in that order: whatever is guessed of their number, they
# are not collected and sorted anew for each part.
_IN_ORDER = """
    SELECT set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true),
      set_config('enable_sort', 'off', true)
    """
_AS_ALWAYS = """
    SELECT set_config('enable_bitmapscan', 'on', true), set_config('enable_seqscan', 'on', true),
      set_config('enable_sort', 'on', true)
    """

# The number by which the journal vouches for the rows is asked for once, and not for each of them.
_MOVE_PART = """
    WITH part AS MATERIALIZED (
      SELECT s.number, s.entry_id FROM ledger_entry_standing s
      WHERE s.cycle_id = $1 AND s.state = $2 AND s.number > $3 ORDER BY s.number LIMIT $4),
    moved AS (
      INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor, record)
      SELECT $1, e.entry_id, e.step + 1, $5, $6, (SELECT journal_record('ledger_entry_state'))
      FROM part CROSS JOIN LATERAL (SELECT * FROM ledger_entry l
        WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = part.entry_id OFFSET 0) e
      RETURNING 1)
    SELECT max(number), (SELECT count(*) FROM moved) FROM part
    """


async def move_entries(
    db: AsyncSession,
    cycle_id: UUID,
    ids: Sequence[UUID],
    state: str,
    actor: str,
    reason: str | None = None,
    person: str | None = None,
) -> int:
    """Add a state to each of these entries; count them.

    `person` is the human being behind the account `actor`, where it is a decision.

    The database keeps it beside the entry as well, so that no question needs the whole history.
    """
    entry = looked_up(cycle_id, ids)
    words = {"state": state, "actor": actor, "person": person, "reason": reason}
    told = [literal(word, Text()) for word in words.values()]
    following = select(entry.cycle_id, entry.entry_id, entry.step + 1, *told)
    columns = ["cycle_id", "entry_id", "step", *words]
    done = await db.execute(insert(LedgerEntryStateRow).from_select(columns, following))
    return typing.cast(CursorResult[Any], done).rowcount


def one_of(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Collection[str]
) -> ColumnElement[bool]:
    """Return the condition that a column has one of these texts; one parameter for all."""
    return column == any_(literal(sorted(values), ARRAY(Text)))


async def count_entries(
    db: AsyncSession, cycle_id: UUID, units: Collection[str] | None = None
) -> dict[str, int]:
    """Return how many entries of a cycle, or about some units, are in each state that has any."""
    row = LedgerCountRow
    number = func.sum(row.number).label("number")
    counted = select(row.state, cast(number, BigInteger).label("number")).where(
        row.cycle_id == cycle_id, one_of(row.unit, [""] if units is None else units)
    )
    counts = {each.state: each.number for each in await db.execute(counted.group_by(row.state))}
    return {state: counts[state] for state in STATES if counts.get(state)}


async def entries_in(
    db: AsyncSession,
    cycle_id: UUID,
    states: Collection[str],
    units: Collection[str] | None = None,
) -> list[tuple[int, UUID]]:
    """Return numbers and ids of the entries that are in one of these states, of all units or of
    some, as they came."""
    if units is None:
        statement, keys = _IN_STATES.format("s.state"), list(states)
    else:
        # The expression of the index, so that no other one serves.
        statement = _IN_STATES.format("s.unit || ' ' || s.state")
        keys = [f"{unit} {state}" for unit in units for state in states]
    rows = await (await driver_of(db)).fetch(statement, cycle_id, keys)
    return [(number, entry_id) for number, entry_id in rows]


# Looked up one by one, whatever is guessed of their number: for an order that an index has, the
# planner would look through all entries of the cycle.
_IN_STATES = """
    SELECT found.number, found.entry_id FROM unnest($2::text[]) each CROSS JOIN LATERAL (
      SELECT s.number, s.entry_id FROM ledger_entry_standing s
      WHERE s.cycle_id = $1 AND {} = each OFFSET 0) found
    ORDER BY found.number
    """


async def digests_by_unit(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> dict[str, str]:
    """Return by unit a SHA-256 of which entries there are about it and how often each has moved.

    What was sent back twice has moved, although it stands as it did. A seal moves nothing by it:
    the step by which an entry is locked does not count.
    """
    of = LedgerEntryRow.__table__
    # In order of arrival, as they lie in the table, and not grouped: of a cycle that began after
    # the last ANALYZE the planner would hop from unit to unit.
    lying = select(of).where(of.c.cycle_id == cycle_id, one_of(of.c.unit, units))
    as_they_lie = lying.order_by(of.c.number).offset(0).subquery()
    few = await _are_few(db, cycle_id, units)
    row = entries_about(cycle_id, units).c if few else as_they_lie.c
    moved = case((row.state == LOCKED, row.step - 1), else_=row.step).label("moved")
    each = select(row.unit, row.entry_id, moved).offset(0).subquery().c
    told = func.string_agg(
        cast(each.entry_id, Text) + " " + cast(each.moved, Text),
        aggregate_order_by(literal(","), each.entry_id),
    )
    digest = func.encode(func.sha256(func.convert_to(told, "UTF8")), "hex")
    found = await db.execute(select(each.unit, digest).group_by(each.unit))
    return {unit: each for unit, each in found}  # noqa: C416 - dict() takes no typed Row


async def _are_few(db: AsyncSession, cycle_id: UUID, units: Collection[str]) -> bool:
    """Say whether the entries about some units are a small part of the cycle, and are better looked
    up unit by unit than read as they lie."""
    count = LedgerCountRow
    some = func.sum(count.number).filter(one_of(count.unit, units))
    whole = func.sum(count.number).filter(count.unit == "")
    told = count.cycle_id == cycle_id, one_of(count.unit, ["", *units])
    return bool(await db.scalar(select(some * _LARGE_PART < whole).where(*told)))


async def digest_of_states(db: AsyncSession, cycle_id: UUID) -> str:
    """Return a SHA-256 of which entries and claims a cycle has and how far each has come."""
    entry, claim = LedgerEntryRow, ClaimStateRow
    steps = func.max(claim.step).label("step")
    claims = select(claim.claim_id, steps).where(claim.cycle_id == cycle_id)
    latest = claims.group_by(claim.claim_id).subquery().c
    # Two statements, so that neither's plan depends on how many rows the other one has.
    entries = await db.scalar(
        select(_stepped(entry.entry_id, entry.step)).where(entry.cycle_id == cycle_id)
    )
    return sha256([entries, await db.scalar(select(_stepped(latest.claim_id, latest.step)))])


def _stepped(key: Any, step: Any) -> ColumnElement[str]:  # noqa: ANN401 - columns of any kind
    each = cast(key, Text) + " " + cast(step, Text)
    listed = func.string_agg(each, aggregate_order_by(literal(","), key))
    told = func.convert_to(func.coalesce(listed, ""), "UTF8")
    return func.encode(func.sha256(told), "hex")


async def counted_entries(db: AsyncSession, cycle_id: UUID, units: Sequence[str]) -> list[Entry]:
    """Return the entries of these units that count: verified or locked, and no reversals."""
    of = LedgerEntryRow.__table__.c
    about = [of.cycle_id == cycle_id, one_of(of.unit, units)]
    if await _are_few(db, cycle_id, units):
        of, about = entries_about(cycle_id, units).c, []
    return await _entries(db, of, *about, of.kind != REVERSAL, of.state.in_(COUNTED))


async def annual_entries(
    db: AsyncSession,
    cycle_id: UUID,
    indicators: Collection[str],
    year: int,
    units: Collection[str] | None = None,
) -> list[Entry]:
    """Return what counts for some indicators and the whole year, of these units or of all."""
    of = LedgerEntryRow.__table__.c
    for_ = of.indicator == any_(literal(sorted(indicators), ARRAY(Text)))
    whole = of.period == str(year), of.state.in_(COUNTED)
    some = () if units is None else (one_of(of.unit, units),)
    return await _entries(db, of, of.cycle_id == cycle_id, for_, *whole, *some)


async def entries_by_id(
    db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID], units: Sequence[str]
) -> list[Entry]:
    """Return these entries of some units, whatever has become of them since."""
    found = await _entries(db, inspect(looked_up(cycle_id, ids)).selectable.c)
    wanted = frozenset(units)
    return [each for each in found if each.unit in wanted]


async def _entries(
    db: AsyncSession,
    of: ReadOnlyColumnCollection[str, Any],
    *conditions: ColumnElement[bool],
) -> list[Entry]:
    # Plain columns, past the mapping of classes: there may be hundreds of thousands of rows.
    wanted = select(*(of[name] for name in _COLUMNS), of.restates).where(*conditions)
    # Part by part: all rows at once take three times the memory of the entries made of them.
    in_parts = wanted.order_by(of.entry_id).execution_options(yield_per=_PART)
    rows = await (await db.connection()).stream(in_parts)
    same: dict[str | None, str | None] = {}
    found, restated = list[Entry](), dict[UUID, UUID]()
    async for part in rows.partitions():
        found += _made(part, same)
        restated |= {row[0]: row[-1] for row in part if row[-1] is not None}
    return await _with_former(db, found, restated) if restated else found


def _made(rows: Sequence[Sequence[Any]], same: dict[str | None, str | None]) -> Iterable[Entry]:
    """Build entries from rows, keeping one of equal texts: every row brings copies of its own."""
    columns = [
        list(map(same.setdefault, column, column)) if name in _TEXTS else column
        for name, column in zip(_COLUMNS, zip(*rows, strict=True), strict=False)
    ]
    return starmap(Entry, zip(*columns, strict=True))


async def _with_former(
    db: AsyncSession, entries: Sequence[Entry], restated: Mapping[UUID, UUID]
) -> list[Entry]:
    """Return entries with what those told that some of them have `restated`: value, word or day."""
    of = LedgerEntryRow.__table__.c
    told = func.coalesce(of.word, cast(func.trim_scale(of.value), Text), cast(of.occurred_on, Text))
    ids = literal(list(restated.values()), ARRAY(Uuid))
    rows = await db.execute(select(of.entry_id, told.label("told")).where(of.entry_id == any_(ids)))
    former = {row.entry_id: row.told for row in rows}
    return [
        each._replace(former=former[restated[each.entry_id]]) if each.entry_id in restated else each
        for each in entries
    ]


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The claims about some units, the ledger's phase, and how far the journal has come."""

    claims: list[Claim]
    phase: str
    position: int


async def ledger_state(db: AsyncSession, cycle_id: UUID, units: Sequence[str]) -> LedgerState:
    """Return the claims about these units, by number and unit, and where the ledger stands.

    By one statement: phase and position are a row even where there is no claim.
    """
    names = [field.name for field in fields(Claim) if field.name != "standing"]
    cycle = select(literal(cycle_id, Uuid()).label("cycle_id")).subquery()
    about = ClaimRow.unit == any_(literal(list(units), ARRAY(Text)))
    latest = latest_states(ClaimStateRow.cycle_id == cycle_id)
    rows = await db.execute(
        select(
            func.coalesce(LedgerRow.phase, OPEN).label("phase"),
            func.coalesce(_HEAD.c.seq, 0).label("position"),
            *(getattr(ClaimRow, name) for name in names),
            *standing_columns(latest),
        )
        .select_from(cycle)
        .outerjoin(LedgerRow, LedgerRow.cycle_id == cycle.c.cycle_id)
        .outerjoin(_HEAD, _HEAD.c.chain == str(cycle_id))
        .outerjoin(ClaimRow, (ClaimRow.cycle_id == cycle.c.cycle_id) & about)
        .outerjoin(latest, latest.c.claim_id == ClaimRow.claim_id)
        .outerjoin(CountedAwardRow, counts_now())
        .order_by(ClaimRow.claim_no, ClaimRow.unit)
    )
    found = rows.all()
    claims = [
        Claim(**{name: getattr(row, name) for name in names}, standing=claim_standing_of(row))
        for row in found
        if row.claim_id is not None
    ]
    return LedgerState(claims, found[0].phase, found[0].position)


_HEAD = table("journal_head", column("chain", Text), column("seq", BigInteger))
