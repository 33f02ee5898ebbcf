"""Methods that hold a unit against the other units of its category."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from indicators.rules.methods.parameters import Params
from indicators.rules.values import (
    Direction,
    Number,
    Share,
    Word,
)


@dataclass(frozen=True, slots=True)
class RankPoints(Params):
    """排位赋分: the first has all points, each place lower costs `step_ratio` of them.

    With a `period` every period is ranked, and the year is the mean of its periods.
    """

    step_ratio: Annotated[Decimal, Number(above=0, to=1)]
    rank_by: Direction = "higher"
    tie: Annotated[str, Word(("same_rank_skip", "dense"))] = "same_rank_skip"
    period: Annotated[str | None, Word(("month", "quarter", "half_year"), null=True)] = None
    period_combine: Annotated[str, Word(("mean",))] = "mean"


@dataclass(frozen=True, slots=True)
class RelativeToBest(Params):
    """Points times value / highest value of the category."""


@dataclass(frozen=True, slots=True)
class Efficacy(Params):
    """功效系数法: the lowest of the category gets `base_ratio` of the points, the highest all;
    between them linearly, or exponentially."""

    base_ratio: Share
    bounds: Annotated[str, Word(("group_min_max",))] = "group_min_max"
