"""How sure the surveys in a ranking are: errors in points, and whom they cannot tell apart.

They describe a ranking and decide nothing of it. Only what people were asked has such errors; of
other marks none are known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

from ranking.rules.results import UnitResult
from ranking.rules.scheme import Indicator
from ranking.rules.sheet import UnitSheet

CONFIDENCE = Decimal("0.95")
"""The level at which neighbours are told apart, of all that are compared together."""

_LEVEL = 0.95
_PLACES, _ONE = Decimal("0.000001"), Decimal(1)

ErrorKind = Literal["estimated", "at_most"]
"""Whether a standard error is an estimate, or the greatest that it may be."""


@dataclass(frozen=True, slots=True)
class SurveyError:
    """The standard error of the index of a unit in a survey, of 100."""

    se: Decimal
    error: ErrorKind


@dataclass(frozen=True, slots=True)
class UnitError:
    """How sure the surveys make a unit's total: the standard error of their part of it in points,
    and the neighbours by rank from which it is not distinguishable by that.

    It is None where a survey that the total rests on tells none.
    """

    unit: str
    rank: int | None
    final_total: Decimal | None
    se: Decimal | None
    error: ErrorKind | None
    not_distinguishable: tuple[str, ...] = ()


def points_of(
    indicators: Iterable[Indicator], sheet: UnitSheet, parts: Iterable[str]
) -> Mapping[str, Decimal]:
    """Return how many points of a unit's total each survey is worth, for one of 100 of its index;
    only blocks that are `parts` of the total count, each for what a point of it is worth there."""
    counted, worth = set(parts), {each.block: each.worth for each in sheet.parts}
    points = {
        each.indicator: each.points * worth.get(each.block, _ONE)
        for each in sheet.walk()
        if each.block in counted
    }
    found = dict[str, Decimal]()
    for indicator in indicators:
        for code, survey, scale in indicator.surveys():
            if points.get(code):
                found[survey] = found.get(survey, Decimal(0)) + points[code] / scale
    return found


def unit_errors(
    results: Sequence[UnitResult],
    points: Mapping[str, Mapping[str, Decimal]],
    known: Mapping[tuple[str, str], SurveyError],
) -> list[UnitError]:
    """Return the errors of a ranking, in its order.

    `points` are what each survey is worth to a unit, `known` the errors by survey and unit. Surveys
    are drawn apart, and so are the respondents of two units: those whom the same people rated
    are rather closer than that.
    """
    found = [_error(each, points.get(each.unit, {}), known) for each in results]
    close = _close([each for each in found if each.rank is not None])
    return [
        UnitError(
            each.unit,
            each.rank,
            each.final_total,
            each.se,
            each.error,
            tuple(other for pair in close if each.unit in pair for other in pair - {each.unit}),
        )
        for each in found
    ]


def _error(
    line: UnitResult,
    points: Mapping[str, Decimal],
    known: Mapping[tuple[str, str], SurveyError],
) -> UnitError:
    parts = [(worth, known.get((survey, line.unit))) for survey, worth in points.items()]
    there = [(worth, each) for worth, each in parts if each is not None]
    if not parts or len(there) < len(parts):
        return UnitError(line.unit, line.rank, line.final_total, None, None)
    variance = sum(((worth * each.se) ** 2 for worth, each in there), Decimal(0))
    error: ErrorKind = "estimated"
    if any(each.error == "at_most" for _, each in there):
        error = "at_most"
    se = variance.sqrt().quantize(_PLACES)
    return UnitError(line.unit, line.rank, line.final_total, se, error)


def _close(ranked: Sequence[UnitError]) -> list[frozenset[str]]:
    """Return the pairs of neighbours whose totals differ by no more than their errors: in view of
    all pairs that are compared (Holm, 1979)."""
    compared = [(first, other) for first, other in pairwise(ranked) if _known(first, other)]
    ratios = [(_ratio(first, other), first.unit, other.unit) for first, other in compared]
    close = set[frozenset[str]]()
    for left, (ratio, *units) in zip(
        range(len(ratios), 0, -1), sorted(ratios, reverse=True), strict=True
    ):
        if close or ratio < _far(left):
            close.add(frozenset(units))
    pairs = (frozenset((first.unit, other.unit)) for first, other in compared)
    return [pair for pair in pairs if pair in close]


def _known(first: UnitError, other: UnitError) -> bool:
    return first.se is not None and other.se is not None


def _ratio(first: UnitError, other: UnitError) -> Decimal:
    """Return by how many standard errors two totals differ."""
    apart = abs((first.final_total or Decimal(0)) - (other.final_total or Decimal(0)))
    error = ((first.se or Decimal(0)) ** 2 + (other.se or Decimal(0)) ** 2).sqrt()
    if not error:
        return Decimal("Infinity") if apart else Decimal(0)
    return apart / error


def _far(pairs: int) -> Decimal:
    """Return how many standard errors are too many for chance, in view of so many pairs."""
    return Decimal(NormalDist().inv_cdf(1 - (1 - _LEVEL) / (2 * pairs)))
