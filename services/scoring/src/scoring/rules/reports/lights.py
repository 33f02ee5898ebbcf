"""Progress lights (进度灯): what was reached so far, held against what was planned by then.

Against the target of the whole year everything would be red until December. So the scheme says
which share of it is to be reached by the end of a period, and the light of a day goes by the last
period of that plan that is over: seasonal work has its own shares. As is usual, 95 % of the
plan is green and 85 % yellow. Where values of shorter periods are put together (`combine`), those
count that lie within what is over.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from operator import attrgetter

from scoring.rules.columns.exact import ended, half_up, show
from scoring.rules.ledger.entries import combined_from, span_of
from scoring.rules.ledger.states import LOCKED, VERIFIED
from scoring.rules.scheme.document import Category, Indicator, Scheme, Target

GREEN_FROM, YELLOW_FROM = Fraction(95, 100), Fraction(85, 100)
"""From which part of the plan on a light is green, and yellow; below that it is red."""


_PLACES = 12
"""The most decimals that are shown of a mean that does not end."""

ACTUAL = "actual"
"""The key of the value that methods with a target hold against it."""


class ProgressLight(StrEnum):
    """How what was reached compares with what was planned by then."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Unlit(StrEnum):
    """Why there is no light."""

    NOT_BEGUN = "no_period_over"
    NO_TARGET = "no_target"
    NO_VALUE = "no_value"


@dataclass(frozen=True, slots=True)
class Milestone:
    """Which share of the target is to be reached by the end of a period."""

    period: str
    ends: dt.date
    share: Decimal


@dataclass(frozen=True, slots=True)
class StandingValue:
    """A value that stood at a moment: handed in, and neither returned nor taken out by then."""

    unit: str
    indicator: str
    period: str
    value: Decimal
    state: str
    number: int


@dataclass(frozen=True, slots=True)
class Reached:
    """What counts of a unit and indicator: a value, and the state of the least settled part."""

    value: Decimal | Fraction
    state: str


@dataclass(frozen=True, slots=True)
class Progressing:
    """How far a unit is with an indicator: what it was to reach by the last period of the plan that
    is over, what it reached, the part of the plan that this is, and the light.

    `planned`, `value` and `part` are None where they are not known, and `unlit` says why there is
    no light. `part` is the value by the plan, or the plan by the value where less is better.
    """

    category: str
    unit: str
    indicator: Indicator
    milestone: Milestone | None
    target: Decimal | None
    planned: Decimal | None
    value: Decimal | None
    state: str | None
    part: Fraction | None
    light: ProgressLight | None
    unlit: Unlit | None


def milestones(indicator: Indicator, year: int) -> list[Milestone]:
    """Return the plan of an indicator in the order of time; the end of the year closes it."""
    found = dict[dt.date, Milestone]()
    for ending, share in {**indicator.progress_plan, "": Decimal(1)}.items():
        period = f"{year}{ending}"
        ends = span_of(period)[1]
        found.setdefault(ends, Milestone(period, ends, share))
    return [found[ends] for ends in sorted(found)]


def last_over(steps: Iterable[Milestone], day: dt.date) -> Milestone | None:
    """Return the last step of a plan whose period is over on a day; None before the first is."""
    return max((s for s in steps if s.ends < day), key=attrgetter("ends"), default=None)


def light_of(
    value: Decimal | Fraction, planned: Decimal, *, less_is_better: bool
) -> tuple[Fraction | None, ProgressLight]:
    """Return which part of the plan a value is, and its light.

    There is no part where that would divide by nothing or less: then the plan is kept or not.
    """
    above, below = (planned, value) if less_is_better else (value, planned)
    if below <= 0:
        kept = value <= planned if less_is_better else value >= planned
        return None, ProgressLight.GREEN if kept else ProgressLight.RED
    part = Fraction(above) / Fraction(below)
    if part >= GREEN_FROM:
        return part, ProgressLight.GREEN
    return part, ProgressLight.YELLOW if part >= YELLOW_FROM else ProgressLight.RED


def cut(part: Fraction) -> Decimal:
    """Return a part with four decimals, never rounded up: below a line it is shown below it."""
    return Decimal(part.numerator * 10_000 // part.denominator).scaleb(-4)


def _shown(value: Decimal | Fraction) -> Decimal:
    """Return a number that was reached, an endless one with twelve decimals."""
    if isinstance(value, Decimal):
        return value
    ends = ended(value)
    return ends if isinstance(ends, Decimal) else half_up(value, _PLACES)


def progressing(
    scheme: Scheme,
    targets: Iterable[Target],
    values: Iterable[StandingValue],
    day: dt.date,
) -> list[Progressing]:
    """Return how far all units are with all indicators that have a plan, in the scheme's order."""
    aims = {(t.unit, t.indicator): t.target for t in targets if t.item is None}
    reached = _by_period(values)
    return [
        _one(category, unit, indicator, scheme.assessment_year, aims, reached, day)
        for category in scheme.categories
        for indicator in planned(category)
        for unit in category.units
    ]


def planned(category: Category) -> list[Indicator]:
    """Return the indicators of a category that have a plan of progress."""
    return [each for each in category.indicators().values() if each.progress_plan]


_SETTLED = frozenset({VERIFIED, LOCKED})


def _by_period(
    values: Iterable[StandingValue],
) -> dict[tuple[str, str], dict[str, StandingValue]]:
    """Return what counts of each unit and indicator by period: what somebody else verified before
    what waits for that, of equals what came last."""
    found: dict[tuple[str, str], dict[str, StandingValue]] = {}
    for each in sorted(values, key=lambda v: (v.state in _SETTLED, v.number)):
        found.setdefault((each.unit, each.indicator), {})[each.period] = each
    return found


def reached_by(
    indicator: Indicator, year: int, values: Mapping[str, StandingValue], step: Milestone | None
) -> Reached | None:
    """Return what was reached: the year's value, or what the values of the shorter periods come to
    that are over with a step of the plan; None where there is none."""
    periods = combined_from(indicator, str(year))
    if not periods:
        found = values.get(str(year))
        return None if found is None else Reached(found.value, found.state)
    ends = dt.date.min if step is None else step.ends
    parts = [values[p] for p in periods if p in values and span_of(p)[1] <= ends]
    if not parts:
        return None
    least = min(parts, key=lambda each: each.state in _SETTLED)
    return Reached(_together([Fraction(each.value) for each in parts], indicator), least.state)


def _together(values: Sequence[Fraction], indicator: Indicator) -> Fraction:
    if indicator.combine == "last":
        return values[-1]
    whole = sum(values, Fraction(0))
    return whole / len(values) if indicator.combine == "mean" else whole


def _one(
    category: Category,
    unit: str,
    indicator: Indicator,
    year: int,
    aims: Mapping[tuple[str, str], Decimal | None],
    reached: Mapping[tuple[str, str], Mapping[str, StandingValue]],
    day: dt.date,
) -> Progressing:
    step = last_over(milestones(indicator, year), day)
    target, held = aims.get((unit, indicator.code)), reached.get((unit, indicator.code), {})
    got = reached_by(indicator, year, held, step)
    goal = None if step is None or target is None else Decimal(show(target * step.share))
    part = light = unlit = None
    if step is None:
        unlit = Unlit.NOT_BEGUN
    elif goal is None:
        unlit = Unlit.NO_TARGET
    elif got is None:
        unlit = Unlit.NO_VALUE
    else:
        lower = indicator.parameters_of(unit).word("direction", "higher") == "lower"
        part, light = light_of(got.value, goal, less_is_better=lower)
    value, state = (None, None) if got is None else (_shown(got.value), got.state)
    return Progressing(
        category.code, unit, indicator, step, target, goal, value, state, part, light, unlit
    )
