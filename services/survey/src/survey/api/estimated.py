"""What is told of the estimates of a unit: all that leads to the answers of few is left out."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from chassis.wire import Exact, Outgoing
from survey.rules.disclosure import (
    LEAST_SAMPLE,
    NOTHING,
    Estimable,
    EstimatesTold,
    Withheld,
    estimable,
)
from survey.rules.dispositions import PRECEDENCE, Disposition, eligible_share, given_up, rates
from survey.rules.estimates.estimators import Estimate
from survey.rules.estimates.intervals import symmetric, wilson
from survey.rules.estimates.units import Asked, UnitAnswers
from survey.rules.sampling import CONFIDENCE

LEVEL = float(CONFIDENCE)
"""The confidence level of intervals and comparisons."""

Ended = Mapping[tuple[Disposition, int], int]
"""How many respondents ended in which way after how many attempts."""

EndedByGroup = Mapping[str | None, Ended]
"""The same by respondent group."""


class Estimated(Outgoing):
    """An estimate from `sample` respondents, its standard error, and the interval around it.

    `deff` is the design effect and `effective` the number of respondents who, drawn one by one,
    would be as sure. They are null where the sample does not tell them, as where of many people
    one was drawn. An estimate that would lead to the answers of few is `withheld`. Where its error
    alone would, it is `at_most` as large as told: what it could be whatever was answered.
    """

    value: Exact | None
    sample: int | None
    withheld: Withheld | None
    error: Literal["estimated", "at_most"] | None
    se: Exact | None
    low: Exact | None
    high: Exact | None
    deff: Exact | None
    effective: Exact | None


class QuestionEstimates(Outgoing):
    """What was said to a question: the `mean` of its options' scores, of 100, and the `rate` of
    satisfied ones, as a share; null where nobody answered, or the scheme names no satisfied
    options."""

    question: str
    mean: Estimated | None
    rate: Estimated | None


class ResponseRates(Outgoing):
    """How contacts ended, by AAPOR's letters, and the rates by AAPOR's names, as shares.

    `eligible_share` is e, estimated from the contacts whose eligibility is known. A rate that
    divides by nothing is null. `given_up` are those not reached who were called less often than
    the plan has it.
    """

    dispositions: dict[str, int]
    given_up: int | None
    eligible_share: Exact | None
    rates: dict[str, Exact | None]


class StratumEstimates(Outgoing):
    """What the respondents of a stratum said."""

    code: str
    completed: int
    questions: list[QuestionEstimates]


class GroupEstimates(Outgoing):
    """What a respondent group said, and how the contacts with it ended."""

    code: str
    completed: int
    questions: list[QuestionEstimates]
    response: ResponseRates


class UnitEstimates(Outgoing):
    """What a wave says about a unit, and how sure that is.

    `index` is made as the score is, of questions by weight and groups by share, but of weighted
    answers and not rounded between. `weighting` says by which weights; see the wave's weighting.
    """

    unit: str
    completed: int
    weighting: Literal["equal", "post_stratified", "raked"]
    clustered: bool
    index: Estimated | None
    questions: list[QuestionEstimates]
    groups: list[GroupEstimates]
    strata: list[StratumEstimates]
    response: ResponseRates


@dataclass(frozen=True)
class ToldOfUnit:
    """The estimates of a unit, and which of them are told; `apart` says whether this wave may be
    told apart from the others."""

    answers: UnitAnswers
    apart: bool

    @cached_property
    def told(self) -> EstimatesTold:
        """Which estimates are told."""
        answers = self.answers
        return estimable(answers.by_stratum(), apart=self.apart, by_stratum=answers.is_weighted)

    @cached_property
    def may_be_indexed(self) -> Estimable:
        """What is told of the index: what is told of every row that it is made of."""
        definition, unit = self.answers.definition, self.answers.unit
        found = Estimable()
        for question in definition.scored:
            for group, share in definition.shares_of(unit).items():
                found &= self.told.rows[question.code, group] if share else found
        return found

    @cached_property
    def index(self) -> Estimate | None:
        """The index as far as it is told, with its error or the greatest that it may have."""
        if not self.may_be_indexed.mean:
            return None
        if self.may_be_indexed.error:
            return self.answers.estimated_index()
        return self.answers.index_at_most()

    def shown(self, ended: EndedByGroup, attempts: int | None) -> UnitEstimates:
        """Return what is told of it, and how contacts ended, by respondent group."""
        answers, told = self.answers, self.told
        return UnitEstimates(
            unit=answers.unit,
            completed=answers.completed,
            weighting=answers.weighting,
            clustered=answers.is_clustered,
            index=self.shown_index(),
            questions=[
                self._question(each, self.told.of(each.question)) for each in answers.said()
            ],
            groups=[
                GroupEstimates(
                    code=code,
                    completed=int(answers.sample.counts[among].sum()),
                    questions=[
                        self._question(each, told.rows.get((each.question, code), NOTHING))
                        for each in answers.said(among)
                    ],
                    response=response_of(ended.get(code, {}), attempts),
                )
                for code, among in answers.groups().items()
            ],
            strata=[
                StratumEstimates(
                    code=code,
                    completed=int(answers.sample.counts[among].sum()),
                    questions=[
                        self._question(each, told.strata[each.question])
                        for each in answers.said(among)
                    ],
                )
                for code, among in answers.strata().items()
            ],
            response=response_of(together(ended.values()), attempts),
        )

    def shown_index(self) -> Estimated | None:
        """Return the index as it is told."""
        found, may = self.answers.estimated_index(), self.may_be_indexed
        if found is None or not may.mean:
            return None if found is None else _told_withheld(found.sample, may)
        return mean_told(found if may.error else self.index, may)

    def _question(self, asked: Asked, may: Estimable) -> QuestionEstimates:
        """Tell of a question what may be told; the score rests on the means or on the rates, and
        the others are told where all is."""
        of_mean = of_rate = may
        if self.answers.definition.measure == "mean":
            of_rate = replace(may, mean=may.rate)
        else:
            of_mean = replace(may, mean=may.whole, error=may.whole)
        return QuestionEstimates(
            question=asked.question,
            mean=_told(asked.mean, asked.mean_at_most, of_mean, mean_told),
            rate=_told(asked.rate, asked.rate_at_most, of_rate, rate_told),
        )


def _told(
    found: Estimate | None,
    at_most: Estimate | None,
    may: Estimable,
    tell: Callable[[Estimate | None, Estimable], Estimated | None],
) -> Estimated | None:
    if found is None:
        return None if may.sample else _told_withheld(0, may)
    if not may.mean:
        return _told_withheld(found.sample, may)
    return tell(found if may.error else at_most, may)


def _told_withheld(sample: int, may: Estimable) -> Estimated:
    few = may.sample and sample < LEAST_SAMPLE
    why: Withheld = "fewer_than_30" if few else "leads_to_few"
    return withheld(sample if may.sample else None, why)


def withheld(sample: int | None, why: Withheld) -> Estimated:
    """Return an estimate of which nothing is told but from how many, and why."""
    return Estimated(
        value=None,
        sample=sample,
        withheld=why,
        error=None,
        se=None,
        low=None,
        high=None,
        deff=None,
        effective=None,
    )


def mean_told(found: Estimate | None, may: Estimable) -> Estimated | None:
    """Tell a mean or an index with the interval around it by Student's t."""
    if found is None:
        return None
    bounds = None
    if found.se is not None:
        bounds = symmetric(found.value, found.se, found.freedom, LEVEL)
    return _estimated(found, bounds, may)


def rate_told(found: Estimate | None, may: Estimable) -> Estimated | None:
    """Tell a rate with Wilson's interval around it, on the effective number."""
    if found is None:
        return None
    bounds = None
    if found.effective is not None:
        bounds = wilson(min(max(found.value, 0.0), 1.0), found.effective, LEVEL)
    elif found.se is not None:
        bounds = found.value, found.value  # all were asked
    return _estimated(found, bounds, may)


def _estimated(found: Estimate, bounds: tuple[float, float] | None, may: Estimable) -> Estimated:
    low, high = bounds or (None, None)
    return Estimated(
        value=rounded(found.value),
        sample=found.sample,
        withheld=None,
        error=None if found.se is None else "estimated" if may.error else "at_most",
        se=known(found.se),
        low=known(low),
        high=known(high),
        deff=known(found.deff),
        effective=known(found.effective),
    )


def known(number: float | None) -> Decimal | None:
    """Return a number that describes, if there is one, rounded to six places."""
    return None if number is None else rounded(number)


def rounded(number: float) -> Decimal:
    """Return a number that describes, rounded to six places."""
    return Decimal(f"{number:.6f}") + 0


def together(each: Iterable[Ended]) -> Ended:
    """Return how respondents of several groups, or waves, ended."""
    found = Counter[tuple[Disposition, int]]()
    for ended in each:
        found.update(ended)
    return found


def response_of(ended: Ended, wanted: int | None) -> ResponseRates:
    """Return how contacts ended and AAPOR's rates of it; `wanted` is how often the plan has
    somebody called who is not reached."""
    counts = Counter[Disposition]()
    for (disposition, _), number in ended.items():
        counts[disposition] += number
    share = eligible_share(counts)
    return ResponseRates(
        dispositions={each.value: counts[each] for each in PRECEDENCE},
        given_up=None if wanted is None else given_up(ended, wanted),
        eligible_share=_exactly(share),
        rates={name: _exactly(rate) for name, rate in rates(counts, share).items()},
    )


def _exactly(share: Fraction | None) -> Decimal | None:
    if share is None:
        return None
    return (Decimal(share.numerator) / share.denominator).quantize(Decimal("0.000001"))
