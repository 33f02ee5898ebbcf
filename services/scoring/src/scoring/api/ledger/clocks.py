"""How late entries are (迟报), by the calendar as it is recorded by now."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from pydantic import MISSING
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.conditions import IfMatch
from chassis.deadlines import Calendar, local_day
from chassis.pages import PageRequest
from scoring.peers import ALWAYS, Peers
from scoring.queries.entries import Order, ShownEntry, Wanted, Way, entries_on_page
from scoring.queries.lateness import Late as WantedLate
from scoring.queries.lateness import terms_of
from scoring.rules.duties.lateness import Lateness, Term, due_again, due_days, lateness_of
from scoring.rules.duties.owed import years_of
from scoring.rules.ledger.signing import Signing
from scoring.rules.scheme.document import DutyPolicy

if TYPE_CHECKING:
    Late = bool | None
    LateBy = int | None
else:
    Late = bool | None | MISSING
    LateBy = int | None | MISSING
"""The types of what is told where lateness is asked for."""


MOST_LOOKED_AT, _AT_ONCE = 4_000, 500
"""How many entries are looked at for a page of those that were late, and how many at a time."""

MOST_YEARS = 3
"""How many years after its own a ledger is looked at for what was returned."""


class Clock(NamedTuple):
    """By which calendar a cycle's entries are due, in which time zone its days begin, and for which
    indicators they are signed off."""

    year: int
    time_zone: str
    calendar: Calendar
    policy: DutyPolicy
    signed_for: Collection[str]

    def late(self, is_wanted: bool) -> WantedLate:
        """Return the condition that entries were late, or were not."""
        first, last = dt.date(self.year, 1, 1), dt.date(self.year + MOST_YEARS, 12, 31)
        again = due_again(first, last, self.calendar, self.policy)
        due = due_days(self.year, self.calendar, self.policy)
        days = due, again, self.time_zone
        return WantedLate(is_wanted, *days, self.policy.exempt, self.signed_for)

    async def lateness(
        self, db: AsyncSession, cycle_id: UUID, entries: Iterable[ShownEntry]
    ) -> dict[UUID, Lateness]:
        """Return how late each of these entries is."""
        entries = [*entries]
        periods = {each.entry_id: each.period for each in entries}
        exempt = {each.entry_id for each in entries if each.indicator in self.policy.exempt}
        found = await terms_of(db, cycle_id, periods, self.signed_for)
        return {
            entry_id: lateness_of(
                periods[entry_id],
                self._terms(() if entry_id in exempt else terms),
                self.calendar,
                by_leave=by_leave,
                policy=self.policy,
            )
            for entry_id, (terms, by_leave) in found.items()
        }

    def _terms(self, terms: Iterable[tuple[dt.datetime | None, dt.datetime]]) -> list[Term]:
        zone = self.time_zone
        return [
            Term(None if returned is None else local_day(returned, zone), local_day(on, zone))
            for returned, on in terms
        ]

    async def beside(
        self, db: AsyncSession, cycle_id: UUID, entries: Iterable[ShownEntry]
    ) -> dict[UUID, dict[str, object]]:
        """Return what a list says of it beside each entry."""
        found = await self.lateness(db, cycle_id, entries)
        return {
            entry_id: {"late": each.late, "late_by_working_days": each.by}
            for entry_id, each in found.items()
        }


class FoundEntries(NamedTuple):
    """Entries of a page, what is told of how late they were, and where the next page begins."""

    entries: Sequence[ShownEntry]
    beside: dict[UUID, dict[str, object]]
    after: str | None


async def late_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: Sequence[Way] | None,
    wanted: Wanted,
    order: Order,
    clock: Clock,
    *,
    is_late: bool,
) -> FoundEntries:
    """Return the entries of a whole ledger that were late, or were not, as far as a page goes.

    No index serves that: of so many entries that are looked at a page has what it finds, which may
    be nothing although others follow.
    """
    told, beside = list[ShownEntry](), dict[UUID, dict[str, object]]()
    after, seen, more = page.after, 0, True
    while more and seen < MOST_LOOKED_AT and len(told) < page.limit:
        piece = PageRequest(_AT_ONCE, after)
        found = await entries_on_page(db, cycle_id, piece, ways, wanted, order)
        more, found = len(found) > _AT_ONCE, found[:_AT_ONCE]
        known = await clock.beside(db, cycle_id, found)
        for each in found:
            about = known.get(each.entry_id, {})
            if about.get("late") is is_late:
                if len(told) == page.limit:
                    more = True
                    break
                told.append(each)
                beside[each.entry_id] = about
            after, seen = str(each.entry_id), seen + 1
    return FoundEntries(told, beside, after if more else None)


async def clock_of(ask: Peers, cycle_id: UUID) -> Clock:
    """Return by which calendar the entries of a cycle are due."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    calendar = await ask.working_days(years_of(scheme.assessment_year), ALWAYS)
    about = scheme.assessment_year, scheme.time_zone, calendar, scheme.duties
    return Clock(*about, Signing(scheme).indicators)


async def clock_for(ask: Peers, cycle_id: UUID, same: IfMatch) -> Clock | None:
    """Return the same where a command looks at an entry as it was read; nobody is asked for it
    while the ledger is held."""
    return None if same.tags is None else await clock_of(ask, cycle_id)
