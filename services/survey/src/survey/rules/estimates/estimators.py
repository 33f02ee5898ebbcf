"""Estimators: totals, means, ratios and what is combined of them, and how sure they are."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from survey.rules.estimates.samples import Floats, Mask, Sample


@dataclass(frozen=True, slots=True)
class Linear:
    """An estimate, and how much it moves with each respondent of a row for each unit of weight."""

    value: float
    influence: Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate from `sample` respondents.

    `se` is its standard error, None where the sample does not tell it. `deff` is the design effect:
    its variance against that of as many respondents drawn one by one with replacement; `effective`
    is how many of these would be as sure. Both are None where all are asked, or the answers are
    all the same and the sample has no weights to tell it by.
    """

    value: float
    sample: int
    se: float | None
    freedom: int
    deff: float | None = None
    effective: float | None = None


def total(sample: Sample, values: Floats) -> Linear:
    """Return the total of a value over the population."""
    return Linear(_weighed(sample, values), values)


def ratio(sample: Sample, parts: Floats, wholes: Floats) -> Linear | None:
    """Return the ratio of two totals; None where there is nothing to divide by."""
    whole = _weighed(sample, wholes)
    if not whole:
        return None
    value = _weighed(sample, parts) / whole
    return Linear(value, (parts - value * wholes) / whole)


def mean(sample: Sample, values: Floats, among: Mask | None = None) -> Linear | None:
    """Return the mean of a value, of all or those rows that are `among`; None of nobody.

    Those who are not among them stay in the sample: how many there are is a matter of chance too.
    """
    here = np.ones(len(values)) if among is None else among.astype(np.float64)
    return ratio(sample, np.where(here > 0, values, 0), here)


def combined(parts: Iterable[tuple[float, Linear]]) -> Linear | None:
    """Return the mean of estimates by their shares, which need not sum to one."""
    shared = [(share, part) for share, part in parts if share]
    whole = sum(share for share, _ in shared)
    if not whole:
        return None
    value = sum(share * part.value for share, part in shared) / whole
    influences = [share / whole * part.influence for share, part in shared]
    return Linear(value, np.sum(influences, axis=0))


def estimate(sample: Sample, linear: Linear, among: Mask | None = None) -> Estimate:
    """Return an estimate with its standard error."""
    here = sample.counts if among is None else sample.counts[among]
    size = int(here.sum())
    if not sample.is_measurable:
        return Estimate(linear.value, size, None, sample.freedom)
    variance = float(sample.covariance(linear.influence[:, None])[0, 0])
    return Estimate(linear.value, size, float(np.sqrt(max(variance, 0.0))), sample.freedom)


def estimated_mean(sample: Sample, values: Floats, among: Mask | None = None) -> Estimate | None:
    """Return a mean with its standard error, design effect and effective number."""
    linear = mean(sample, values, among)
    if linear is None:
        return None
    found = estimate(sample, linear, among)
    if found.se is None:
        return found
    here = np.ones(len(values), dtype=np.bool_) if among is None else among
    spread = _variance(sample, values, here)
    if not spread:
        effective = _number_by_weights(sample, here)
        return Estimate(found.value, found.sample, found.se, found.freedom, None, effective)
    deff = found.se**2 / (spread / found.sample)
    effective = found.sample / deff if deff else None
    return Estimate(found.value, found.sample, found.se, found.freedom, deff, effective)


def with_largest_error(
    sample: Sample, found: Estimate, reach: tuple[float, float], among: Mask | None = None
) -> Estimate:
    """Return a mean with the greatest error that it may have, whatever was answered: that of
    answers of the least and the greatest value alone (`reach`).

    It says no more than the mean and the design do. Where weights differ, or respondents were drawn
    in clusters, nothing bounds it so, and there is none.
    """
    here = sample.counts if among is None else sample.counts[among]
    plain = sample.clusters is None and not np.ptp(sample.weights)
    if found.se is None or not plain or not here.sum():
        return Estimate(found.value, found.sample, None, found.freedom)
    effective = float(here.sum()) / sample.widest
    low, high = reach
    spread = max((high - found.value) * (found.value - low), 0.0)
    se = float(np.sqrt(spread / effective))
    return Estimate(found.value, found.sample, se, found.freedom, None, effective)


def _variance(sample: Sample, values: Floats, here: Mask) -> float:
    """Return the variance of a value in the population, as the sample estimates it."""
    values, counts = values[here], sample.counts[here]
    weights = sample.weights[here] * counts
    size, whole = float(counts.sum()), float(weights.sum())
    if size < 2 or not whole or not np.ptp(values):
        return 0.0
    centred = values - float(weights @ values) / whole
    return float(weights @ centred**2) / whole * size / (size - 1)


def _number_by_weights(sample: Sample, here: Mask) -> float | None:
    """Return the effective number as the weights alone have it (Kish, 1965)."""
    weights, counts = sample.weights[here], sample.counts[here]
    squares = float(counts @ weights**2)
    return float(counts @ weights) ** 2 / squares if squares else None


def _weighed(sample: Sample, values: Floats) -> float:
    return float((sample.counts * sample.weights) @ values)
