"""From when until when it counts what a unit handed in, where entries follow one another."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from scoring.rules.duties.terms import Slot
from scoring.rules.ledger.states import HELD, REPLACED, SUBMITTED

About = tuple[str, str, str, Slot | None, bool]
"""A unit, an indicator, a period, which of several values, and whether it is that the indicator
does not apply."""


class Moved(NamedTuple):
    """An entry with the states that it has been in, and when it came into each; it `former`ly was
    another that it takes the place of. `signed_at` is when it was signed off, where it has to be.
    """

    entry_id: UUID
    former: UUID | None
    about: About
    states: Sequence[str]
    moments: Sequence[dt.datetime]
    signed_at: dt.datetime | None = None


class Counted(NamedTuple):
    """From when until when something counted; None is still."""

    about: About
    since: dt.datetime
    until: dt.datetime | None


def counted(entries: Iterable[Moved]) -> Iterator[Counted]:
    """Yield from when until when entries counted.

    What takes the place of an entry that counted goes on from the moment of that one: a newer form
    of an outside record was not late. An entry about something else is not gone on from.
    """
    found = {each.entry_id: each for each in entries}
    for each in found.values():
        spans = [*_spans(each)]
        if spans and (moment := _goes_on_from(each, found)) is not None:
            spans[0] = (moment, spans[0][1])
        for since, until in spans:
            begun = since if each.signed_at is None else max(since, each.signed_at)
            if until is None or begun <= until:
                yield Counted(each.about, begun, until)


def _spans(entry: Moved) -> Iterator[tuple[dt.datetime, dt.datetime | None]]:
    since: dt.datetime | None = None
    for state, moment in zip(entry.states, entry.moments, strict=True):
        if since is None and state in HELD:
            since = moment
        elif since is not None and state not in HELD:
            yield since, moment
            since = None
    if since is not None:
        yield since, None


def _goes_on_from(entry: Moved, found: Mapping[UUID, Moved]) -> dt.datetime | None:
    """Return when the entry ended that one has taken the place of at once; None where that did not
    count then, or was about something else."""
    former = found.get(entry.former) if entry.former is not None else None
    if former is None or former.about != entry.about or entry.states[0] != SUBMITTED:
        return None
    at_once = former.states[-1] == REPLACED and former.states[-2] in HELD
    return former.moments[-1] if at_once else None
