"""What has not been handed in, whenever it is due: told before nothing more is let in."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from scoring.rules.duties.owed import Duty, Owed, answering, duties_of
from scoring.rules.duties.terms import HandedIn, terms_of
from scoring.rules.ledger.progress import cells_of
from scoring.rules.scheme.document import Category, Indicator, Scheme


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


def by_the_latest(scheme: Scheme) -> frozenset[tuple[str, str]]:
    """Return by unit and indicator which values of a year are the latest of their periods, whatever
    was entered before: a period without a value costs nothing there once a later one has its own.
    """
    return frozenset(
        (unit, code)
        for category in scheme.categories
        for code, indicator in category.indicators().items()
        if _takes_the_latest(indicator)
        for unit in category.units
    )


def _takes_the_latest(indicator: Indicator) -> bool:
    last = indicator.combine == "last" and indicator.combine_requires is None
    return last and not indicator.period_params and not _goes_by_periods(indicator.params)


def _goes_by_periods(params: object) -> bool:
    """Say whether parameters, or those of a component, have it scored by parts of the year."""
    if isinstance(params, Mapping):
        named = "period" in params or "periods" in params
        return named or any(map(_goes_by_periods, params.values()))
    return isinstance(params, list | tuple) and any(map(_goes_by_periods, params))


def unentered(
    owed: Owed, came: Iterable[HandedIn], latest: Collection[tuple[str, str]] = ()
) -> Unentered:
    """Return the periods that lack what is owed, by the unit and indicator that it is about; of
    those that go by the `latest` one that is entered, the periods after it."""
    found = dict[tuple[str, str], set[str]]()
    for each in lacking(owed, came):
        for unit in each.missing:
            found.setdefault((unit, each.duty.indicator), set()).add(each.duty.period)
    last = _last_entered(owed, found, latest) if latest else {}
    left = {
        about: tuple(each for each in sorted(periods) if each > last.get(about, ""))
        for about, periods in found.items()
    }
    return {about: periods for about, periods in left.items() if periods}


def _last_entered(
    owed: Owed, missing: Mapping[tuple[str, str], Set[str]], asked: Collection[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return the last period that lacks nothing, by those units and indicators that are asked for
    and lack some."""
    periods = sorted(
        (duty.period, (unit, duty.indicator)) for duty, units in owed.items() for unit in units
    )
    return {
        about: period
        for period, about in periods
        if about in missing and about in asked and period not in missing[about]
    }
