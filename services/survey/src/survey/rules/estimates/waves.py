"""Estimates over the waves of a survey, combined as the scheme combines their scores."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from survey.rules.definition import SurveyDefinition
from survey.rules.estimates.estimators import Estimate
from survey.rules.estimates.units import UnitAnswers
from survey.rules.weights import Kind, unit_weights


@dataclass(frozen=True, slots=True)
class OfWave:
    """The index of a unit in a wave, by its number in the scheme, as it is told."""

    wave: int
    index: Estimate


def over_waves(definition: SurveyDefinition, waves: Sequence[OfWave]) -> Estimate | None:
    """Return the mean of the waves by the weights of the scheme, and its standard error: waves are
    drawn apart. None of none.

    Where one error is not known none is. There are as many degrees of freedom as Welch and
    Satterthwaite have it.
    """
    shares = [float(definition.weight_of(each.wave)) for each in waves]
    whole = sum(shares)
    if not whole:
        return None
    parts = [(share / whole, each.index) for share, each in zip(shares, waves, strict=True)]
    value = sum(share * index.value for share, index in parts)
    sample, freedom = sum(index.sample for _, index in parts), _freedom(parts)
    variance = 0.0
    for share, index in parts:
        if index.se is None:
            return Estimate(value, sample, None, freedom)
        variance += (share * index.se) ** 2
    return Estimate(value, sample, sqrt(variance), freedom)


def _freedom(parts: Sequence[tuple[float, Estimate]]) -> int:
    variances = [((share * (index.se or 0.0)) ** 2, index.freedom) for share, index in parts]
    below = sum(each**2 / freedom for each, freedom in variances if freedom > 0)
    above = sum(each for each, _ in variances) ** 2
    return max(int(above / below), 1) if below else sum(index.freedom for _, index in parts)


def pooled(waves: Mapping[int, UnitAnswers]) -> UnitAnswers:
    """Return the answers of several waves about a unit as one sample whose strata are those of the
    waves; none of them may be weighted. The size of the population is left out."""
    rows = [
        replace(row, stratum=f"{wave}/{row.stratum or ''}")
        for wave, answers in waves.items()
        for row in answers.rows
    ]
    completed = Counter[Kind]()
    for row in rows:
        completed[row.stratum, row.group] += row.respondents
    first = next(iter(waves.values()))
    return UnitAnswers(first.definition, rows, unit_weights(first.unit, (), completed))
