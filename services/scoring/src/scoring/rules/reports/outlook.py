"""The outlook of a unit (前景): points lost and why, points still open, and its rank.

The rank is for the office: until the release a unit is told nothing of the others, no rank, no
number and no distance. What it is told of its losses comes from its own reading.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from scoring.rules.columns.exact import half_up, show
from scoring.rules.explanation.in_chinese import OWN_FORMULA
from scoring.rules.explanation.steps import INDICATOR, BilingualText, Step
from scoring.rules.methods.chinese import rule_zh
from scoring.rules.scheme.document import CalendarStep, Scheme

DEDUCTED = frozenset({"deduct_events"})
"""Methods under which points that are lost do not come back."""

ZERO, PLACES = Fraction(0), 4

_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "twice_a_year": 6}
"""How many months a period of a frequency has; every other one has the year."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a scheme says about time: its year, its calendar, and how often what is observed.

    `frequencies` are by category and indicator; days are those of the `time_zone`.
    """

    assessment_year: int
    calendar: tuple[CalendarStep, ...]
    frequencies: Mapping[str, Mapping[str, str]]
    time_zone: str = "Asia/Shanghai"


UNKNOWN = Timetable(1, (), {})
"""The timetable of a score sheet that did not keep one: every period over, no day ahead."""


def timetable_of(scheme: Scheme, categories: Collection[str]) -> Timetable:
    """Return what the scheme says about time, for these of its categories."""
    return Timetable(
        scheme.assessment_year,
        scheme.calendar,
        {
            category.code: {
                code: indicator.frequency for code, indicator in category.indicators().items()
            }
            for category in scheme.categories
            if category.code in categories
        },
        scheme.time_zone,
    )


@dataclass(frozen=True, slots=True)
class RankAmongUnits:
    """A unit's rank among those of its category that have a total; None where it has none.

    `above` and `equal` count other units. `to_next_above` are the points to the next higher total,
    None for the best.
    """

    compared: int
    rank: int | None
    above: int
    equal: int
    to_next_above: Decimal | None


@dataclass(frozen=True, slots=True)
class Loss:
    """Points that an indicator, a deduction or an excess cost, and why; `worth` is what a point
    of them is in the total."""

    kind: str
    code: str
    name: str
    points: Decimal | None
    score: Decimal
    lost: Decimal
    formula: str | None
    reason: BilingualText
    worth: Fraction


@dataclass(frozen=True, slots=True)
class Chance:
    """Points of an indicator that can still be won or lost within `open_periods`.

    `to_win` is what results so far call open, `worth` what a point of it is in the total. `missing`
    says what has not been entered.
    """

    indicator: str
    name: str
    points: Decimal
    score: Decimal | None
    open_periods: tuple[str, ...]
    to_win: Decimal
    to_lose: Decimal
    missing: tuple[BilingualText, ...]
    worth: Fraction


class StillOpen(Protocol):
    """How far an indicator is: the most that can still be won, and in which periods."""

    @property
    def open(self) -> Decimal | None:
        """The points that can still be won."""

    @property
    def open_periods(self) -> tuple[str, ...]:
        """The periods that are not settled."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day ahead: `what` opens, closes, is due or takes place (`date`); `days` from today."""

    step: str
    name: str
    what: str
    on: dt.date
    days: int


def rank_among(own: Decimal | None, others: Iterable[Decimal | None]) -> RankAmongUnits:
    """Return the rank of a total among the other totals of its category."""
    known = [total for total in others if total is not None]
    if own is None:
        return RankAmongUnits(len(known), None, 0, 0, None)
    above = [total for total in known if total > own]
    return RankAmongUnits(
        compared=len(known) + 1,
        rank=len(above) + 1,
        above=len(above),
        equal=known.count(own),
        to_next_above=min(above) - own if above else None,
    )


def losses(tree: Step, only: Collection[str] | None = None) -> list[Loss]:
    """Return what cost the unit points, the most costly first; of these indicators `only`."""
    found = [loss for each in _chosen(tree, only) for loss in _loss(*each)]
    return sorted(found, key=lambda loss: -Fraction(loss.lost) * loss.worth)


def of_total(found: Iterable[tuple[Decimal, Fraction]], like: Decimal | None) -> Decimal:
    """Return what points are in a total, by what each is worth there; where that is a fraction to
    as many places as the total has."""
    listed = list(found)
    if all(worth == 1 for _, worth in listed):
        return sum((points for points, _ in listed), Decimal(0))
    places = max(-int(like.as_tuple().exponent), 0) if like is not None else PLACES
    return half_up(sum((Fraction(points) * worth for points, worth in listed), ZERO), places)


def _chosen(tree: Step, only: Collection[str] | None) -> Iterator[tuple[Step, Fraction]]:
    for step, worth in tree.weighed():
        if only is None or (step.kind == INDICATOR and step.code in only):
            yield step, worth


def _loss(step: Step, worth: Fraction) -> Iterator[Loss]:
    whole = step.points or Decimal(0) if step.kind == INDICATOR else Decimal(0)
    if step.score is None or step.score >= whole:
        return
    yield Loss(
        step.kind,
        step.code,
        step.name,
        step.points,
        step.score,
        whole - step.score,
        step.formula,
        step.reason or _why(step, whole),
        worth,
    )


def _why(step: Step, whole: Decimal) -> BilingualText:
    score, rule = show(step.score or Decimal(0)), step.rule or ""
    formula = step.method in OWN_FORMULA
    rule_in_chinese = rule_zh(rule, formula=formula)
    if step.kind != INDICATOR:
        return BilingualText(f"{rule}: {score}.", f"{rule_in_chinese}：合计{score}分。")
    en = f": {step.formula}" if step.formula else ""
    zh = f"；计算：{rule_zh(step.formula, formula=formula)}" if step.formula else ""
    return BilingualText(
        f"{score} of {show(whole)} points by {rule}{en}.",
        f"得{score}分（满分{show(whole)}分）；规则：{rule_in_chinese}{zh}。",
    )


def chances(
    tree: Step, still: Mapping[str, StillOpen], only: Collection[str] | None = None
) -> list[Chance]:
    """Return what can still change, by how far each indicator is: what has an open period, or no
    score; of these indicators `only`."""
    found = [
        _chance(step, still[step.code], worth)
        for step, worth in _chosen(tree, only)
        if step.kind == INDICATOR and step.points and step.code in still
    ]
    return [each for each in found if each.open_periods or each.score is None]


def _chance(step: Step, still: StillOpen, worth: Fraction) -> Chance:
    return Chance(
        indicator=step.code,
        name=step.name,
        points=step.points or Decimal(0),
        score=step.score,
        open_periods=still.open_periods,
        to_win=still.open or Decimal(0),
        to_lose=max(step.score or Decimal(0), Decimal(0)),
        missing=tuple(gap for each in step.walk() for gap in each.missing),
        worth=worth,
    )


def open_periods(frequency: str, year: int, today: dt.date) -> tuple[str, ...]:
    """Return the periods of a year, at that frequency, that are not over today."""
    months = _MONTHS.get(frequency, 12)
    lasts = range(months, 13, months)
    return tuple(_name(year, months, last) for last in lasts if today <= _end(year, last))


def _name(year: int, months: int, last: int) -> str:
    if months == 1:
        return f"{year}-{last:02}"
    word = {3: "Q", 6: "H"}.get(months)
    return f"{year}{word}{last // months}" if word else str(year)


def _end(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def deadlines(calendar: Sequence[CalendarStep], today: dt.date) -> list[Deadline]:
    """Return the days of the calendar that lie ahead, today among them, the next first."""
    found = [
        Deadline(step.step, step.name, what, on, (on - today).days)
        for step in calendar
        for what in ("date", "opens", "closes", "due")
        if (on := getattr(step, what)) is not None and on >= today
    ]
    return sorted(found, key=lambda one: (one.on, one.step, one.what))
