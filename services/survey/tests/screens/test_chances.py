"""The chances that screens tell: exact where there is an exact answer, careful where not."""

from fractions import Fraction
from math import comb

import pytest

from survey.rules.screens.chances import Count, level_of, scatter, thresholds, upper_tail


@pytest.mark.parametrize(("observed", "of"), [(0, 10), (1, 10), (7, 10), (10, 10), (400, 400)])
def test_without_knowledge_of_the_rate_every_count_is_as_likely(observed, of):
    """With a = b = 1 the beta-binomial is uniform: a rate of a half, two alike by a third."""
    assert upper_tail(observed, of, 0.5, 1 / 3) == pytest.approx((of - observed + 1) / (of + 1))


@pytest.mark.parametrize(
    ("observed", "of", "rate"), [(10, 50, "1/20"), (3, 5, "1/2"), (9, 9, "4/5")]
)
def test_where_nothing_is_alike_the_tail_is_the_binomial_one(observed, of, rate):
    p = Fraction(rate)
    exact = sum(comb(of, k) * p**k * (1 - p) ** (of - k) for k in range(observed, of + 1))
    assert upper_tail(observed, of, float(p), 1e-9) == pytest.approx(float(exact), rel=1e-5)


def test_the_more_alike_the_less_surprising():
    tails = [upper_tail(15, 50, 0.1, alike) for alike in (0.0, 0.01, 0.05, 0.2)]
    assert tails == sorted(tails)


def test_units_that_differ_as_respondents_do_have_the_least_scatter():
    same = [Count(round(of * 0.3), of, 0.3) for of in (50, 100, 200, 400) * 5]
    far = [
        Count(round(of * rate), of, 0.3) for of in (100, 200) for rate in (0.1, 0.2, 0.4, 0.5) * 3
    ]
    assert scatter(same) == pytest.approx(0.003)
    assert 0.12 < scatter(far) < 0.4  # by their variance 0.12, of so few up to three times that


def test_some_units_that_do_the_same_do_not_make_it_usual():
    """Planted bug: the furthest fifth counted as well."""
    honest = [Count(round(of * 0.04), of, 0.06) for of in (50, 100, 200, 400) * 4]
    guilty = [Count(round(of * 0.24), of, 0.06) for of in (100, 200, 400)]
    assert scatter([*honest, *guilty]) < 0.05


def test_holm_holds_each_test_to_what_is_left():
    chances = {("U1", "a"): 0.01, ("U2", "a"): 0.04, ("U3", "a"): 0.03, ("U4", "a"): 0.005}
    assert thresholds(chances, 0.05) == {("U4", "a"): 0.0125, ("U1", "a"): pytest.approx(0.05 / 3)}


@pytest.mark.parametrize(("units", "level"), [(2, 0.01), (10, 0.05), (500, 0.05)])
def test_a_small_wave_is_held_to_less(units, level):
    assert level_of(units) == pytest.approx(level)
