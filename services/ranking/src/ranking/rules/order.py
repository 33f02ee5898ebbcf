"""How totals become ranks within one category."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from ranking.rules.composition import Total


@dataclass(frozen=True, slots=True)
class RankPolicy:
    """How the scheme resolves equal totals.

    `tie_break` names blocks; more points in the first of them that differs comes first.
    `ties` says what follows a tie that remains: `same_rank_skip` counts 1224, `dense` 1223.
    `incomplete` says what becomes of a category in which marks are missing: it is refused whole, or
    the units that lack them are left out and the others are ranked among themselves. Ranks are
    those `within` the category, or within each of its sub-categories.
    """

    tie_break: tuple[str, ...]
    ties: Literal["same_rank_skip", "dense"]
    incomplete: Literal["refuse", "leave_out"] = "refuse"
    within: Literal["category", "subcategory"] = "category"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit's total and its place in the category, 1 being the best."""

    total: Total
    rank: int


def rank(totals: Iterable[Total], policy: RankPolicy) -> list[Ranked]:
    """Order the totals, best first; units equal in total and in every key share a rank.

    Totals are compared as the scheme rounds them, so that no digit decides which nobody can see.
    Units that share a rank are listed by code: the order of the input never shows.
    """

    def key(total: Total) -> tuple[Decimal, ...]:
        blocks = (total.blocks.get(block, Decimal(0)) for block in policy.tie_break)
        return tuple(-points for points in (total.final_total, *blocks))

    ranked: list[Ranked] = []
    ordered = sorted(totals, key=lambda total: (key(total), total.unit))
    for distinct, (_, tied) in enumerate(groupby(ordered, key), start=1):
        place = distinct if policy.ties == "dense" else len(ranked) + 1
        ranked.extend(Ranked(total, place) for total in tied)
    return ranked
