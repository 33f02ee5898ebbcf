"""Questions about when entries were handed in, and whether they were late or lack evidence."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from scoring.rules.ledger.entries import NOT_OWED, REVERSAL, ZERO_REPORT
from scoring.rules.ledger.source_refs import TAKEN_OUT

if TYPE_CHECKING:
    from scoring.queries.entries import Question


class HandedIn(NamedTuple):
    """When an entry was handed in, first and after each time that it was returned, and whether it
    came in by leave."""

    terms: list[tuple[dt.datetime | None, dt.datetime]]
    by_leave: bool


async def terms_of(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID], signed_for: Collection[str]
) -> dict[UUID, HandedIn]:
    """Return when each of some entries was handed in, and signed off where it is `signed_for` its
    indicator; of those that are not there are no terms."""
    asked = cycle_id, list(ids), sorted(signed_for)
    rows = await (await driver_of(db)).fetch(_TERMS, *asked) if ids else ()
    found = dict[UUID, HandedIn]()
    for entry_id, by_leave, returned, handed_in in map(tuple, rows):
        terms = found.setdefault(entry_id, HandedIn([], by_leave)).terms
        if handed_in is not None:
            terms.append((returned, handed_in))
    return found


_BY_LEAVE = "EXISTS (SELECT FROM late_entry t WHERE t.cycle_id = $1 AND t.entry_id = {})"

_TERMS = f"""
    SELECT each, {_BY_LEAVE.format("each")}, term.returned, term.handed_in
    FROM unnest($2::uuid[]) each LEFT JOIN LATERAL entry_terms($1, each, $3) term
      ON NOT EXISTS (SELECT FROM ledger_entry k
        WHERE k.cycle_id::text = $1::uuid::text AND k.entry_id = each AND k.kind IN {NOT_OWED})
    """  # noqa: S608 - names of our own


class Late(NamedTuple):
    """That entries are asked for which were late, or were not.

    `due` is by period the last day in time, `again` by the day on which something was returned;
    days are those of a time zone. Indicators that are `exempt` are never late; what is entered for
    others may have to be `signed_for`.
    """

    is_wanted: bool
    due: Mapping[str, dt.date]
    again: Mapping[dt.date, dt.date]
    time_zone: str
    exempt: Collection[str] = ()
    signed_for: Collection[str] = ()

    def holds(self, asked: "Question") -> str:
        """Return the condition that an entry is asked for: what is not handed in is neither."""
        due = asked.given(orjson.dumps(self.due).decode(), "jsonb")
        days = orjson.dumps(self.again, option=orjson.OPT_NON_STR_KEYS).decode()
        again, zone = asked.given(days, "jsonb"), asked.given(self.time_zone, "text")
        word = "" if self.is_wanted else "NOT "
        exempt = asked.given([*self.exempt], "text[]")
        signed_for = asked.given(sorted(self.signed_for), "text[]")
        return f"""coalesce((SELECT {word}(bool_or(timezone({zone}, handed_in)::date > greatest(
              ({due} ->> e.period)::date,
              ({again} ->> timezone({zone}, returned)::date::text)::date))
            OR {_BY_LEAVE.format("e.entry_id")})
          FROM entry_terms($1, e.entry_id, {signed_for}) HAVING count(handed_in) > 0), false)
          AND e.indicator <> ALL ({exempt}) AND e.kind NOT IN {NOT_OWED}"""  # noqa: S608 - names of our own


Words = tuple[Collection[str], Mapping[str, Collection[str]]]
"""Units, with the kinds and keys by indicator of which evidence is wanted."""


class Lacking(NamedTuple):
    """That entries are asked for which want evidence and name none; or all others."""

    is_wanted: bool
    groups: Collection[Words]

    def holds(self, asked: "Question") -> str:
        """Return the condition that an entry is asked for: of such as may still count."""
        group_of = {unit: n for n, (units, _) in enumerate(self.groups) for unit in units}
        words = [{code: [*each] for code, each in of.items()} for _, of in self.groups]
        known = asked.given(orjson.dumps(words).decode(), "jsonb")
        group = asked.given(orjson.dumps(group_of).decode(), "jsonb")
        said = f"({known} -> ({group} ->> l.unit)::int -> l.indicator)"
        gone = ", ".join(f"'{state}'" for state in TAKEN_OUT)
        wants = f"""l.kind <> '{REVERSAL}' AND l.state NOT IN ({gone}) AND coalesce(
            jsonb_exists({said}, l.key) OR (jsonb_exists({said}, l.kind)
              AND l.key IS DISTINCT FROM '{ZERO_REPORT}'), false)"""
        lacks = f"""(SELECT {wants} AND NOT EXISTS (SELECT FROM entry_evidence n
              WHERE n.cycle_id = $1 AND n.entry_id = e.entry_id)
            FROM ledger_entry l
            WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = e.entry_id)"""  # noqa: S608 - names of our own
        return lacks if self.is_wanted else f"NOT {lacks}"
