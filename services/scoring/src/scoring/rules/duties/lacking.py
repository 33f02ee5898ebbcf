"""What has not been handed in, whenever it is due: told before nothing more is let in."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scoring.rules.duties.owed import Duty, Owed, answering
from scoring.rules.duties.terms import HandedIn, terms_of


class Lacking(NamedTuple):
    """A duty of which something has not been handed in: about these of the expected units."""

    duty: Duty
    expected: int
    missing: tuple[str, ...]


def lacking(duties: Owed, came: Iterable[HandedIn]) -> Iterator[Lacking]:
    """Yield the duties of which something is missing, whenever it is due, in the order of the
    scheme."""
    arrived: dict[tuple[str, str], list[HandedIn]] = {}
    for each in came:
        arrived.setdefault((each.unit, each.indicator), []).append(each)
    for duty, units in duties.items():
        came_of = {u: answering(arrived.get((u, duty.indicator), ()), duty) for u in units}
        missing = tuple(
            unit
            for unit, wants in units.items()
            if terms_of(came_of[unit], wants)[-1].done_on is None
        )
        if missing:
            yield Lacking(duty, len(units), missing)
