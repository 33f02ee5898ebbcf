"""Questions about the ledger: its phase, its entries, and how they stand."""

import datetime as dt
import typing
from collections.abc import Collection, Mapping, Sequence
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
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from chassis.db import driver_of
from chassis.spreading import unseen
from chassis.stored import require_intact
from scoring.queries import hold
from scoring.rules.complaints.states import ASSIGN
from scoring.rules.items.earned import REDONE, UPHELD
from scoring.rules.items.earned import RETURNED as ITEM_RETURNED
from scoring.rules.items.states import INSIST, REFUSE_EXTENSION
from scoring.rules.ledger.entries import PROGRESS_REPORT
from scoring.rules.ledger.source_refs import Standing
from scoring.rules.ledger.states import (
    CHECKED,
    COUNTED,
    GIVEN_UP,
    OPEN,
    STATES,
    SUBMITTED,
    EntryStanding,
)
from scoring.tables.ledger import (
    LedgerCountRow,
    LedgerEntryRow,
    LedgerEntryStateRow,
    LedgerRow,
)

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


_WHILE_COMPUTING = "600s"
"""How long a command may compute between two of its statements."""


async def begin(db: AsyncSession) -> None:
    """Begin a command that computes before it changes anything: it has its key from now on.

    Who sends it again meanwhile is told that it is at work, and nothing is computed twice.
    """
    setting = "idle_in_transaction_session_timeout"
    await db.execute(select(func.set_config(setting, _WHILE_COMPUTING, True)))


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


async def seen_phase(db: AsyncSession, cycle_id: UUID) -> str:
    """Return the phase of a cycle's ledger as a snapshot shows it, which holds nobody up."""
    return await db.scalar(select(LedgerRow.phase).where(LedgerRow.cycle_id == cycle_id)) or OPEN


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
    within = unseen(of.c.cycle_id, cycle_id)
    one = select(of).where(within, of.c.entry_id == each).offset(0).lateral("one")
    found = select(one).select_from(each.scalar_alias).join(one, true())
    return aliased(LedgerEntryRow, found.subquery())


async def standing_of(
    db: AsyncSession, cycle_id: UUID, rows: Collection[LedgerEntryRow]
) -> dict[UUID, EntryStanding]:
    """Return where entries stand; whoever wrote or signed off what one takes out did so with it,
    and so did whoever wrote what one was taken over from. With what a supervised item has earned
    stands who decided so."""
    hands = await _hands(db, cycle_id, rows)
    checked = [each.entry_id for each in rows if each.state in (CHECKED, *COUNTED)]
    checkers = await checkers_of(db, cycle_id, checked) if checked else {}
    return {
        each.entry_id: EntryStanding(
            each.entry_id,
            each.kind,
            each.state,
            each.unit,
            each.author_unit,
            frozenset(hands[each.entry_id].writers),
            each.indicator,
            frozenset(checkers.get(each.entry_id, ())),
            frozenset(hands[each.entry_id].signers),
            frozenset(hands[each.entry_id].deciders),
        )
        for each in rows
    }


class _Hands(NamedTuple):
    """Who wrote an entry and what it takes out, who signed them off for their units, and who
    decided what they rest on."""

    writers: set[str]
    signers: set[str]
    deciders: set[str]


async def _hands(
    db: AsyncSession, cycle_id: UUID, rows: Collection[LedgerEntryRow]
) -> dict[UUID, _Hands]:
    found = {each.entry_id: _Hands({each.author_person}, set(), set()) for each in rows}
    taken = {each.entry_id: each.reverses or each.restates for each in rows}
    taken = {entry_id: of for entry_id, of in taken.items() if of is not None}
    gone = [*taken], [*taken.values()]
    both = [*found, *gone[0]], [*found, *gone[1]]
    told = await (await driver_of(db)).fetch(_HANDS, cycle_id, *gone, *both)
    for entry_id, *of in map(tuple, told):
        for people, person in zip(found[entry_id], of, strict=True):
            if person is not None:
                people.add(person)
    return found


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


async def checkers_of(
    db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, set[str]]:
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


DECIDED = f"""(SELECT m.person FROM (SELECT * FROM supervised_item_event o
      WHERE o.cycle_id = $1 AND o.entry_id {{0}} OFFSET 0) v
    JOIN supervised_item_move m ON m.cycle_id = $1 AND m.item_id = v.item_id
      AND CASE v.what WHEN '{REDONE}' THEN m.step = v.step
        WHEN '{ITEM_RETURNED}' THEN m.move = '{INSIST}' AND m.step > v.step
        ELSE m.move = '{REFUSE_EXTENSION}' AND m.term = v.step END
    UNION ALL
    SELECT m.person FROM (SELECT * FROM complaint_event o
      WHERE o.cycle_id = $1 AND o.entry_id {{0}} OFFSET 0) v
    JOIN complaint_move m ON m.cycle_id = $1 AND m.complaint_id = v.complaint_id
      AND CASE v.what WHEN '{REDONE}' THEN m.step = v.step WHEN '{UPHELD}' THEN m.step = v.step
        WHEN '{ITEM_RETURNED}' THEN m.move = '{ASSIGN}' AND m.step > v.step
        ELSE m.move = '{REFUSE_EXTENSION}' AND m.step > v.step END)"""  # noqa: S608 - names of our own
"""Who decided what an item or a complaint has earned that an entry stands for: sent it back, found
that it was right, said that it stays with who returned it, refused more time."""

_HANDS = f"""
    SELECT each.entry, e.author_person, NULL, NULL
    FROM unnest($2::uuid[], $3::uuid[]) each (entry, takes) CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry o
      WHERE o.cycle_id::text = $1::uuid::text AND o.entry_id = each.takes OFFSET 0) e
    UNION ALL
    SELECT each.entry, NULL, s.signer_person, NULL
    FROM unnest($4::uuid[], $5::uuid[]) each (entry, takes) CROSS JOIN LATERAL (
      SELECT * FROM entry_signature o
      WHERE o.cycle_id = $1 AND o.entry_id = each.takes OFFSET 0) s
    UNION ALL
    SELECT each.entry, e.author_person, NULL, NULL
    FROM unnest($4::uuid[], $5::uuid[]) each (entry, takes) CROSS JOIN LATERAL (
      SELECT * FROM adopted_entry o
      WHERE o.cycle_id = $1 AND o.entry_id = each.takes OFFSET 0) a
    CROSS JOIN LATERAL ledger_entry_elsewhere(a.from_cycle_id, a.from_entry_id) e
    UNION ALL
    SELECT each.entry, NULL, NULL, d.person
    FROM unnest($4::uuid[], $5::uuid[]) each (entry, takes)
    CROSS JOIN LATERAL {DECIDED.format("= each.takes")} d
    """  # noqa: S608 - names of our own


_RECORDS = f"""
    SELECT entry.record FROM unnest($2::uuid[]) each CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry e
      WHERE e.cycle_id::text = $1::uuid::text AND e.entry_id = each OFFSET 0) entry
    UNION SELECT step.record FROM {_STATES}
    """  # noqa: S608 - names of our own


async def now(db: AsyncSession) -> dt.datetime:
    """Return the moment by the clock of the database."""
    moment: dt.datetime = (await db.scalars(select(func.clock_timestamp()))).one()
    return moment


async def today(db: AsyncSession, time_zone: str) -> dt.date:
    """Return the day in a scheme's time zone, by the clock of the database."""
    moment = func.timezone(time_zone, func.clock_timestamp())
    return (await db.execute(select(cast(moment, Date)))).scalar_one()


def one_of(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Collection[str]
) -> ColumnElement[bool]:
    """Return the condition that a column has one of these texts; one parameter for all."""
    return column == any_(literal(sorted(values), ARRAY(Text)))


async def count_reports(db: AsyncSession, cycle_id: UUID) -> int:
    """Return how many progress reports of a cycle were handed in: they wait for nobody."""
    about = cycle_id, f"{PROGRESS_REPORT} {SUBMITTED}"
    number: int = await (await driver_of(db)).fetchval(_REPORTS, *about)
    return number


# By the expression of an index, so that no other one serves.
_REPORTS = """
    SELECT count(*) FROM ledger_entry_standing e
    WHERE e.cycle_id = $1 AND e.kind || ' ' || e.state = $2
    """


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
