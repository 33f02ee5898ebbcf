"""Sharing out as vectors and as properties: sums, order and money are exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranking.rules.sharing import Claimant, bonus, largest_remainder, quota

WEIGHTS = st.dictionaries(
    st.sampled_from("ABCDEFGH"), st.decimals(0, 100, places=2), min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("total", "weights", "parts", "tied"),
    [
        # Votes of the usual textbook example: Hare quota 10,000 of 100,000 for ten seats.
        (10, {"Y": 47_000, "W": 16_000, "R": 15_900, "G": 12_000, "B": 6_000, "P": 3_100},
         {"Y": 5, "W": 2, "R": 1, "G": 1, "B": 1, "P": 0}, ()),
        (1, {"A": 1, "B": 1, "C": 1}, {"A": 1, "B": 0, "C": 0}, ("A", "B", "C")),
        (3, {"A": 1, "B": 1, "C": 1}, {"A": 1, "B": 1, "C": 1}, ()),
        (2, {"A": 0, "B": 0}, {"A": 1, "B": 1}, ()),
        (1, {"A": 0, "B": "2.5"}, {"A": 0, "B": 1}, ()),
        (0, {"A": 1}, {"A": 0}, ()),
        (2, {"A": 1, "B": 3}, {"A": 0, "B": 2}, ()),
    ],
)  # fmt: skip
def test_what_is_shared_by_largest_remainders(total, weights, parts, tied):
    """Planted bugs: round half up; the first in the alphabet before the greater weight."""
    found = largest_remainder(total, {code: Decimal(w) for code, w in weights.items()})
    assert (dict(found.parts), found.tied) == (parts, tied)


@given(st.integers(0, 200), WEIGHTS)
def test_shares_sum_to_the_whole_and_are_off_by_less_than_one(total, weights):
    """Planted bug: remainders of rounded shares."""
    parts = largest_remainder(total, weights).parts
    assert sum(parts.values()) == total
    every = sum(map(Fraction, weights.values()))
    for code, weight in weights.items():
        exact = total * Fraction(weight) / every if every else Fraction(total, len(weights))
        assert abs(parts[code] - exact) < 1


@given(st.integers(0, 200), WEIGHTS)
def test_who_weighs_more_gets_no_less(total, weights):
    parts = largest_remainder(total, weights).parts
    for one in weights:
        for other in weights:
            if weights[one] > weights[other]:
                assert parts[one] >= parts[other]


@given(st.integers(0, 200), WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_named_changes_nothing(total, weights, random):
    codes = [*weights]
    random.shuffle(codes)
    again = largest_remainder(total, {code: weights[code] for code in codes})
    assert again == largest_remainder(total, weights)


@given(st.integers(0, 200), WEIGHTS, st.data())
def test_nobody_gets_more_than_there_is_room_for(total, weights, data):
    """Planted bug: what does not fit is lost."""
    most = {code: data.draw(st.integers(0, 30)) for code in weights}
    parts = largest_remainder(total, weights, most).parts
    assert all(parts[code] <= most[code] for code in weights)
    assert sum(parts.values()) == min(total, sum(most.values()))


CLAIMANTS = st.lists(
    st.builds(
        Claimant,
        unit=st.sampled_from("ABC"),
        base=st.decimals(0, 1_000_000, places=2),
        coefficient=st.decimals(0, 2, places=2),
        months=st.integers(1, 12),
    ),
    min_size=1,
    max_size=8,
)


@given(CLAIMANTS, st.decimals(0, 1_000_000, places=2))
def test_a_bonus_never_exceeds_its_budget_and_uses_it_where_it_is_scarce(claimants, budget):
    """Planted bugs: each is rounded half up; what rounding leaves is lost."""
    found = bonus(claimants, budget)
    assert found.total <= budget
    exact = sum(
        (Fraction(c.base) * Fraction(c.coefficient) * c.months / 12 for c in claimants), Fraction(0)
    )
    if exact > Fraction(budget):
        assert found.total == budget
    else:
        assert exact - Fraction(found.total) < Fraction(len(claimants), 100)


@given(st.integers(1, 11), st.decimals(1, 100_000, places=2), st.decimals(0, 2, places=1))
def test_whoever_moved_is_paid_for_each_month_once(months, base, coefficient):
    """Planted bug: months are counted up to a whole year in both units."""
    parts = [
        Claimant("A", base, coefficient, months),
        Claimant("B", base, coefficient, 12 - months),
    ]
    whole = bonus([Claimant("A", base, coefficient)], Decimal(10_000_000)).total
    moved = bonus(parts, Decimal(10_000_000)).total
    assert Decimal(0) <= whole - moved <= Decimal("0.01")


@pytest.mark.parametrize(
    ("coefficients", "spread"),
    [
        (["1.2", "0.9"], "0.2500"),
        (["1", "1"], "0.0000"),
        (["0", "0"], None),
        (["1.2", "0"], "1.0000"),
        (["1.2"], None),
    ],
)
def test_how_flat_a_distribution_is(coefficients, spread):
    """Planted bug: one unit alone is as far from the others as all that get the same."""
    by_unit = zip("AB", coefficients, strict=False)
    found = bonus([Claimant(unit, Decimal(1), Decimal(c)) for unit, c in by_unit], Decimal(9))
    assert found.spread == (None if spread is None else Decimal(spread))


@pytest.mark.parametrize(
    ("heads", "rate", "places"), [(7, "0.3", 2), (10, "0.2", 2), (19, "0.15", 2), (0, "0.2", 0)]
)
def test_how_many_may_be_excellent(heads, rate, places):
    """Planted bug: floats (10 x 0.2)."""
    assert quota(heads, Decimal(rate)) == places
