"""What had been handed in at a moment, and since when it counts."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.deadlines import local_day
from chassis.pages import PageRequest
from scoring.rules.duties.cards import Card
from scoring.rules.duties.handing import Moved, counted
from scoring.rules.duties.owed import Duty
from scoring.rules.duties.terms import HandedIn
from scoring.rules.ledger.entries import (
    BY_OFFICE,
    EVENT,
    NOT_APPLICABLE,
    NOT_OWED,
    REVERSAL,
)
from scoring.rules.ledger.states import DRAFT, HELD, SUBMITTED, VERIFIED
from scoring.tables.duties import DutyCardEventRow, DutyCardRow


async def handed_in(
    db: AsyncSession,
    cycle_id: UUID,
    at: dt.datetime,
    time_zone: str,
    about: Collection[tuple[str, str]] | None = None,
    *,
    signed: Collection[str] = (),
) -> list[HandedIn]:
    """Return for which units, indicators, periods and values something had counted by a moment:
    from which day on in a time zone, and until which; of a whole ledger, or `about` some units and
    indicators.

    What was returned, taken back or taken out by then counted until that day; what is entered for
    the indicators in `signed` counts from when it was signed off, unless it was verified without.
    Marks from seats are left out.
    """
    asked: list[object] = [cycle_id, at, list(HELD), sorted(signed)]
    if about is not None:
        asked += [[unit for unit, _ in about], [indicator for _, indicator in about]]
    statement = _COUNTING.format(_OF_ALL if about is None else OF_SOME.format("$5", "$6"))
    rows = await (await driver_of(db)).fetch(statement, *asked)
    moved, found = list[Moved](), list[HandedIn]()
    for entry_id, former, *told, began, states, moments, signed_at in map(tuple, rows):
        unit, indicator, period, kind, key, item = told
        slot = (key, item) if kind is None else None
        whole = kind == NOT_APPLICABLE
        if entry_id is None:
            on = local_day(began, time_zone)
            found.append(HandedIn(unit, indicator, period, on, None, slot, whole))
        else:
            of = (unit, indicator, period, slot, whole)
            moved.append(Moved(entry_id, former, of, states, moments, signed_at))
    for (unit, indicator, period, slot, whole), since, until in counted(moved):
        on, end = local_day(since, time_zone), until and local_day(until, time_zone)
        found.append(HandedIn(unit, indicator, period, on, end, slot, whole))
    return found


_OF_ALL = "ledger_entry e"

# One by one, whatever the planner guesses.
OF_SOME = """unnest({}::text[], {}::text[]) about(unit, indicator) CROSS JOIN LATERAL (
        SELECT * FROM ledger_entry o WHERE o.cycle_id = $1
          AND o.unit = about.unit AND o.indicator = about.indicator OFFSET 0) e"""
"""The entries about some units and indicators."""

# The states of each entry are looked up by its key, whatever the planner guesses of a cycle that
# began after the last ANALYZE. Entries that have left the states in which they count, or that
# follow others, are told one by one, and all the rest as the first of its kind.
_COUNTING = f"""
    SELECT CASE WHEN plain THEN NULL ELSE entry_id END, CASE WHEN plain THEN NULL ELSE former END,
      unit, indicator, period, kind, key, item, min(began),
      CASE WHEN plain THEN NULL ELSE states END, CASE WHEN plain THEN NULL ELSE moments END,
      CASE WHEN plain THEN NULL ELSE signed_at END
    FROM (
      SELECT e.entry_id, e.unit, e.indicator, coalesce(e.restates, e.replaces) AS former,
        CASE e.kind WHEN '{NOT_APPLICABLE}' THEN left(e.period, 4) ELSE e.period END AS period,
        CASE WHEN e.kind IN ('{NOT_APPLICABLE}', '{EVENT}') THEN e.kind END AS kind,
        CASE WHEN e.kind <> '{EVENT}' THEN e.key END AS key,
        CASE WHEN e.kind <> '{EVENT}' THEN e.item END AS item,
        greatest(s.began, g.signed_at) AS began, s.states, s.moments, g.signed_at,
        coalesce(e.restates, e.replaces) IS NULL AND s.stayed AS plain
      FROM {{}} CROSS JOIN LATERAL (
        SELECT min(l.entered_at) FILTER (WHERE l.state = '{SUBMITTED}') AS began,
          bool_and(l.state = ANY ($3) OR l.state = '{DRAFT}') AS stayed,
          array_agg(l.state ORDER BY l.step) AS states,
          array_agg(l.entered_at ORDER BY l.step) AS moments
        FROM ledger_entry_state l
        WHERE l.cycle_id = $1 AND l.entry_id = e.entry_id AND l.entered_at <= $2 OFFSET 0) s
      LEFT JOIN entry_signature g
        ON g.cycle_id = e.cycle_id AND g.entry_id = e.entry_id AND g.signed_at <= $2
          AND e.indicator = ANY ($4)
      WHERE e.cycle_id = $1 AND e.kind NOT IN {(REVERSAL, *NOT_OWED)}
        AND e.panel IS NULL AND s.began IS NOT NULL
        AND (g.signed_at IS NOT NULL OR e.indicator <> ALL ($4) OR e.author_unit = '{BY_OFFICE}'
          OR '{VERIFIED}' = ANY (s.states))) known
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12
    """  # noqa: S608 - names of our own


async def known_cards(db: AsyncSession, cycle_id: UUID) -> set[tuple[Duty, str]]:
    """Return of which duties which lights have been written."""
    of = DutyCardRow
    query = select(of.unit, of.indicator, of.period, of.light).where(of.cycle_id == cycle_id)
    return {(Duty(*duty), light) for *duty, light in await db.execute(query)}


async def add_cards(db: AsyncSession, cycle_id: UUID, cards: Sequence[Card]) -> None:
    """Add cards that are not there yet; the key refuses what is."""
    columns = zip(*((*c.duty, str(c.light), c.due, c.shown_on) for c in cards), strict=True)
    await (await driver_of(db)).execute(_ADD, cycle_id, *map(list, columns))


_ADD = """
    INSERT INTO duty_card (cycle_id, unit, indicator, period, light, due, shown_on)
    SELECT $1, * FROM
      unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[])
    """


async def cards_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    units: Collection[str] | None,
    light: str | None,
) -> Sequence[tuple[DutyCardRow, DutyCardEventRow | None]]:
    """Return the cards of a page and one more, as they are ordered by duty, each with what has
    become of it: of some units or all, and of one light or all."""
    of, event = DutyCardRow, DutyCardEventRow
    place = of.unit, of.indicator, of.period, of.light
    same = tuple_(event.cycle_id, event.unit, event.indicator, event.period, event.light)
    both = select(of, event).outerjoin(event, same == tuple_(of.cycle_id, *place))
    query = both.where(of.cycle_id == cycle_id).order_by(*place).limit(page.limit + 1)
    if units is not None:
        query = query.where(of.unit.in_(units))
    if light is not None:
        query = query.where(of.light == light)
    if page.after is not None:
        after = tuple(page.after.split(","))
        # A card stays for ever, so that the place is one of this very list.
        shown = query.with_only_columns(of.unit).where(tuple_(*place) == after)
        if len(after) != len(place) or await db.scalar(shown.limit(1)) is None:
            raise page.no_such_place()
        query = query.where(tuple_(*place) > after)
    return [(card, became) for card, became in await db.execute(query)]
