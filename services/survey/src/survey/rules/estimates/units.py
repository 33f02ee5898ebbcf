"""The estimates of a wave about one unit, from its answers as they were counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np

from survey.rules import disclosure
from survey.rules.definition import BETWEEN_ANSWERS, Measure, Question, SurveyDefinition
from survey.rules.estimates.estimators import (
    Estimate,
    Linear,
    combined,
    estimate,
    estimated_mean,
    mean,
    with_largest_error,
)
from survey.rules.estimates.samples import Calibration, Codes, Floats, Mask, Sample, codes
from survey.rules.plans import PlannedCell
from survey.rules.weights import Method, UnitWeights, populations

_AT_ONCE = 10_000

Drawn = tuple[str | None, str | None]
"""Where respondents were drawn: a stratum, and a cluster or else a kind of answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How many respondents gave the same answers in the same stratum, cluster and group.

    `answer` is what is stored: the options in the order of the questions.
    """

    stratum: str | None
    cluster: str | None
    group: str | None
    answer: str
    respondents: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said to one question: the mean of its options' scores, of 100, and the share of the
    satisfied ones among those who gave an answer that carries a score; and both with the greatest
    error that they may have whatever was answered."""

    question: str
    mean: Estimate | None
    rate: Estimate | None
    mean_at_most: Estimate | None
    rate_at_most: Estimate | None


class UnitAnswers:
    """The answers about one unit, as a sample."""

    def __init__(
        self,
        definition: SurveyDefinition,
        rows: Sequence[Answered],
        weights: UnitWeights,
        planned: Sequence[PlannedCell] = (),
    ) -> None:
        self.definition, self.rows, self.unit = definition, rows, weights.unit
        self._weights, self._planned = weights, planned
        self._answers = [row.answer.split(BETWEEN_ANSWERS) for row in rows]

    @property
    def completed(self) -> int:
        """How many interviews there are."""
        return sum(row.respondents for row in self.rows)

    @property
    def weighting(self) -> Method:
        """By which weights its estimates are made."""
        return self._weights.method

    @property
    def is_weighted(self) -> bool:
        """Whether weights are made of the plan."""
        return self._weights.method != "equal"

    @property
    def is_clustered(self) -> bool:
        """Whether respondents were drawn in clusters; those who name none are one of their own."""
        return any(row.cluster is not None for row in self.rows)

    @cached_property
    def sample(self) -> Sample:
        """The sample: its strata, clusters and weights."""
        rows = self.rows
        by_kind = {(cell.stratum, cell.group): cell.weight for cell in self._weights.cells}
        strata = codes([row.stratum for row in rows])
        clusters = codes([row.cluster for row in rows]) if self.is_clustered else None
        counts = np.array([row.respondents for row in rows], dtype=np.float64)
        weights = [by_kind[row.stratum, row.group] for row in rows]
        known = self._known(strata)
        adjusted = self._calibration() if self._weights.method != "equal" else None
        return Sample(counts, _floats(weights), strata, clusters, known, adjusted)

    def said(self, among: Mask | None = None) -> list[Asked]:
        """Return what was said to each question, by all or those rows that are `among`."""
        found = []
        for place, question in enumerate(self.definition.asked):
            scores, scored = self._values(place, question, "mean")
            satisfied = self._values(place, question, "satisfaction_rate")[0]
            here = scored if among is None else scored & among
            index = estimated_mean(self.sample, scores, here)
            rate = (
                estimated_mean(self.sample, satisfied / 100, here) if question.satisfied else None
            )
            every = [float(each) for each in question.values("mean").values()]
            found.append(
                Asked(
                    question.code,
                    index,
                    rate,
                    index and self._at_most(index, (min(every), max(every)), here),
                    rate and self._at_most(rate, (0.0, 1.0), here),
                )
            )
        return found

    def by_stratum(self) -> list[list[disclosure.Answered]]:
        """Return how many gave each option, by question and group, of each stratum: what is judged
        before anything of it is told."""
        found = dict[str | None, dict[str, dict[str | None, Counter[str]]]]()
        for row, answers in zip(self.rows, self._answers, strict=True):
            given = found.setdefault(row.stratum, {})
            for question, answer in zip(self.definition.asked, answers, strict=True):
                counts = given.setdefault(question.code, {}).setdefault(row.group, Counter())
                counts[answer] += row.respondents
        return [
            list(disclosure.rows_of(self.definition, self.unit, given))
            for given in found.values() or [{}]
        ]

    def groups(self) -> dict[str, Mask]:
        """Return which rows are of each respondent group."""
        return {
            group.code: np.array([row.group == group.code for row in self.rows], dtype=np.bool_)
            for group in self.definition.groups
        }

    def strata(self) -> dict[str, Mask]:
        """Return which rows are of each stratum that has a name."""
        names = sorted({row.stratum for row in self.rows if row.stratum is not None})
        return {
            name: np.array([row.stratum == name for row in self.rows], dtype=np.bool_)
            for name in names
        }

    @cached_property
    def index(self) -> Linear | None:
        """What the score rests on: questions by their weight, groups by their share."""
        found, rule = self._by_group(), self.definition.empty_group
        told = [(share, part) for share, part in found if part is not None]
        if not told or (rule == "void" and len(told) < len(found)):
            return None
        if rule == "zero":
            nothing = Linear(0.0, np.zeros(len(self.rows)))
            told = [(share, part or nothing) for share, part in found]
        return combined(told)

    def estimated_index(self) -> Estimate | None:
        """Return the index with its standard error."""
        return None if self.index is None else estimate(self.sample, self.index)

    def index_at_most(self) -> Estimate | None:
        """Return the index with the greatest error that it may have whatever was answered: the sum
        of those of its parts."""
        index = self.estimated_index()
        if index is None:
            return None
        zero = self.definition.empty_group == "zero"
        parts = [
            (float(share), self._largest_of(group))
            for group, share in self.definition.shares_of(self.unit).items()
            if share and (zero or self._of_group(group) is not None)
        ]
        return replace(index, se=_shared(parts))

    def _largest_of(self, group: str | None) -> float | None:
        return _shared(
            (weight, self._largest(part, here)) for weight, part, here in self._of(group)
        )

    def _at_most(self, found: Estimate, reach: tuple[float, float], here: Mask) -> Estimate:
        return with_largest_error(self.sample, found, reach, here)

    def _largest(self, part: Linear, here: Mask) -> float | None:
        found = estimate(self.sample, part, here)
        return self._at_most(found, self._reach, here).se

    @cached_property
    def _reach(self) -> tuple[float, float]:
        """The least and the greatest that an answer counts for in the index."""
        every = [value for values in self.definition.values.values() for value in values.values()]
        return float(min(every)), float(max(every))

    def errors(self) -> Mapping[Drawn, float]:
        """Return what each respondent adds to the error of the index, by stratum and cluster; where
        there are no clusters by stratum and by group and answer (`kind_of`)."""
        if self.index is None or not self.sample.is_measurable:
            return {}
        errors = self.sample.contributions(self.index.influence[:, None])[0][:, 0]
        if self.is_clustered:
            keys = sorted({(s, c) for s, c in zip(*self._drawn, strict=True)})
            names = {}
            for row, stratum, cluster in zip(self.rows, *self._drawn, strict=True):
                names[stratum, cluster] = row.stratum, row.cluster or ""
            return {names[key]: float(error) for key, error in zip(keys, errors, strict=True)}
        return {
            (row.stratum, kind_of(row.group, row.answer)): float(error)
            for row, error in zip(self.rows, errors, strict=True)
        }

    @property
    def _drawn(self) -> tuple[list[int], list[int]]:
        clusters = self.sample.clusters
        return self.sample.strata.tolist(), [] if clusters is None else clusters.tolist()

    def _by_group(self) -> list[tuple[float, Linear | None]]:
        shares = self.definition.shares_of(self.unit)
        return [(float(share), self._of_group(group)) for group, share in shares.items() if share]

    def _of_group(self, group: str | None) -> Linear | None:
        return combined((weight, part) for weight, part, _ in self._of(group))

    def _of(self, group: str | None) -> Iterator[tuple[float, Linear, Mask]]:
        """Yield the mean of each scored question that a group answered, its weight, and of whom."""
        among = np.array([group in (None, row.group) for row in self.rows], dtype=np.bool_)
        for place, question in enumerate(self.definition.asked):
            if question.weight:
                values, scored = self._values(place, question, self.definition.measure)
                here = scored & among
                if (part := mean(self.sample, values, here)) is not None:
                    yield float(question.weight), part, here

    def _values(self, place: int, question: Question, measure: Measure) -> tuple[Floats, Mask]:
        """Return what each row's answer to a question is worth, and whether it carries a score."""
        values = question.values(measure)
        given = [values.get(answers[place]) for answers in self._answers]
        scored = np.array([value is not None for value in given], dtype=np.bool_)
        return _floats(value or Decimal(0) for value in given), scored

    def _known(self, strata: Codes) -> Floats | None:
        """Return how many people there are in each stratum, or clusters where respondents were
        drawn in these, where the plan tells it."""
        of: Literal["population", "clusters"] = "clusters" if self.is_clustered else "population"
        known = populations(self._planned, of)
        people: list[float] = [np.nan] * (int(strata.max(initial=-1)) + 1)
        for row, stratum in zip(self.rows, strata, strict=True):
            people[stratum] = known.get(row.stratum, np.nan)
        if len(people) == 1 and known:
            people = [float(sum(known.values()))]
        return np.array(people, dtype=np.float64)

    def _calibration(self) -> Calibration:
        """Return the margins that the weights meet; before they did, all were equal."""
        margins = [
            codes(
                [
                    (row.stratum if "stratum" in name else "", row.group if "group" in name else "")
                    for row in self.rows
                ]
            )
            for name in self._weights.margins
        ]
        return Calibration(np.ones(len(self.rows)), tuple(margins))


def _shared(parts: Iterable[tuple[float, float | None]]) -> float | None:
    """Return the mean of errors by their shares, 0 of none; None where one is not known."""
    found = whole = 0.0
    for share, error in parts:
        if error is None:
            return None
        found, whole = found + share * error, whole + share
    return found / (whole or 1.0)


def kind_of(group: str | None, answer: str) -> str:
    """Name the respondents of a group who gave the same answers."""
    return f"{group or ''}{BETWEEN_ANSWERS}{answer}"


def covariances(
    units: Mapping[str, UnitAnswers], together: Sequence[tuple[Sequence[Sequence[str]], int]]
) -> Mapping[tuple[str, str], float]:
    """Return the covariances of units: of those whose respondents were drawn in clusters by these,
    of the others by the respondents who rated several (`together`: unit, stratum and kind)."""
    errors = {unit: each.errors() for unit, each in units.items()}
    clustered = [unit for unit, each in units.items() if each.is_clustered]
    found = {
        (first, second): _in_clusters(errors[first], errors[second])
        for first, second in combinations(clustered, 2)
    }
    alone = {unit: errors[unit] for unit in sorted(units.keys() - set(clustered))}
    sums = _sums_of_products(alone, together)
    for (row, first), (column, second) in combinations(enumerate(alone), 2):
        found[first, second] = float(sums[row, column])
    return found


def _sums_of_products(
    errors: Mapping[str, Mapping[Drawn, float]],
    together: Sequence[tuple[Sequence[Sequence[str]], int]],
) -> Floats:
    places = {unit: place for place, unit in enumerate(errors)}
    sums = np.zeros((len(places), len(places)))
    for start in range(0, len(together), _AT_ONCE):
        some = together[start : start + _AT_ONCE]
        added = np.zeros((len(some), len(places)))
        for row, (ratings, _) in enumerate(some):
            for unit, stratum, kind in ratings:
                if unit in places:
                    added[row, places[unit]] = errors[unit].get((stratum or None, kind), 0.0)
        numbers = np.array([number for _, number in some], dtype=np.float64)
        sums += added.T @ (added * numbers[:, None])
    return sums


def _in_clusters(first: Mapping[Drawn, float], second: Mapping[Drawn, float]) -> float:
    return sum(error * second[drawn] for drawn, error in first.items() if drawn in second)


def _floats(numbers: Iterable[Decimal]) -> Floats:
    return np.array([float(number) for number in numbers], dtype=np.float64)
