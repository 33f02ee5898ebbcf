"""What had been handed in at a moment, and since when it counts."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.deadlines import Light, local_day
from chassis.pages import PageRequest
from scoring.rules.duties.cards import Card
from scoring.rules.duties.handing import Counting, first_of
from scoring.rules.duties.owed import Duty, HandedIn
from scoring.rules.ledger.entries import NOT_APPLICABLE, REVERSAL
from scoring.rules.ledger.states import HELD, SUBMITTED
from scoring.tables.duties import DutyCardRow


async def handed_in(
    db: AsyncSession,
    cycle_id: UUID,
    at: dt.datetime,
    time_zone: str,
    indicators: Collection[str] | None = None,
) -> list[HandedIn]:
    """Return for which units, indicators and periods something counted at a moment, and on which
    day in a time zone the first of it was handed in; for all indicators or for some.

    What was returned, taken back or taken out by then does not count. Marks from seats are left
    out.
    """
    codes = None if indicators is None else sorted(indicators)
    rows = await (await driver_of(db)).fetch(_COUNTING, cycle_id, at, list(HELD), codes)
    return [
        HandedIn(unit, indicator, period, local_day(moment, time_zone))
        for (unit, indicator, period), moment in first_of(map(Counting._make, rows)).items()
    ]


# The states of each entry are looked up by its key, whatever the planner guesses of a cycle that
# began after the last ANALYZE. `formerly` is the state before the last. Entries that follow others,
# or were followed, are told one by one, and all the rest as the first of its cell.
_COUNTING = f"""
    SELECT CASE WHEN former IS NOT NULL OR NOT counts THEN entry_id END, former, counts,
      unit, indicator, period, min(handed_in)
    FROM (
      SELECT e.entry_id, e.unit, e.indicator, coalesce(e.restates, e.replaces) AS former,
        CASE e.kind WHEN '{NOT_APPLICABLE}' THEN left(e.period, 4) ELSE e.period END AS period,
        s.handed_in, s.states[1] = ANY ($3) AS counts, s.states[2] = ANY ($3) AS counted
      FROM ledger_entry e CROSS JOIN LATERAL (
        SELECT max(l.entered_at) FILTER (WHERE l.state = '{SUBMITTED}') AS handed_in,
          array_agg(l.state ORDER BY l.step DESC) AS states
        FROM ledger_entry_state l
        WHERE l.cycle_id = $1 AND l.entry_id = e.entry_id AND l.entered_at <= $2 OFFSET 0) s
      WHERE e.cycle_id = $1 AND e.kind <> '{REVERSAL}' AND e.panel IS NULL
        AND ($4::text[] IS NULL OR e.indicator = ANY ($4))) known
    WHERE counts OR counted GROUP BY 1, 2, 3, 4, 5, 6
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
) -> Sequence[DutyCardRow]:
    """Return the cards of a page and one more, as they are ordered by duty: of some units or all,
    and of one light or all."""
    of = DutyCardRow
    place = of.unit, of.indicator, of.period, of.light
    query = select(of).where(of.cycle_id == cycle_id).order_by(*place).limit(page.limit + 1)
    if units is not None:
        query = query.where(of.unit.in_(units))
    if light is not None:
        query = query.where(of.light == light)
    if page.after is not None:
        after = page.after.split(",")
        if len(after) != len(place) or after[-1] not in [*Light]:
            raise page.no_such_place()
        query = query.where(tuple_(*place) > tuple(after))
    return (await db.scalars(query)).all()
