"""Rankings that others published, with equal scores, held against ours: three rules for ties.

Where the printed ranks are not those of the printed scores, the units of which that is so are
named, and are exactly these. Planted bug: dense ranks counted as those that skip.
"""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from ranking.rules.marks import Marks
from ranking.rules.order import RankPolicy, rank

PUBLISHED = yaml.safe_load(
    (Path(__file__).parent / "published-rankings.yaml").read_text(encoding="utf-8")
)


def totals(rows, high):
    """Give the units with a score; where places are by order alone, their codes are in that."""
    return [
        Marks(f"{n:03} {name}", {}, points, Decimal(0), points)
        for n, (_, name, score) in enumerate(rows)
        if score is not None
        for points in [Decimal(score) if high else -Decimal(score)]
    ]


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_ranking_is_ours(name):
    """Also from the rows in reverse. What is listed without a score has a rank there and none
    here: those below it stand one place higher."""
    table = PUBLISHED[name]
    rows = table["rows"]
    told = {f"{n:03} {unit}": place for n, (place, unit, _) in enumerate(rows)}
    unrated = sorted(place for place, _, score in rows if score is None)
    for order in (rows, [*reversed(rows)]):
        given = totals(rows, table["high_is_better"])
        if order is not rows:
            given.reverse()
        found = {e.total.unit: e.rank for e in rank(given, RankPolicy((), table["ties"]))}
        ours = {u: place + sum(told[u] > each for each in unrated) for u, place in found.items()}
        other = {unit.split()[1] for unit, place in ours.items() if place != told[unit]}
        assert other == {*table["not_by_score"]}


@pytest.mark.parametrize("name", PUBLISHED)
def test_no_other_rule_for_ties_gives_a_published_ranking(name):
    """The tables tell the three rules apart: each has equal scores."""
    table = PUBLISHED[name]
    scores = [score for *_, score in table["rows"] if score is not None]
    assert len({*scores}) < len(scores)
    told = [place for place, _, score in table["rows"] if score is not None]
    for ties in {"dense", "ordinal", "same_rank_skip"} - {table["ties"]}:
        given = totals(table["rows"], table["high_is_better"])
        found = {e.total.unit: e.rank for e in rank(given, RankPolicy((), ties))}
        differing = sum(found[e.unit] != place for e, place in zip(given, told, strict=True))
        assert differing > len(table["not_by_score"])
