"""Which cells have entries, and in which states."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from scoring.queries.duties import OF_SOME
from scoring.queries.signatures import SIGNED
from scoring.rules.ledger.entries import BY_OFFICE, MEASURED_VALUE, NOT_OWED
from scoring.rules.ledger.progress import Arrived
from scoring.rules.ledger.states import CHECKED, HELD, SUBMITTED
from scoring.rules.reports.lights import ACTUAL, StandingValue

_COUNTS = f"""{{0}}.kind NOT IN {NOT_OWED}
        AND ({{0}}.indicator <> ALL ($3) OR {{0}}.state NOT IN ('{SUBMITTED}', '{CHECKED}')
          OR {{0}}.panel IS NOT NULL OR {{0}}.author_unit = '{BY_OFFICE}' OR {{1}})"""
"""Whether an entry, by its alias and whether it was signed off, is one that is owed and was handed
in: what waits to be signed off was not."""

# State by state through the index that has them so: how much of a year has come is not guessed.
_ARRIVED = f"""
    SELECT e.unit, e.indicator, e.period, e.kind, e.state
    FROM unnest($2::text[]) AS of_state CROSS JOIN LATERAL (
      SELECT DISTINCT s.unit, s.indicator, s.period, s.kind, s.state
      FROM ledger_entry_standing s
      WHERE s.cycle_id = $1 AND s.state = of_state AND {_COUNTS.format("s", SIGNED.format("s", ""))}
      OFFSET 0) e
    """  # noqa: S608 - names of our own


_ARRIVED_ABOUT = f"""
    SELECT DISTINCT e.unit, e.indicator, e.period, e.kind, e.state
    FROM {OF_SOME.format("$4", "$5")}
    WHERE e.state = ANY ($2) AND {_COUNTS.format("e", SIGNED.format("e", ""))}
    """  # noqa: S608 - names of our own


async def arrived(
    db: AsyncSession,
    cycle_id: UUID,
    states: Collection[str],
    signed_for: Collection[str],
    about: Collection[tuple[str, str]] | None,
) -> list[Arrived]:
    """Return for which cells of a cycle, or `about` some units and indicators, there are entries in
    these states; what waits to be `signed_for` its indicator was not handed in yet."""
    asked: list[object] = [cycle_id, list(states), sorted(signed_for)]
    if about is not None:
        asked += [[unit for unit, _ in about], [indicator for _, indicator in about]]
    statement = _ARRIVED if about is None else _ARRIVED_ABOUT
    return [Arrived(*row) for row in await (await driver_of(db)).fetch(statement, *asked)]


async def standing_values(
    db: AsyncSession,
    cycle_id: UUID,
    at: dt.datetime,
    year: str,
    units: Collection[str],
    indicators: Collection[str],
    signed_for: Collection[str],
) -> list[StandingValue]:
    """Return the values for a year and its parts that stood at a moment: handed in, and signed off
    where they are `signed_for` their indicators, and neither returned nor taken out by then."""
    driver = await driver_of(db)
    about = sorted(units), sorted(indicators), list(HELD), sorted(signed_for)
    rows = await driver.fetch(_STANDING, cycle_id, at, year, *about)
    return [StandingValue(*row) for row in rows]


# The states of each entry are looked up by its key, whatever the planner guesses.
_STANDING = f"""
    SELECT e.unit, e.indicator, e.period, e.value, s.state, e.number
    FROM ledger_entry e CROSS JOIN LATERAL (
      SELECT l.state FROM ledger_entry_state l
      WHERE l.cycle_id = $1 AND l.entry_id = e.entry_id AND l.entered_at <= $2
      ORDER BY l.step DESC LIMIT 1) s
    WHERE e.cycle_id = $1 AND e.unit = ANY ($4) AND e.indicator = ANY ($5)
      AND starts_with(e.period, $3)
      AND e.kind = '{MEASURED_VALUE}' AND e.key = '{ACTUAL}' AND e.item IS NULL
      AND e.value IS NOT NULL AND s.state = ANY ($6)
      AND (e.indicator <> ALL ($7) OR s.state NOT IN ('{SUBMITTED}', '{CHECKED}')
        OR {SIGNED.format("e", " AND g.signed_at <= $2")})
    """  # noqa: S608 - names of our own
