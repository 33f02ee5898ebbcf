"""Estimates beside what they mean: samples without their error, intervals, and weights."""

from decimal import Decimal
from itertools import pairwise, product
from math import inf

import numpy as np
import pytest

from survey.rules.estimates.comparisons import compared, holm
from survey.rules.estimates.estimators import (
    Estimate,
    combined,
    estimate,
    estimated_mean,
    mean,
    ratio,
    total,
)
from survey.rules.estimates.intervals import student_quantile, student_tails, symmetric, wilson
from survey.rules.estimates.samples import Sample, codes
from survey.rules.estimates.weighting import (
    PLACES,
    Margin,
    MarginsDisagree,
    RakingDiverges,
    raked,
)


def sample_of(counts, weights=None, strata=None, clusters=None, populations=None):
    size = len(counts)
    return Sample(
        np.array(counts, dtype=float),
        np.array(weights or [1.0] * size, dtype=float),
        np.array(strata or [0] * size, dtype=np.intp),
        None if clusters is None else codes(clusters),
        None if populations is None else np.array(populations, dtype=float),
    )


VALUES = [100.0, 80.0, 60.0, 30.0, 0.0, 80.0]


def test_rows_of_several_respondents_are_as_many_rows_of_one():
    """Planted bug: a row of the sample counted once, however many respondents it has."""
    counts, strata = [5, 3, 2, 4, 1, 2], [0, 0, 1, 1, 0, 1]
    clusters = ["a", "b", "a", "c", "b", "c"]
    each = [row for row, count in enumerate(counts) for _ in range(count)]
    for used in None, clusters:
        joined = sample_of(counts, [2, 3, 2, 1, 1, 4], strata, used, [20, 30])
        single = sample_of(
            [1] * len(each),
            [[2, 3, 2, 1, 1, 4][row] for row in each],
            [strata[row] for row in each],
            used and [clusters[row] for row in each],
            [20, 30],
        )
        first = estimated_mean(joined, np.array(VALUES))
        second = estimated_mean(single, np.array(VALUES)[each])
        assert (first.sample, first.freedom) == (second.sample, second.freedom)
        for name in "value", "se", "deff", "effective":
            assert abs(getattr(first, name) - getattr(second, name)) < 1e-12


def test_a_stratum_of_which_one_was_drawn_tells_no_error():
    values = np.array(VALUES[:3])
    found = estimated_mean(sample_of([1, 4, 3], strata=[0, 1, 1]), values)
    assert found.se is found.deff is found.effective is None
    assert found.value == 75
    everybody = estimated_mean(sample_of([1, 4, 3], strata=[0, 1, 1], populations=[1, 90]), values)
    assert everybody.se > 0
    assert estimated_mean(sample_of([1]), np.array([80.0])).se is None
    assert estimated_mean(sample_of([5, 3], clusters=["a", "a"]), np.array(VALUES[:2])).se is None


def test_whoever_asks_all_is_sure():
    found = estimated_mean(sample_of([3, 2], populations=[5]), np.array(VALUES[:2]))
    assert (found.se, found.deff, found.effective) == (0, 0, None)
    more = estimated_mean(sample_of([3, 2], populations=[4]), np.array(VALUES[:2]))
    assert more.se == 0


def test_of_nobody_there_is_no_mean():
    sample = sample_of([3, 2])
    nobody = np.array([False, False])
    assert mean(sample, np.array(VALUES[:2]), nobody) is None
    assert estimated_mean(sample, np.array(VALUES[:2]), nobody) is None
    assert combined([(0.0, total(sample, np.array(VALUES[:2])))]) is combined([]) is None
    assert ratio(sample, np.ones(2), np.zeros(2)) is None


def test_answers_that_are_all_the_same_have_the_effective_number_of_their_weights():
    found = estimated_mean(sample_of([6, 2], [1, 3]), np.array([100.0, 100.0]))
    assert (found.se, found.deff) == (0, None)
    assert found.effective == 12**2 / (6 + 2 * 9)


def test_an_index_of_groups_has_the_error_of_all_of_them():
    """Groups are domains of one sample: their shares weigh the errors, squared."""
    sample, values = sample_of([40, 10, 20, 30], strata=[0, 0, 1, 1]), np.array(VALUES[:4])
    groups = [(share, mean(sample, values, sample.strata == g)) for g, share in ((0, 3), (1, 1))]
    index = estimate(sample, combined(groups))
    errors = [estimate(sample, part).se for _, part in groups]
    assert index.value == pytest.approx(0.75 * groups[0][1].value + 0.25 * groups[1][1].value)
    assert index.se == pytest.approx(np.hypot(0.75 * errors[0], 0.25 * errors[1]), abs=1e-14)


# Newcombe (1998), method 3, and Wilson's own formula where nobody or everybody is satisfied.
WILSON = [
    (81, 263, "0.2553", "0.3662"),
    (15, 148, "0.0624", "0.1605"),
    (0, 20, "0.0000", "0.1611"),
    (1, 29, "0.0061", "0.1718"),
    (20, 20, "0.8389", "1.0000"),
    (0, 1, "0.0000", "0.7935"),
]


@pytest.mark.parametrize(("satisfied", "number", "low", "high"), WILSON)
def test_an_interval_of_a_rate_is_the_published_one(satisfied, number, low, high):
    """Planted bug: Wald's interval, which is 0 to 0 where nobody is satisfied."""
    found = wilson(satisfied / number, number, 0.95)
    assert [f"{bound:.4f}" for bound in found] == [low, high]
    if satisfied in {0, number}:
        assert float(satisfied == number) in found


def test_an_interval_lies_within_0_and_1_for_any_effective_number():
    for share, number in product([0, 1e-12, 0.2, 0.5, 1 - 1e-12, 1], [0.3, 1, 17.77, 1e9]):
        low, high = wilson(share, number, 0.95)
        assert 0 <= low <= share <= high <= 1
        assert low < high


# Quantiles of Student's t as every table has them.
STUDENT = [
    (1, 0.975, "12.706"),
    (2, 0.975, "4.303"),
    (5, 0.95, "2.015"),
    (14, 0.975, "2.145"),
    (30, 0.995, "2.750"),
    (120, 0.975, "1.980"),
    (1_000_000, 0.975, "1.960"),
]


@pytest.mark.parametrize(("freedom", "probability", "quantile"), STUDENT)
def test_quantiles_of_t_are_those_of_the_tables(freedom, probability, quantile):
    found = student_quantile(probability, freedom)
    assert f"{found:.3f}" == quantile
    assert student_tails(found, freedom) == pytest.approx(2 * (1 - probability), rel=1e-9)
    assert symmetric(70, 2, freedom, 2 * probability - 1) == (70 - 2 * found, 70 + 2 * found)


def test_adjusted_probabilities_are_those_of_holm():
    """The example of R's p.adjust, by hand: 4, 3, 2, 1 times the sorted ones, never falling."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1, 1]
    assert holm([]) == []
    adjusted = holm([0.001, 0.2, 0.0004, 0.05])
    assert sorted(adjusted) == adjusted or all(a <= 1 for a in adjusted)


def told(value, se, freedom=399):
    return Estimate(value, freedom + 1, se, freedom)


def test_units_that_the_same_respondents_rated_are_told_apart_by_what_these_have_in_common():
    """Planted bug: the covariance left out, or added."""
    units = {"A": told(90.0, 1.0), "B": told(87.5, 1.0)}
    apart = compared(units, {})[0]
    together = compared(units, {("B", "A"): 0.8})[0]
    assert (apart.se, together.se) == pytest.approx((2**0.5, 0.4**0.5))
    assert not apart.is_distinguished(0.95)
    assert together.is_distinguished(0.95)
    assert together.adjusted == together.p  # one pair needs no adjustment
    assert (together.first, together.second, together.difference) == ("A", "B", 2.5)


def test_more_pairs_need_larger_differences():
    few = {"A": told(90.0, 1.0), "B": told(86.9, 1.0)}
    assert compared(few, {})[0].is_distinguished(0.95)
    many = few | {f"C{n}": told(88.0, 1.0) for n in range(10)}
    assert not compared(many, {})[0].is_distinguished(0.95)
    assert len(compared(many, {})) == 66


def test_a_unit_whose_error_is_unknown_is_told_apart_from_none():
    pair = compared({"A": told(99.0, None), "B": told(1.0, 1.0)}, {})[0]
    assert (pair.se, pair.p, pair.is_distinguished(0.95)) == (None, 1, False)


def test_units_of_which_all_were_asked_differ_wherever_they_differ():
    whole = {"A": told(90.0, 0.0), "B": told(89.9, 0.0), "C": told(90.0, 0.0)}
    assert [pair.p for pair in compared(whole, {})] == [0, 1, 0]
    assert student_tails(inf, 5) == 0


def margin(name, cells, **population):
    return Margin(name, cells, {cell: Decimal(people) for cell, people in population.items()})


AGES, SEXES = ["young", "young", "old", "old"], ["f", "m", "f", "m"]
COUNTS = [30, 20, 10, 40]


def test_raking_meets_all_margins_and_keeps_what_cells_have_in_common():
    """The one set of weights there is: margins met, and odds ratios those of the sample."""
    margins = [margin("age", AGES, young=700, old=300), margin("sex", SEXES, f=520, m=480)]
    found = raked([Decimal(10)] * 4, COUNTS, margins)
    cells = [w * n for w, n in zip(found.weights, COUNTS, strict=True)]
    for total_, rows in ((700, (0, 1)), (300, (2, 3)), (520, (0, 2)), (480, (1, 3))):
        assert abs(sum(cells[row] for row in rows) - total_) < Decimal("1e-7")
    odds = cells[0] * cells[3] / (cells[1] * cells[2])
    assert abs(odds - Decimal(30 * 40) / (20 * 10)) < Decimal("1e-6")
    assert found.rounds > 1
    assert all(-weight.as_tuple().exponent == PLACES for weight in found.weights)
    again = raked(found.weights, COUNTS, margins)
    assert max(abs(a - b) for a, b in zip(again.weights, found.weights, strict=True)) < 1


def test_one_margin_is_met_at_once():
    found = raked([Decimal(1)] * 4, COUNTS, [margin("age", AGES, young=700, old=300)])
    assert [str(weight) for weight in found.weights[1:3]] == [
        "14.000000000000",
        "6.000000000000",
    ]
    assert found.rounds == 1


def test_margins_that_no_weights_meet_are_refused_by_name():
    """Nobody old is a woman and nobody young a man, so that both margins would have to agree."""
    margins = [margin("age", AGES, young=700, old=300), margin("sex", SEXES, f=520, m=480)]
    with pytest.raises(RakingDiverges, match="no weights meet age, sex"):
        raked([Decimal(1)] * 4, [30, 0, 0, 40], margins)


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        (
            [margin("age", AGES, young=700, old=300), margin("sex", SEXES, f=500, m=499)],
            "sum to 999, 1000",
        ),
        ([margin("age", AGES, young=700, old=200, child=100)], "Of age, .* child"),
        ([margin("age", AGES, young=1000)], "Of age, .* old"),
    ],
)
def test_margins_that_do_not_fit_are_refused(margins, said):
    with pytest.raises(MarginsDisagree, match=said):
        raked([Decimal(1)] * 4, COUNTS, margins)


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Samples of a population with strata: 95 of 100 intervals have its mean, give or take three.

    Planted bug: strata left out of the error (99.7 of 100).
    """
    random = np.random.default_rng(20250101)
    people = [random.choice([100.0, 80.0, 60.0], 400, p=p) for p in ([0.9, 0.1, 0], [0, 0.2, 0.8])]
    truth, hits, rounds = np.concatenate(people).mean(), 0, 500
    for _ in range(rounds):
        drawn = np.concatenate([random.choice(each, 40, replace=False) for each in people])
        sample = sample_of([1] * 80, [10.0] * 80, [0] * 40 + [1] * 40, None, [400, 400])
        found = estimated_mean(sample, drawn)
        low, high = symmetric(found.value, found.se, found.freedom, 0.95)
        hits += low <= truth <= high
    assert 0.92 < hits / rounds < 0.98


def test_strata_are_numbered_in_the_order_in_which_they_come():
    assert list(codes(["b", "a", "b", None])) == [0, 1, 0, 2]
    assert all(a <= b for a, b in pairwise(codes(sorted("mississippi"))))
