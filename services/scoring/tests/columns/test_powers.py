"""Geometric means are rounded to the digits that each of them would give by itself, ties too."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from scoring.rules.columns.powers import Means
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.of_children import mean_of_shares
from service_testing import trials

PLACES = 4


class Asked:
    """Geometric means of rows of scores of so many points each, which remember who was asked."""

    def __init__(
        self, rows: Sequence[Sequence[Fraction]], worths: Sequence[Fraction], weights=None, points=1
    ) -> None:
        self.rows, self.points, self.worths = rows, Fraction(points), worths
        self.given = [Fraction(each) for each in weights or [1] * len(worths)]
        self.asked: list[int] = []
        columns = [Quotients.of([row[n] for row in rows]) for n in range(len(worths))]
        ratios = [(c, 1 / Fraction(w)) for c, w in zip(columns, worths, strict=True)]
        own = [each / sum(self.given) for each in self.given]
        self.column = Means(self.points, ratios, own, self.find)

    def find(self, row: int) -> Fraction:
        self.asked.append(row)
        pairs = zip(self.rows[row], self.worths, strict=True)
        ratios = {str(n): Fraction(score) / worth for n, (score, worth) in enumerate(pairs)}
        weights = {str(n): each for n, each in enumerate(self.given)}
        return self.points * mean_of_shares("geometric", ratios, weights)

    def one_by_one(self, places=PLACES) -> list[int]:
        """Round what is found row by row."""
        exact = Quotients.of([self.find(row) for row in range(len(self.rows))])
        return exact.settled(places).array.tolist()

    def settled(self, places=PLACES) -> list[int]:
        self.asked.clear()
        return self.column.settled(places).array.tolist()


def drawn(seed: int) -> Asked:
    """Few and many children; every other row lies at a tie, on a digit, or just beside one."""
    chance = Random(f"means {seed}")  # noqa: S311 - nothing here is a secret
    children = chance.randint(1, 7)
    worths = [Fraction(chance.choice([1, 2, 5, 10, "12.5", 100])) for _ in range(children)]
    weights = chance.choice([None, [chance.randint(900, 1100) for _ in worths]])
    rows = []
    for _ in range(60):
        share = Fraction(chance.randint(0, 20_001), 20_000)  # half a digit at four places
        if chance.random() < 0.5:
            beside = chance.choice([0, 0, 0, Fraction(1, 10**15), Fraction(-1, 10**15)])
            rows.append([(share + beside) * worth for worth in worths])
        else:
            rows.append([Fraction(chance.randint(0, 10_000), 10_000) * each for each in worths])
    return Asked(rows, worths, weights, chance.choice([1, 3, 40, 1000]))


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(trials(40, 400)))
def test_a_column_of_means_rounds_as_each_of_them_does(seed):
    """Planted bugs: no row is in doubt; a doubt of a single unit of the last place; children of
    nothing left out of the product; weights that are not taken in proportion."""
    of = drawn(seed)
    expected = {places: of.one_by_one(places) for places in (0, 2, PLACES)}
    for places, units in expected.items():
        assert of.settled(places) == units, places


def test_ties_are_worked_out_and_what_is_no_tie_is_not():
    """Planted bug: every row worked out."""
    ties = [[Fraction(n, 20_000)] * 3 for n in range(1, 200, 2)]
    clear = [[Fraction(n, 977), Fraction(1, 3), Fraction(2, 7)] for n in range(1, 200)]
    of = Asked([*ties, *clear], [Fraction(1)] * 3)

    assert of.settled()[: len(ties)] == list(range(1, 101))
    assert of.asked == list(range(100))


def test_what_floats_cannot_hold_is_worked_out():
    """Planted bugs: numbers of more than 64 bits through floats; the largest rounded by them,
    which then are no 64 bits either."""
    long = Fraction(10**40 + 1)
    for of in (
        Asked([[long, long]], [Fraction(1)] * 2),
        Asked([[Fraction(10**12 + 1)] * 2], [Fraction(1)] * 2),
        Asked([[Fraction(1), Fraction(3)]], [Fraction(10**120)] * 2, points=10**120),
        Asked([[Fraction(1), Fraction(3)]], [Fraction(1)] * 2, points=10**30),
    ):
        assert of.settled() == of.one_by_one()
    assert Asked([[long, long]], [Fraction(1)] * 2).settled() == [int(long) * 10**PLACES]


def test_one_row_is_told_without_the_others():
    of = Asked([[Fraction(4), Fraction(9)], [Fraction(2), Fraction(3)]], [Fraction(1)] * 2)

    assert (of.column.at(0), len(of.column), of.asked) == (6, 2, [0])
    assert of.column.take(np.array([1])).at(0) == of.find(1)
