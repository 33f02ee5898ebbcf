"""How long orders take: 100 replications of 51 units by 49 parts, and ranks and grades of 100,000.

The replications are those of `ranking.rules.uncertainty`: weights of all parts and an error of each
total are drawn, totals are added up and rounded, and ranks found. The marks are made once.
"""

import random
from decimal import Decimal

from benchmarks.measuring import heading, say, taking_turns

from ranking.rules.grades import Candidate, GradePolicy, Level, award
from ranking.rules.marks import Marks
from ranking.rules.order import RankPolicy, rank
from ranking.rules.uncertainty import Draw, Field, Standing

UNITS, PARTS, REPLICATIONS = 51, 49, 100
MANY, TIMES = 100_000, 3
_PLACES, _PERCENT, _SE = 4, 10, Decimal("0.5")


def _field() -> Field:
    chance = random.Random(1)  # noqa: S311 - made-up marks
    points = {f"P{n:02}": Decimal(2) for n in range(PARTS)}
    units = []
    for number in range(UNITS):
        blocks = {code: Decimal(chance.randrange(20_001)).scaleb(-4) for code in points}
        units.append((f"U{number:02}", blocks, sum(blocks.values(), Decimal(0))))
    ordered = sorted(units, key=lambda each: -each[2])
    found = [Standing(u, n, total, b, _SE) for n, (u, b, total) in enumerate(ordered, 1)]
    return Field(found, points, RankPolicy((), "same_rank_skip"), _PLACES)


def _plainly(of: Field) -> list[list[int]]:
    """Do the same in plain Python, a step at a time, by its own generator."""
    chance = random.Random(1)  # noqa: S311 - a reference
    marks = [[float(each) for each in unit.blocks.values()] for unit in of.units]
    worth = [float(each) for each in of.points.values()]
    found = []
    for _ in range(REPLICATIONS):
        factors = [chance.uniform(1 - _PERCENT / 100, 1 + _PERCENT / 100) for _ in worth]
        scale = sum(worth) / sum(f * w for f, w in zip(factors, worth, strict=True))
        totals = [
            round(sum(f * scale * m for f, m in zip(factors, row, strict=True)), _PLACES)
            + chance.gauss(0, float(_SE))
            for row in marks
        ]
        found.append([1 + sum(other > each for other in totals) for each in totals])
    return found


def _graded() -> None:
    policy = GradePolicy(
        ("excellent", "good", "qualified", "unqualified"),
        (
            Level("excellent", Decimal("0.3"), "floor", 0, Decimal(90)),
            Level("good", Decimal("0.5"), "floor", 0, Decimal(80)),
        ),
        Decimal(60),
        "backfill",
        frozenset(),
    )
    ranked = rank(_many(), RankPolicy(("a",), "same_rank_skip"))
    candidates = [Candidate(e.total.unit, e.total.final_total, e.rank) for e in ranked]
    award(policy, "qualified", candidates, MANY)


_MADE: list[Marks] = []


def _many() -> list[Marks]:
    if not _MADE:
        chance = random.Random(1)  # noqa: S311 - made-up marks
        for number in range(MANY):
            total = Decimal(chance.randrange(500_000, 1_000_001)).scaleb(-4)
            _MADE.append(Marks(f"U{number:06}", {"a": total}, total, Decimal(0), total))
    return _MADE


def measure() -> None:
    """Compare the replications with plain Python, and sorting with ranks and grades."""
    heading(f"{REPLICATIONS} replications of {UNITS} units by {PARTS} parts")
    of, draw = _field(), Draw(1, REPLICATIONS, _PERCENT)
    ours, plain = taking_turns([lambda: of.ranges(draw), lambda: _plainly(of)], TIMES)
    say("ranges of ranks", ours, plain, "of plain Python")
    heading(f"ranks and grades of {MANY:,} units")
    made = _many()
    graded, bare = taking_turns(
        [_graded, lambda: sorted(made, key=lambda each: (-each.final_total, each.unit))], TIMES
    )
    say("ranks and grades", graded, bare, "of sorting them")


if __name__ == "__main__":
    measure()
