"""Questions about what new entries could clash with, in the ledger that is held for them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    Text,
    cast,
    literal_column,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.spreading import unseen
from chassis.wire import adapter_of
from scoring.queries.alike import ALIKE, STORED, sought
from scoring.queries.ledger import one_of, open_ledger
from scoring.rules.ledger.entries import (
    HAPPENED,
    MILESTONE,
    NOT_APPLICABLE,
    PANEL_MARK,
    PROGRESS_REPORT,
    REVERSAL,
    ZERO_REPORT,
)
from scoring.rules.ledger.likeness import Mark, Marks
from scoring.rules.ledger.periods import NO_PERIODS, Periods
from scoring.rules.ledger.seats import Sitting, compared
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.slots import Cell, StoredEntry, related
from scoring.rules.ledger.states import (
    HELD,
)
from scoring.rules.reports.own_marks import GivenMark
from scoring.rules.scheme.document import Scheme
from scoring.tables.ledger import (
    LedgerEntryRow,
)


class Beside(NamedTuple):
    """Where the entries lie that new ones could clash with: all of some `cells`; what is `reported`
    or declared in others; and what is about the same as a new entry, by what their index says.

    So a cell that has many items or events is not read for one more of them.
    """

    cells: set[Cell]
    reported: set[Cell]
    same: list[str]


class HeldLedger(NamedTuple):
    """A cycle's ledger that is held until the commit: its phase and its closed periods, the moment,
    and the day in its time zone.

    `reported` are the zero reports and declarations that new entries could clash with; what else
    they could clash with lies `beside` and has not been read. `alike` are the latest by the marks
    of entries.
    """

    phase: str
    periods: Periods
    moment: dt.datetime
    day: dt.date
    beside: Beside
    reported: list[StoredEntry]
    alike: Mapping[Mark, Sequence[StoredEntry]]


async def hold_ledger_for(
    db: AsyncSession,
    cycle_id: UUID,
    drafts: Collection[Draft],
    scheme: Scheme,
    marks: Marks = MappingProxyType({}),
) -> HeldLedger:
    """Hold a cycle's ledger until the commit, and read which zero reports and declarations new
    entries could clash with, and which entries have the same marks.

    A cycle whose scheme has been seen gets its ledger with the first entry.
    """
    beside = _beside(cycle_id, drafts, scheme)
    driver, said = await driver_of(db), sought(cycle_id, marks)
    about = _about(cycle_id, beside.reported), HELD, cycle_id, scheme.time_zone
    asked = *about, [*said.subjects], [*said.days], [*said.documents]
    held, *others = await driver.fetch(_HELD, *asked)
    if held["phase"] is None:
        await open_ledger(db, cycle_id)
        held, *others = await driver.fetch(_HELD, *asked)
    phase, closed, moment, day, *_ = held
    periods = NO_PERIODS if closed is None else adapter_of(Periods).validate_json(closed)
    rows = [tuple(each)[_OF_LEDGER:] for each in (held, *others)]
    reported = [StoredEntry(*each) for said_, *each in rows if said_ is None and each[0]]
    alike = said.found(each for each in rows if each[0] is not None)
    return HeldLedger(phase, periods, moment, day, beside, reported, alike)


async def entries_beside(
    db: AsyncSession,
    cycle_id: UUID,
    drafts: Collection[Draft],
    scheme: Scheme,
    held: HeldLedger | None = None,
) -> list[StoredEntry]:
    """Return the entries that count or wait to, reversals too, and that these could clash with.

    What is reported there has been read where the ledger was `held`.
    """
    beside = _beside(cycle_id, drafts, scheme) if held is None else held.beside
    before, reported = ([], beside.reported) if held is None else (held.reported, ())
    driver, found = await driver_of(db), []
    if beside.cells or reported:
        units, indicators = ({each[n] for each in beside.cells} for n in (0, 1))
        pairs = [f"{unit} {code}" for unit, code in sorted(beside.cells)]
        about = _about(cycle_id, reported), sorted(units), sorted(indicators), pairs
        found = await driver.fetch(_FOUND, beside.same, HELD, cycle_id, *about)
    elif beside.same:
        found = await driver.fetch(f"{_SAME} ORDER BY e.number", beside.same, HELD, cycle_id)
    return [*(StoredEntry(*tuple(each)[:-1]) for each in found), *before]


def _beside(cycle_id: UUID, drafts: Collection[Draft], scheme: Scheme) -> Beside:
    """Return where the entries lie that new ones could clash with.

    A declaration clashes with whatever is below it, a zero report and a node with what their cell
    has, a mark that no two units may share with those of the category. All others clash with
    declarations, with zero reports, and with what is about the very same; events not even with
    that: there may be any number of them. What a unit reports of itself clashes with nothing.
    """
    of = defaultdict[str, list[Draft]](list)
    for each in drafts:
        of[_held_against(each)].append(each)
    cells = related(_cells(of[_LINE]), scheme) | _cells(of[_CELL]) | compared(drafts, scheme)
    reported = related(_cells([*of[_CELL], *of[_REPORTS], *of[_LIKE]]), scheme) - cells
    like = [each for each in of[_LIKE] if _cell(each) not in cells]
    same = chain.from_iterable(_said(cycle_id, each) for each in like)
    return Beside(cells, reported, sorted({*same}))


_NOTHING, _LINE, _CELL, _REPORTS, _LIKE = "nothing", "line", "cell", "reports", "like"


def _held_against(draft: Draft) -> str:
    if draft.kind == PROGRESS_REPORT:
        return _NOTHING
    if draft.kind == NOT_APPLICABLE:
        return _LINE
    if draft.kind == MILESTONE or draft.key == ZERO_REPORT:
        return _CELL
    return _REPORTS if draft.kind in HAPPENED else _LIKE


def _cell(draft: Draft) -> Cell:
    return draft.unit, draft.indicator


def _cells(drafts: Iterable[Draft]) -> set[Cell]:
    return {_cell(each) for each in drafts}


def _said(cycle_id: UUID, draft: Draft) -> list[str]:
    """Return what the index says of an entry that is about the same, and of what takes it out."""
    rest = draft.period, draft.key or "", draft.item or ""
    return [
        " ".join((str(cycle_id), draft.unit, draft.indicator, kind, *rest))
        for kind in (draft.kind, REVERSAL)
    ]


def _about(cycle_id: UUID, cells: Collection[Cell]) -> list[str]:
    return [f"{cycle_id} {unit} {code}" for unit, code in sorted(cells)]


# Zero reports, declarations that something does not apply, and reversals of these. By the
# expression of an index, so that no other one serves.
_REPORTED = f"""
    SELECT {STORED}, e.number FROM ledger_entry e
    WHERE e.cycle_id::text || ' ' || e.unit || ' ' || e.indicator = ANY ({{}}::text[])
      AND e.cycle_id::text = $3::uuid::text
      AND (e.key IS NULL OR e.key = '{ZERO_REPORT}') AND e.state = ANY ($2::text[])
    """  # noqa: S608 - names of our own


# Two entries may have one number in the index of what they are about: one that is about something
# else clashes with nothing by it.
_SAME = f"SELECT {STORED}, e.number FROM entries_about($1, $3, $2) e"  # noqa: S608 - see above


# No join of pairs of the cells: its plan would depend on what is guessed of their number. And put
# in order as a whole: an index would be read for the order alone.
_FOUND = f"""
    SELECT * FROM (
      {_SAME} UNION ALL {_REPORTED.format("$4")} UNION ALL
      SELECT {STORED}, e.number FROM ledger_entry e
      WHERE e.cycle_id = $3 AND e.unit = ANY ($5::text[]) AND e.indicator = ANY ($6::text[])
        AND e.unit || ' ' || e.indicator = ANY ($7::text[]) AND e.state = ANY ($2::text[])) found
    ORDER BY number
    """  # noqa: S608 - names of our own


# Of a ledger that is sealed meanwhile the entries are those from before; the phase says so. Its
# row is what it is once nobody else holds it: so are the periods, which therefore stand in it.
_HELD = f"""
    WITH held AS MATERIALIZED (
      SELECT l.phase, l.periods::text, clock_timestamp() AS moment FROM (SELECT) always
      LEFT JOIN (SELECT phase, periods FROM ledger WHERE cycle_id = $3 FOR SHARE) l ON true)
    SELECT held.phase, held.periods, held.moment, timezone($4, held.moment)::date, NULL AS said,
      {STORED} FROM held LEFT JOIN ({_REPORTED.format("$1")}) e ON true
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, alike.*
    FROM ({ALIKE.format(subjects="$5", days="$6", documents="$7")}) alike
    """  # noqa: S608 - names of our own


_OF_LEDGER = 4
"""How many columns of the statement are about the ledger."""


async def sittings(db: AsyncSession, cycle_id: UUID, marks: Iterable[Draft]) -> list[Sitting]:
    """Return who has given marks from which seats of the panels that these marks are from, by
    marks that count or wait."""
    return await sittings_of(db, cycle_id, {mark.panel for mark in marks if mark.panel})


async def sittings_of(db: AsyncSession, cycle_id: UUID, panels: Collection[str]) -> list[Sitting]:
    """Return who has given marks from which seats of some panels, by marks that count or wait."""
    if not panels:
        return []
    keys = [f"{cycle_id} {panel}" for panel in sorted(panels)]
    driver = await driver_of(db)
    if driver.is_spread:
        rows = await driver.fetch(_SITTINGS.format(_LIES), keys, HELD, cycle_id)
    else:  # by the cycle as well, another plan would be made
        rows = await driver.fetch(_SITTINGS.format(""), keys, HELD)
    return [Sitting(panel, seat, person) for panel, seat, person in rows]


# From each seat and person to the next one by an index: of the marks of a panel, of which there may
# be a million, a few for each who gives them are read. By the expression of the index, so that no
# other one serves; and one by one, whatever is guessed of their number.
_LIES = "e.cycle_id::text = $3::uuid::text AND"
_NEXT = """
    SELECT e.panel, e.item, e.author_person FROM ledger_entry e
    WHERE {{0}} e.cycle_id::text || ' ' || e.panel = {} ORDER BY e.item, e.author_person LIMIT 1
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
      WHERE {{0}} e.cycle_id::text || ' ' || e.panel = of_panel AND e.item = seats.item
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
        unseen(row.cycle_id, cycle_id),
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
