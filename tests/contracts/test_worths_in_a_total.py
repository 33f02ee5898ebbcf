"""What a block is worth in a total: ranking and scoring find the same."""

import random
from decimal import Decimal

from ranking.rules.marks import Composition, PartOfTotal
from scoring.rules.scheme.document import Composition as OfScoring
from scoring.rules.scheme.document import PartOfTotal as PartOfScoring
from scoring.rules.sheet.composing import worths


def test_worths_are_those_of_the_score_sheet():
    """As scoring computes them, over drawn compositions. Planted bug: weights of parts that are not
    there are scaled too."""
    chance = random.Random(1)  # noqa: S311 - made-up compositions
    for _ in range(200):
        told = [
            (
                code,
                *chance.choice([(None, None), (Decimal(1000), Decimal(100))]),
                chance.choice([None, Decimal("0.3"), Decimal("0.5")]),
            )
            for code in "abc"
        ]
        lacking = chance.choice(["refused", "nothing", "scaled_up"])
        there = chance.sample("abc", chance.randint(1, 3))
        ours = Composition(
            tuple("abc"), by_part=tuple(PartOfTotal(*e) for e in told), lacking=lacking
        )
        parts = tuple(PartOfScoring(*each) for each in told)
        theirs = OfScoring(
            tuple("abc"),
            bonus=True,
            deductions=True,
            max_total=None,
            by_part=parts,
            lacking=lacking,
        )
        assert ours.worths(there) == worths(theirs, there)
