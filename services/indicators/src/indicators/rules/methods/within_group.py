"""Methods that hold a unit against the other units of its category."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault, pointer
from indicators.rules.forms import ENDINGS, VOLUME, YEAR
from indicators.rules.methods.against_target import cap_below_base
from indicators.rules.methods.expression import OneValue
from indicators.rules.methods.method import AimedValue, OfOneValue
from indicators.rules.methods.parameters import unless
from indicators.rules.values import (
    Direction,
    NotNegative,
    Number,
    NumberOrNull,
    Positive,
    Ratio,
    Share,
    StepMode,
    Table,
    Word,
    YesNo,
)


@dataclass(frozen=True, slots=True)
class RankPoints(OneValue):
    """排位赋分: the first has all points and each place lower costs `step_ratio` of them; or a
    place has the points that a `table` sets for it, and none beyond it.

    Places are counted from the `top` or from the `bottom`. Equal values share the better place
    (`same_rank_skip`, `dense`), have the mean of their places (`average`), or none (`forbidden`).
    Nobody falls under `floor_ratio` of the points, nor under zero unless that is allowed. Units
    whose `volume` is under `minimum_volume` have no place. With a `period` every period is
    ranked, and the year is the mean of its periods.
    """

    step_ratio: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    table: Annotated[Mapping[str, Decimal] | None, Table(Number(), null=True)] = None
    from_: Annotated[str, Word(("top", "bottom"))] = "top"
    rank_by: Direction = "higher"
    tie: Annotated[str, Word(("same_rank_skip", "dense", "average", "forbidden"))] = (
        "same_rank_skip"
    )
    floor_ratio: Share = Decimal(0)
    allow_below_zero: YesNo = False
    minimum_volume: Annotated[Decimal | None, Number(above=0, null=True)] = None
    period: Annotated[str | None, Word(("month", "quarter", "half_year"), null=True)] = None
    period_combine: Annotated[str, Word(("mean",))] = "mean"

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield steps and table together or neither, and a table whose places are not places."""
        yield from unless(
            (self.step_ratio is None) != (self.table is None),
            f"{at}/step_ratio",
            "step-or-table",
            "Give either step_ratio or table.",
            "`step_ratio` 与 `table` 须且只能填一项。",
        )
        for place, points in (self.table or {}).items():
            here = f"{at}/table{pointer(place)}"
            yield from unless(
                place.isascii() and place.isdecimal() and place[0] != "0",
                here,
                "not-a-place",
                "A place is a whole number from 1.",
                "名次应为从 1 起的整数。",
            )
            yield from unless(
                points >= 0 or self.allow_below_zero,
                here,
                "below-zero",
                "Points below zero need allow_below_zero.",
                "负分须设置 `allow_below_zero`。",
            )

    def fixed(self) -> object:
        """Return how the order is made."""
        order = (self.from_, self.rank_by, self.tie, self.minimum_volume, self.period)
        return order, OneValue.fixed(self)

    def periods(self) -> tuple[str, ...]:
        """Return the periods that are ranked one by one."""
        return ENDINGS[self.period]

    def carries_over(self) -> bool:
        """Say whether periods are ranked one after another."""
        return self.period is not None

    def beside(self) -> tuple[str, ...]:
        """Return the volume where too little of it keeps a unit from being ranked."""
        return () if self.minimum_volume is None else (VOLUME,)

    def computed_for(self) -> tuple[str, ...]:
        """Return how the periods end that are ranked one by one, or the year's."""
        return ENDINGS[self.period] or YEAR

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return what is entered, for the periods that are ranked: of others nobody ranks it."""
        if self.composite is not None:
            return OneValue.lends(self)
        return dict.fromkeys((self.key(), *self.beside()), self.computed_for())


@dataclass(frozen=True, slots=True)
class RelativeToBest(OneValue):
    """Points times value / highest value of the category."""


@dataclass(frozen=True, slots=True)
class Efficacy(OneValue):
    """功效系数法: the not-allowed value gets `base_ratio` of the points, the satisfactory one all.

    The two are the lowest and the highest of the category, or `fixed` as low and high; they
    change places where lower is better. A value beyond them counts as the bound when `clamp`.
    """

    base_ratio: Share
    bounds: Annotated[str, Word(("group_min_max", "fixed"))] = "group_min_max"
    low: NumberOrNull = None
    high: NumberOrNull = None
    direction: Direction = "higher"
    clamp: YesNo = True

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield fixed bounds that are missing, unused, or in the wrong order."""
        yield from _bounds(self.bounds == "fixed", self.low, self.high, at)

    def fixed(self) -> object:
        """Return whether and how the group is compared."""
        return self.bounds, self.direction, OneValue.fixed(self)

    def compares(self) -> bool:
        """Say whether the bounds are those of the group, and not the scheme's own."""
        return self.bounds != "fixed"

    def idle(self) -> Iterator[str]:
        """Yield what is said of values beyond the bounds where these are the values' own, or
        where all values are worth the same."""
        if not self.clamp and (self.bounds != "fixed" or self.base_ratio == 1):
            yield "clamp"


class LinearEfficacy(Efficacy):
    """功效系数法 in a line: from `base_ratio` of the points to all of them."""

    __slots__ = ()


class ExponentialEfficacy(Efficacy):
    """功效系数法 along an exponential: the points times a power of `base_ratio`."""

    __slots__ = ()

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a base of 0 where values lie beyond the better bound: 0 has no power below 0."""
        yield from Efficacy.faults(self, at)
        yield from unless(
            self.clamp or self.base_ratio > 0,
            f"{at}/base_ratio",
            "base-without-powers",
            "Without clamp the base is above 0.",
            "`clamp` 为 `false` 时，基础比例须大于 0。",
        )


@dataclass(frozen=True, slots=True)
class MinMax(OneValue):
    """极差标准化: points times where the value lies between `low` and `high`, on a logarithmic
    scale when `log`.

    `goalposts` are set here; those of the `group` are its lowest and highest value. A value
    beyond them counts as the bound when `clamp`.
    """

    bounds: Annotated[str, Word(("goalposts", "group"))]
    low: NumberOrNull = None
    high: NumberOrNull = None
    log: YesNo = False
    direction: Direction = "higher"
    clamp: YesNo = True

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield goalposts that are missing, unused, in the wrong order, or have no logarithm."""
        yield from _bounds(self.bounds == "goalposts", self.low, self.high, at)
        yield from unless(
            not self.log or self.low is None or self.low > 0,
            f"{at}/low",
            "no-logarithm",
            "A logarithmic scale begins above 0.",
            "对数标准化要求下限大于 0。",
        )

    def fixed(self) -> object:
        """Return whether and how the group is compared."""
        return self.bounds, self.direction, OneValue.fixed(self)

    def compares(self) -> bool:
        """Say whether the bounds are those of the group, and not the scheme's own."""
        return self.bounds != "goalposts"

    def idle(self) -> Iterator[str]:
        """Yield what is said of values beyond the bounds where these are the values' own."""
        if self.bounds == "group" and not self.clamp:
            yield "clamp"


@dataclass(frozen=True, slots=True)
class ZScore(OneValue):
    """标准分: points times (`centre` + `spread` × z) / `scale`, z the distance from the mean of
    the category in its standard deviations; within 0 and `scale` when `clamp`.

    The `deviation` is that of a whole `population`, or of a `sample` of one.
    """

    centre: Annotated[Decimal, Number()] = Decimal(60)
    spread: Positive = Decimal(10)
    scale: Positive = Decimal(100)
    clamp: YesNo = True
    direction: Direction = "higher"
    deviation: Annotated[str, Word(("population", "sample"))] = "population"

    def fixed(self) -> object:
        """Return whether more or less is better, and how far units are apart."""
        return self.direction, self.deviation, OneValue.fixed(self)


@dataclass(frozen=True, slots=True)
class PercentileRank(OneValue):
    """百分位: points times the share of the other units that are worse; equal ones count not at
    all (`low`), by half, or wholly (`high`)."""

    direction: Direction = "higher"
    ties: Annotated[str, Word(("low", "half", "high"))] = "half"

    def fixed(self) -> object:
        """Return how the order is made."""
        return self.direction, self.ties, OneValue.fixed(self)


@dataclass(frozen=True, slots=True)
class StepsFrom(OneValue):
    """参照差值计分: `base_ratio` of the points at a reference; each `step` on the worse side of it
    costs `points_per_step`, down to zero, and one on the better side earns `bonus_per_step`, up to
    `cap_ratio` of the points.

    The reference is the `mean`, the `median` or the `best` of the category, or the unit's own
    `baseline`. A step is in the value's own measure, or `step_pct` percent of the reference. Part
    of one counts in part (`proportional`), as a whole one (`whole_up`) or not at all
    (`whole_down`).
    """

    reference: Annotated[str, Word(("mean", "median", "best", "baseline"))]
    direction: Direction
    points_per_step: Positive
    step_mode: StepMode
    step: Annotated[Decimal | None, Number(above=0, null=True)] = None
    step_pct: Annotated[Decimal | None, Number(above=0, null=True)] = None
    base_ratio: Share = Decimal(1)
    bonus_per_step: NotNegative = Decimal(0)
    cap_ratio: Ratio = Decimal(1)

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield steps of both kinds or none, and a cap under what the reference itself is worth."""
        yield from unless(
            (self.step is None) != (self.step_pct is None),
            f"{at}/step",
            "step-or-percent",
            "Give either step or step_pct.",
            "`step` 与 `step_pct` 须且只能填一项。",
        )
        yield from cap_below_base(self.cap_ratio, self.base_ratio, at)

    def fixed(self) -> object:
        """Return what a value is held against, and whether more or less is better."""
        return self.reference, self.direction, OneValue.fixed(self)

    def compares(self) -> bool:
        """Say whether the reference is the group's, and not the unit's own."""
        return self.reference != "baseline"

    def held_against(self) -> Sequence[AimedValue]:
        """Return the baseline, where that is the reference."""
        return ("baseline",) if self.reference == "baseline" else ()

    def idle(self) -> Iterator[str]:
        """Yield a bonus that nobody can get, and a cap on none."""
        best = self.reference == "best"
        if self.bonus_per_step and (best or self.cap_ratio == self.base_ratio):
            yield "bonus_per_step"
        if self.cap_ratio != 1 and (best or not self.bonus_per_step):
            yield "cap_ratio"


@dataclass(frozen=True, slots=True)
class ShareOfSum(OneValue):
    """份额计分: points times the unit's share of the sum of the category by `full_share`, the share
    that earns all points, at most `cap_ratio`; null for an equal share."""

    full_share: Annotated[Decimal | None, Number(above=0, to=1, null=True)] = None
    cap_ratio: Ratio = Decimal(1)


def _bounds(fixed: bool, low: Decimal | None, high: Decimal | None, at: str) -> Iterator[Fault]:
    for name, bound in (("low", low), ("high", high)):
        yield from unless(
            fixed == (bound is not None),
            f"{at}/{name}",
            "bounds-of-group",
            "Fixed bounds have low and high; the bounds of the group have neither.",
            "固定界限须给出 `low` 与 `high`；取组内界限则均不得给出。",
        )
    if low is not None and high is not None:
        yield from unless(
            low < high,
            f"{at}/high",
            "bounds-reversed",
            "The bound high must be above low.",
            "上限须大于下限。",
        )


METHODS: Mapping[str, type[OfOneValue]] = {
    "rank_points": RankPoints,
    "relative_to_best": RelativeToBest,
    "efficacy_linear": LinearEfficacy,
    "efficacy_exp": ExponentialEfficacy,
    "min_max": MinMax,
    "z_score": ZScore,
    "percentile_rank": PercentileRank,
    "steps_from": StepsFrom,
    "share_of_sum": ShareOfSum,
}
"""The methods of this file by their names in a scheme."""
