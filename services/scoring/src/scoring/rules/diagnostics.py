"""Which indicators separate units and which do not, and how strict their scorers are (指标诊断).

Everything is a fraction until it is shown. Shares that add up to 1 still do so as shown: what the
cut digits make is given to those that lost most of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from scoring.rules.exact import half_up, root
from scoring.rules.steps import INDICATOR, Step

PLACES = 6
"""The decimal places of shares, means and spreads."""

SELF = "own_unit"
"""The scorer of what every unit reports itself."""

UNIT, PANEL_SEAT, SURVEY = "data_source_unit", "panel_seat", "survey"

_MARK = "mark "
_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One unit's part of a score sheet; `total` in points, null where something is missing."""

    unit: str
    category: str
    total: Decimal | None
    tree: Step


@dataclass(frozen=True, slots=True)
class IndicatorDiagnosis:
    """How an indicator separates the units of its category.

    `full_marks` are the units that scored all its points, `full_marks_share` their share of those
    that have a score. `weight` is its share of the category's points, `effective_weight` its share
    of the points that separate: of the distances between highest and lowest score.
    `variance_share` is its covariance with the total over the total's variance; null where all
    totals are equal.
    """

    indicator: str
    name: str
    points: Decimal
    scored: int
    mean: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    full_marks: int
    full_marks_share: Decimal | None
    weight: Decimal | None
    effective_weight: Decimal | None
    variance_share: Decimal | None


@dataclass(frozen=True, slots=True)
class ScorerDiagnosis:
    """How strict a scorer is: a data source unit, a survey, or a seat of an indicator's panel.

    For units and surveys marks are shares of the points, `leniency` is their mean less that of all
    marks of the category. For a seat marks are those it gave, `leniency` is the mean distance from
    the mean of the panel. `spread` is the standard deviation over the units, from the mean of the
    indicators' variances.
    """

    kind: str
    scorer: str
    indicators: tuple[str, ...]
    marks: int
    mean: Decimal
    leniency: Decimal
    spread: Decimal


@dataclass(frozen=True, slots=True)
class CategoryDiagnosis:
    """A category's indicators in the scheme's order, and its scorers.

    `complete` of the `units` have a total; variances are those of their totals. The shares of the
    indicators and of the adjustment (`adjustment_share`) add up to 1.
    """

    category: str
    units: int
    complete: int
    variance: Decimal | None
    indicators: tuple[IndicatorDiagnosis, ...]
    adjustment_share: Decimal | None
    scorers: tuple[ScorerDiagnosis, ...]


def diagnose(sheets: Iterable[Sheet], authors: Mapping[UUID, str]) -> list[CategoryDiagnosis]:
    """Diagnose every category of a score sheet; `authors` are the units that made the entries."""
    categories: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        categories.setdefault(sheet.category, []).append(sheet)
    return [_category(code, members, authors) for code, members in categories.items()]


def _category(code: str, sheets: list[Sheet], authors: Mapping[UUID, str]) -> CategoryDiagnosis:
    parts = {sheet.unit: list(sheet.tree.scoring()) for sheet in sheets}
    steps = _by_indicator(parts)
    complete = {sheet.unit: parts[sheet.unit] for sheet in sheets if sheet.total is not None}
    covariances = _covariances(complete, list(steps))
    *shares, adjustment = _shown_shares(covariances)
    points = [max(_fraction(step.points) for step in by.values()) for by in steps.values()]
    ranges = [_distance(_scores(by.values())) for by in steps.values()]
    rows = zip(steps.values(), _shown_shares(points), _shown_shares(ranges), shares, strict=True)
    return CategoryDiagnosis(
        category=code,
        units=len(sheets),
        complete=len(complete),
        variance=half_up(sum(covariances, _NOTHING), PLACES) if complete else None,
        indicators=tuple(_indicator(*row) for row in rows),
        adjustment_share=adjustment,
        scorers=(*_scorers(steps, authors), *_seats(steps)),
    )


def _by_indicator(parts: Mapping[str, Iterable[Step]]) -> dict[str, dict[str, Step]]:
    """Return the scored steps by indicator, in the scheme's order, and by unit."""
    found: dict[str, dict[str, Step]] = {}
    for unit, steps in parts.items():
        for step in steps:
            if step.kind == INDICATOR:
                found.setdefault(step.code, {})[unit] = step
    return found


def _covariances(parts: Mapping[str, Sequence[Step]], codes: Sequence[str]) -> list[Fraction]:
    """Return each indicator's covariance with the total, and last that of the adjustment.

    The total is the sum of what is here, before any cap: so the covariances add up to its
    variance.
    """
    if not parts:
        return [_NOTHING] * (len(codes) + 1)
    rows = [_row(steps, codes) for steps in parts.values()]
    totals = [sum(row, _NOTHING) for row in rows]
    middle = _mean(totals)
    away = [total - middle for total in totals]
    return [
        _mean([value * distance for value, distance in zip(column, away, strict=True)])
        for column in zip(*rows, strict=True)
    ]


def _row(steps: Iterable[Step], codes: Sequence[str]) -> list[Fraction]:
    scores: dict[str, Fraction] = {}
    adjustment = _NOTHING
    for step in steps:
        if step.kind == INDICATOR:
            scores[step.code] = _fraction(step.score)
        else:
            adjustment += _fraction(step.score)
    return [*(scores.get(code, _NOTHING) for code in codes), adjustment]


def _indicator(
    by_unit: Mapping[str, Step],
    weight: Decimal | None,
    separating: Decimal | None,
    variance: Decimal | None,
) -> IndicatorDiagnosis:
    step = next(iter(by_unit.values()))
    scored = [each for each in by_unit.values() if each.score is not None and each.points]
    scores = _scores(scored)
    full = sum(_fraction(each.score) >= _fraction(each.points) for each in scored)
    return IndicatorDiagnosis(
        indicator=step.code,
        name=step.name,
        points=max((each.points for each in by_unit.values() if each.points), default=Decimal(0)),
        scored=len(scored),
        mean=half_up(_mean(scores), PLACES) if scores else None,
        lowest=min((each.score for each in scored if each.score is not None), default=None),
        highest=max((each.score for each in scored if each.score is not None), default=None),
        full_marks=full,
        full_marks_share=half_up(Fraction(full, len(scored)), PLACES) if scored else None,
        weight=weight,
        effective_weight=separating,
        variance_share=variance,
    )


def _scorers(
    steps: Mapping[str, Mapping[str, Step]], authors: Mapping[UUID, str]
) -> Iterator[ScorerDiagnosis]:
    """Yield how strict the data source units and surveys are, by the shares of points they gave."""
    given: defaultdict[tuple[str, str], defaultdict[str, list[Fraction]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for by_unit in steps.values():
        for unit, parent in by_unit.items():
            for step in _leaves(parent):
                if step.score is None or not step.points:
                    continue
                for scorer in _scorers_of(step, unit, authors):
                    given[scorer][step.code].append(_ratio(step))
    everything = [mark for marks in given.values() for each in marks.values() for mark in each]
    for (kind, who), by_indicator in sorted(given.items()):
        mean = _mean([mark for each in by_indicator.values() for mark in each])
        yield _diagnosis(kind, who, by_indicator, mean, mean - _mean(everything))


def _scorers_of(step: Step, unit: str, authors: Mapping[UUID, str]) -> set[tuple[str, str]]:
    """Return who gave a score: the units that made its entries, and the survey it rests on."""
    units = {authors[entry] for entry in step.entries() if entry in authors}
    found = {(UNIT, SELF if each == unit else each) for each in units}
    surveys = (
        taken.name for each in step.walk() for taken in each.inputs if taken.source == SURVEY
    )
    return found | {(SURVEY, name.rpartition(", ")[2]) for name in surveys}


def _seats(steps: Mapping[str, Mapping[str, Step]]) -> Iterator[ScorerDiagnosis]:
    """Yield how strict the members of each panel are, by the marks they gave."""
    for by_unit in steps.values():
        leaves: defaultdict[str, list[dict[str, Fraction]]] = defaultdict(list)
        for parent in by_unit.values():
            for step in _leaves(parent):
                marks = _marks(step)
                if marks:
                    leaves[step.code].append(marks)
        for code, panels in leaves.items():
            for seat in sorted({seat for marks in panels for seat in marks}, key=_natural):
                own = [marks for marks in panels if seat in marks]
                away = [marks[seat] - _mean(list(marks.values())) for marks in own]
                given = {code: [marks[seat] for marks in own]}
                yield _diagnosis(PANEL_SEAT, seat, given, _mean(given[code]), _mean(away))


def _marks(step: Step) -> dict[str, Fraction]:
    """Return a panel's marks by seat, as the explanation names them."""
    return {
        taken.name.removeprefix(_MARK): Fraction(taken.value)
        for taken in step.inputs
        if taken.name.startswith(_MARK) and taken.entries
    }


def _diagnosis(
    kind: str,
    scorer: str,
    marks: Mapping[str, list[Fraction]],
    mean: Fraction,
    leniency: Fraction,
) -> ScorerDiagnosis:
    return ScorerDiagnosis(
        kind=kind,
        scorer=scorer,
        indicators=tuple(marks),
        marks=sum(map(len, marks.values())),
        mean=half_up(mean, PLACES),
        leniency=half_up(leniency, PLACES),
        spread=half_up(root(_mean([_variance(each) for each in marks.values()])), PLACES),
    )


def _leaves(step: Step) -> Iterator[Step]:
    below = step.indicators
    if not below:
        yield step
    for child in below:
        yield from _leaves(child)


def _shown_shares(amounts: Sequence[Fraction]) -> list[Decimal | None]:
    """Return each amount's share of their sum; the shown shares add up to 1 exactly.

    Each is cut, and the digits that are then missing from 1 go to those that were cut most.
    """
    whole = sum(amounts, _NOTHING)
    if not whole:
        return [None] * len(amounts)
    scaled = [amount / whole * 10**PLACES for amount in amounts]
    cut = [each.numerator // each.denominator for each in scaled]
    lost = sorted(range(len(cut)), key=lambda n: (cut[n] - scaled[n], n))
    for n in lost[: 10**PLACES - sum(cut)]:
        cut[n] += 1
    return [half_up(Fraction(each, 10**PLACES), PLACES) for each in cut]


def _scores(steps: Iterable[Step]) -> list[Fraction]:
    return [Fraction(step.score) for step in steps if step.score is not None]


def _ratio(step: Step) -> Fraction:
    return _fraction(step.score) / _fraction(step.points)


def _fraction(value: Decimal | None) -> Fraction:
    return _NOTHING if value is None else Fraction(value)


def _distance(values: Sequence[Fraction]) -> Fraction:
    return max(values) - min(values) if values else _NOTHING


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, _NOTHING) / len(values) if values else _NOTHING


def _variance(values: Sequence[Fraction]) -> Fraction:
    middle = _mean(values)
    return _mean([(value - middle) ** 2 for value in values])


def _natural(seat: str) -> tuple[int, str]:
    return (len(seat), seat)
