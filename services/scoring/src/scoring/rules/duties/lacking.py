"""What has not been handed in, whenever it is due: told before nothing more is let in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from scoring.rules.duties.owed import Duty, Owed, answering, duties_of
from scoring.rules.duties.terms import HandedIn, terms_of
from scoring.rules.ledger.progress import cells_of
from scoring.rules.scheme.document import Category, Scheme


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


Unentered = Mapping[tuple[str, str], tuple[str, ...]]
"""By unit and indicator the periods of which nothing was handed in, in the order of the year."""


def combined(scheme: Scheme, categories: Iterable[Category] | None = None) -> Owed:
    """Return what is owed of the values of shorter periods that are put together: scores count
    without those that nobody enters, and say nothing of it. Of some categories where they are
    given."""
    asked = scheme.categories if categories is None else [*categories]
    codes = {
        (category.code, code)
        for category in asked
        for code, indicator in category.indicators().items()
        if indicator.combine is not None
    }
    if not codes:
        return {}
    return duties_of(
        each for each in cells_of(scheme, asked) if (each.category, each.indicator) in codes
    )


def unentered(owed: Owed, came: Iterable[HandedIn]) -> Unentered:
    """Return the periods that lack what is owed, by the unit and indicator that it is about."""
    found = dict[tuple[str, str], list[str]]()
    for each in lacking(owed, came):
        for unit in each.missing:
            found.setdefault((unit, each.duty.indicator), []).append(each.duty.period)
    return {about: tuple(dict.fromkeys(sorted(periods))) for about, periods in found.items()}
