"""What a panel member's own marks look like (评分分布): nobody else's have a part in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import half_up, root
from scoring.rules.reports.strictness import PLACES, mean, variance
from scoring.rules.scheme.compiled import EntryForm
from scoring.rules.scheme.document import Category, Scheme, Seat

_PARTS = 10
"""Into how many equal parts the scale is divided where no rubric says what marks mean."""


@dataclass(frozen=True, slots=True)
class GivenMark:
    """A mark that was given from a seat of a panel; without value where its member did not know."""

    unit: str
    indicator: str
    panel: str
    seat: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class MarkedStep:
    """How many marks lie from `low` to `high`.

    `text` is what the rubric says of them. Without a rubric the scale is in ten equal parts, and a
    mark on the bound of two is in the higher one.
    """

    low: Decimal
    high: Decimal
    text: str | None
    marks: int


@dataclass(frozen=True, slots=True)
class SeatMarks:
    """The marks that were given from one seat for one indicator of a category, and handed in.

    `unknown` said not to know; `open` are the units that still wait for a mark, whether or not the
    indicator applies to them. `spread` is the standard deviation. `beside` are marks that lie in no
    step of the rubric, `lowest_marks` and `highest_marks` those that need a comment, null where
    none do.
    """

    category: str
    indicator: str
    name: str
    panel: str
    seat: str
    marks: int
    unknown: int
    open: tuple[str, ...]
    mean: Decimal | None
    spread: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    steps: tuple[MarkedStep, ...]
    beside: int
    lowest_marks: int | None
    highest_marks: int | None


def seats_of(scheme: Scheme, account: str, unit: str | None) -> Mapping[str, Seat]:
    """Return the seat that an account of a unit holds, by panel; it holds one at most in each."""
    return {
        panel.code: seat
        for panel in scheme.panels
        for seat in panel.seats
        if (seat.account, seat.unit) == (account, unit)
    }


def own_marks(
    scheme: Scheme, seats: Mapping[str, Seat], given: Iterable[GivenMark]
) -> list[SeatMarks]:
    """Return the distribution of the marks of some seats, by indicator in the scheme's order.

    `seats` are those that the caller holds, by panel, `given` the marks that it has given.
    """
    by_indicator: dict[tuple[str, str, str], list[GivenMark]] = {}
    for mark in given:
        by_indicator.setdefault((mark.indicator, mark.panel, mark.seat), []).append(mark)
    found = list[SeatMarks]()
    for category in scheme.categories:
        indicators = category.indicators()
        for each in scheme.compiled.of(category.code).indicators:
            form = each.takes
            seat = seats.get(form.panel or "") if form is not None else None
            if form is None or form.panel is None or seat is None:
                continue
            marks = by_indicator.get((each.indicator, form.panel, seat.seat), [])
            named = (each.indicator, indicators[each.indicator].name)
            found.append(_of_one(category, named, seat, form, marks))
    return found


def _of_one(
    category: Category,
    named: tuple[str, str],
    seat: Seat,
    form: EntryForm,
    given: Sequence[GivenMark],
) -> SeatMarks:
    units, marked = _to_mark(category, seat, form), {mark.unit: mark.value for mark in given}
    values = [marked[unit] for unit in units if unit in marked]
    known = [value for value in values if value is not None]
    steps, (middle, spread) = tuple(_steps(form, known)), _moments(known)
    return SeatMarks(
        category=category.code,
        indicator=named[0],
        name=named[1],
        panel=form.panel or "",
        seat=seat.seat,
        marks=len(known),
        unknown=len(values) - len(known),
        open=tuple(unit for unit in units if unit not in marked),
        mean=middle,
        spread=spread,
        lowest=min(known, default=None),
        highest=max(known, default=None),
        steps=steps,
        beside=len(known) - sum(step.marks for step in steps),
        lowest_marks=_count(known, None, form.comment_low),
        highest_marks=_count(known, form.comment_high, None),
    )


def _moments(values: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """Return mean and standard deviation; None of no values."""
    exact = [Fraction(value) for value in values]
    if not exact:
        return None, None
    return half_up(mean(exact), PLACES), half_up(root(variance(exact)), PLACES)


def _to_mark(category: Category, seat: Seat, form: EntryForm) -> tuple[str, ...]:
    own = seat.unit if form.excludes_own_unit else None
    return tuple(unit for unit in category.units if unit != own)


def _count(values: Sequence[Decimal], low: Decimal | None, high: Decimal | None) -> int | None:
    """Return how many values are at one bound or beyond it; None where there is no bound."""
    if low is not None:
        return sum(value >= low for value in values)
    return None if high is None else sum(value <= high for value in values)


def _steps(form: EntryForm, values: Sequence[Decimal]) -> Iterator[MarkedStep]:
    for step in form.rubric:
        within = sum(step.low <= value <= step.high for value in values)
        yield MarkedStep(step.low, step.high, step.text, within)
    if form.rubric or form.high is None:
        return
    counts, scale = [0] * _PARTS, Fraction(form.high)
    for value in values:
        counts[min(int(Fraction(value) * _PARTS / scale), _PARTS - 1)] += 1
    for part, count in enumerate(counts):
        low, high = (half_up(scale * each / _PARTS, PLACES) for each in (part, part + 1))
        yield MarkedStep(low, high, None, count)
