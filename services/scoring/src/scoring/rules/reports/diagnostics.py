"""Diagnostics of indicators (指标诊断): which of them separate units, and which do not.

Everything is a fraction until it is shown. Shares that add up to 1 still do so as shown: what the
cut digits make is given to those that lost most of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from scoring.rules.columns.exact import half_up
from scoring.rules.explanation.steps import INDICATOR, Step
from scoring.rules.methods.scores import NOTHING
from scoring.rules.reports.strictness import PLACES, ScorerDiagnosis, fraction, mean, scorers


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
    totals are equal. `no_marks` are the units that scored nothing of it, `unscored` those that have
    no score; of these `unscored_share` is taken of all that it is of.
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
    no_marks: int
    no_marks_share: Decimal | None
    unscored: int
    unscored_share: Decimal | None


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
    parts = {sheet.unit: list(sheet.tree.weighed()) for sheet in sheets}
    steps, worths = _by_indicator(parts), _worths(parts)
    complete = {sheet.unit: parts[sheet.unit] for sheet in sheets if sheet.total is not None}
    covariances = _covariances(complete, list(steps))
    *shares, adjustment = _shown_shares(covariances)
    points = [
        max(fraction(step.points) for step in by.values()) * worths[code]
        for code, by in steps.items()
    ]
    ranges = [_distance(_scores(by.values())) * worths[code] for code, by in steps.items()]
    rows = zip(steps.values(), _shown_shares(points), _shown_shares(ranges), shares, strict=True)
    return CategoryDiagnosis(
        category=code,
        units=len(sheets),
        complete=len(complete),
        variance=half_up(sum(covariances, NOTHING), PLACES) if complete else None,
        indicators=tuple(_indicator(*row) for row in rows),
        adjustment_share=adjustment,
        scorers=scorers(steps, authors),
    )


_Weighed = tuple[Step, Fraction]
"""A step, and what a point of it is worth in the total."""


def _by_indicator(parts: Mapping[str, Iterable[_Weighed]]) -> dict[str, dict[str, Step]]:
    """Return the scored steps by indicator, in the scheme's order, and by unit."""
    found: dict[str, dict[str, Step]] = {}
    for unit, steps in parts.items():
        for step, _ in steps:
            if step.kind == INDICATOR:
                found.setdefault(step.code, {})[unit] = step
    return found


def _worths(parts: Mapping[str, Iterable[_Weighed]]) -> dict[str, Fraction]:
    """Return what a point of each indicator is worth in the totals of the category."""
    return {step.code: worth for steps in parts.values() for step, worth in steps}


def _covariances(parts: Mapping[str, Sequence[_Weighed]], codes: Sequence[str]) -> list[Fraction]:
    """Return each indicator's covariance with the total, and last that of the adjustment.

    The total is the sum of what is here, before any cap: so the covariances add up to its
    variance.
    """
    if not parts:
        return [NOTHING] * (len(codes) + 1)
    rows = [_row(steps, codes) for steps in parts.values()]
    totals = [sum(row, NOTHING) for row in rows]
    middle = mean(totals)
    away = [total - middle for total in totals]
    return [
        mean([value * distance for value, distance in zip(column, away, strict=True)])
        for column in zip(*rows, strict=True)
    ]


def _row(steps: Iterable[_Weighed], codes: Sequence[str]) -> list[Fraction]:
    scores: dict[str, Fraction] = {}
    adjustment = NOTHING
    for step, worth in steps:
        if step.kind == INDICATOR:
            scores[step.code] = fraction(step.score) * worth
        else:
            adjustment += fraction(step.score) * worth
    return [*(scores.get(code, NOTHING) for code in codes), adjustment]


def _indicator(
    by_unit: Mapping[str, Step],
    weight: Decimal | None,
    separating: Decimal | None,
    variance: Decimal | None,
) -> IndicatorDiagnosis:
    steps = list(by_unit.values())
    scored = [(each.score, each.points) for each in steps if each.score is not None and each.points]
    scores, full = [score for score, _ in scored], [score >= points for score, points in scored]
    none, open_ = [score <= 0 for score in scores], [each.score is None for each in steps]
    return IndicatorDiagnosis(
        indicator=steps[0].code,
        name=steps[0].name,
        points=max((each.points for each in steps if each.points), default=Decimal(0)),
        scored=len(scored),
        mean=_shown_mean(scores),
        lowest=min(scores, default=None),
        highest=max(scores, default=None),
        full_marks=sum(full),
        full_marks_share=_shown_mean(full),
        weight=weight,
        effective_weight=separating,
        variance_share=variance,
        no_marks=sum(none),
        no_marks_share=_shown_mean(none),
        unscored=sum(open_),
        unscored_share=_shown_mean(open_),
    )


def _shown_mean(values: Iterable[Decimal | bool]) -> Decimal | None:
    """Return the rounded mean of numbers, or the share of true ones; None where there are none."""
    exact = [Fraction(value) for value in values]
    return half_up(mean(exact), PLACES) if exact else None


def _shown_shares(amounts: Sequence[Fraction]) -> list[Decimal | None]:
    """Return each amount's share of their sum; the shown shares add up to 1 exactly.

    Each is cut, and the digits that are then missing from 1 go to those that were cut most.
    """
    whole = sum(amounts, NOTHING)
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


def _distance(values: Sequence[Fraction]) -> Fraction:
    return max(values) - min(values) if values else NOTHING
