"""Methods that hold a value against a target, a threshold or a baseline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from chassis.refusals import Fault
from indicators.rules.methods.expression import OneValue
from indicators.rules.methods.method import AimedValue, OfOneValue
from indicators.rules.methods.parameters import Group, Params, Rows, unless
from indicators.rules.numbers import plain
from indicators.rules.values import (
    AnyNumber,
    Direction,
    InputName,
    NotNegative,
    Number,
    NumberOrNull,
    Positive,
    Ratio,
    Share,
    StepMode,
    Whole,
    Word,
    YesNo,
)


@dataclass(frozen=True, slots=True)
class OverTarget(Params):
    """Every `per_pct_points` percent over the target adds `points`, at most `max_points`."""

    per_pct_points: Positive
    points: NotNegative
    max_points: NotNegative


class AgainstTarget(OfOneValue):
    """A method that holds one value of a unit against what that unit was to reach."""

    __slots__ = ()

    def key(self) -> str:
        """Return the key of the value that was reached."""
        return "actual"

    def compares(self) -> bool:
        """Say that a score looks at one unit alone."""
        return False


@dataclass(frozen=True, slots=True)
class RatioToTarget(AgainstTarget):
    """完成率: points times actual/target (target/actual when lower is better), at most
    `cap_ratio`; zero under `floor_ratio`.

    A target of zero (`when_target_zero`) leaves the score open, is reached by everybody, or by
    nobody. A target that a revision lowered earns nothing over it, unless that is switched off.
    """

    direction: Direction
    cap_ratio: Ratio = Decimal(1)
    floor_ratio: Annotated[Decimal, Number(low=0, to=10)] = Decimal(0)
    over_target: Annotated[OverTarget | None, Group(OverTarget, null=True)] = None
    when_target_zero: Annotated[str, Word(("refuse", "full", "zero"))] = "refuse"
    no_over_target_when_lowered: YesNo = True

    def held_against(self) -> Sequence[AimedValue]:
        """Return the target."""
        return ("target",)

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a floor above the cap."""
        if self.floor_ratio > self.cap_ratio:
            yield Fault(
                f"{at}/floor_ratio",
                "floor-above-cap",
                f"The floor {plain(self.floor_ratio)} is above the cap {plain(self.cap_ratio)}.",
                f"下限 {plain(self.floor_ratio)} 高于上限 {plain(self.cap_ratio)}。",
            )

    def fixed(self) -> object:
        """Return whether more or less is better."""
        return self.direction

    def idle(self) -> Iterator[str]:
        """Yield what is said of a target of zero that is one to stay under, and of a surplus over
        a lowered target where there is none over any."""
        if self.direction == "lower" and self.when_target_zero != "refuse":
            yield "when_target_zero"
        surplus = self.over_target is not None or self.cap_ratio > 1
        if not surplus and not self.no_over_target_when_lowered:
            yield "no_over_target_when_lowered"


@dataclass(frozen=True, slots=True)
class SteppedDeduction(AgainstTarget):
    """每差…扣…: each `step` short of the target costs `points_per_step`, down to zero.

    Part of a step costs its part (`proportional`), a whole step (`whole_up`) or nothing
    (`whole_down`).
    """

    direction: Direction
    step: Positive
    points_per_step: Positive
    step_mode: StepMode

    def held_against(self) -> Sequence[AimedValue]:
        """Return the target."""
        return ("target",)

    def fixed(self) -> object:
        """Return whether more or less is better."""
        return self.direction


@dataclass(frozen=True, slots=True)
class NamedValue(OneValue):
    """A method whose measured value the scheme may give another name."""

    input: InputName = field(default="value", kw_only=True)

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a name for a value that is not measured."""
        yield from unless(
            self.composite is None or self.input == "value",
            f"{at}/input",
            "input-unused",
            "The value is computed by the composite and not entered under a name.",
            "数值由综合指标计算，不以名称录入。",
        )

    def fixed(self) -> object:
        """Return the name of the value that is entered, or how it is computed."""
        return self.input, OneValue.fixed(self)

    def key(self) -> str:
        """Return the name that the scheme gives the value."""
        return self.input

    def compares(self) -> bool:
        """Say that a score looks at one unit alone."""
        return False


@dataclass(frozen=True, slots=True)
class Tier(Params):
    """A tier (档) of `points`, bounded below by `min` or above by `max`, bound included."""

    points: NotNegative
    min: NumberOrNull = None
    max: NumberOrNull = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a tier that has no bound or two."""
        if (self.min is None) == (self.max is None):
            yield Fault(
                at,
                "tier-bounds",
                "A tier has either min or max.",
                "每档须且只能有 `min`、`max` 之一。",
            )


@dataclass(frozen=True, slots=True)
class Tiers(NamedValue):
    """分档: the points of the first tier that the value reaches, else `else_points`.

    Lower bounds stand from high to low, upper bounds from low to high, so no tier hides another.
    The value is compared as it was measured (`raw`), or `rounded` half up to `places` decimals.
    With `interpolate` the points run in a line from one bound to the next.
    """

    tiers: Annotated[tuple[Tier, ...], Rows(Tier)]
    else_points: NotNegative = Decimal(0)
    compare: Annotated[str, Word(("raw", "rounded"))] = "raw"
    places: Annotated[int | None, Whole(0, 10, null=True)] = None
    interpolate: YesNo = False

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield tiers that cannot be told apart, and rounding without its places."""
        yield from tier_faults(self.tiers, f"{at}/tiers")
        yield from unless(
            (self.compare == "rounded") == (self.places is not None),
            f"{at}/places",
            "places-of-rounding",
            "The places are given where the value is rounded, and only there.",
            "按舍入值比较时须给出小数位数，否则不得给出。",
        )
        yield from NamedValue.faults(self, at)

    def idle(self) -> Iterator[str]:
        """Yield what is said of the way between tiers where all have the same points."""
        if self.interpolate and len({tier.points for tier in self.tiers}) == 1:
            yield "interpolate"


def tier_faults(tiers: Sequence[Tier], at: str) -> Iterator[Fault]:
    """Yield bounds of both kinds, and tiers that a former tier already covers."""
    below = [tier.min for tier in tiers if tier.min is not None]
    above = [tier.max for tier in tiers if tier.max is not None]
    if below and above:
        yield Fault(
            at,
            "tiers-mixed",
            "All tiers have min, or all have max.",
            "各档须统一用 `min` 或统一用 `max`。",
        )
    else:
        # Turned over, lower bounds must rise from tier to tier as upper ones do.
        yield from _not_rising([-bound for bound in below] or above, at)


def _not_rising(bounds: Sequence[Decimal], at: str) -> Iterator[Fault]:
    for i, (former, later) in enumerate(pairwise(bounds), 1):
        if later <= former:
            yield Fault(
                f"{at}/{i}",
                "tiers-overlap",
                f"Tier {i + 1} lies within tier {i}: order min downwards, max upwards.",
                f"第 {i + 1} 档落在第 {i} 档之内：`min` 应由高到低，`max` 应由低到高。",
            )


@dataclass(frozen=True, slots=True)
class AllOrNothing(NamedValue):
    """达标制: all points at `threshold` or above, measured before any rounding, else none."""

    threshold: AnyNumber


@dataclass(frozen=True, slots=True)
class BaselineGrowth(AgainstTarget):
    """基数法: the baseline reached gives `base_ratio` of the points; each `step_pct` percent of
    growth adds `points_per_step`, up to `cap_ratio`.

    Below it points fall in proportion to the level, or by the same steps (`symmetric`), to zero.
    """

    base_ratio: Share
    step_pct: Positive
    points_per_step: NotNegative
    cap_ratio: Ratio = Decimal(1)
    below_base: Annotated[str, Word(("proportional", "symmetric"))] = "proportional"

    def held_against(self) -> Sequence[AimedValue]:
        """Return the baseline."""
        return ("baseline",)

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield a cap under what the baseline itself is worth."""
        yield from cap_below_base(self.cap_ratio, self.base_ratio, at)


def cap_below_base(cap: Decimal, base: Decimal, at: str) -> Iterator[Fault]:
    """Yield a cap under what a unit has from the start; both are shares of the points."""
    if cap < base:
        yield Fault(
            f"{at}/cap_ratio",
            "cap-below-base",
            f"The cap {plain(cap)} is under the base {plain(base)}.",
            f"上限 {plain(cap)} 低于基础比例 {plain(base)}。",
        )


@dataclass(frozen=True, slots=True)
class Pledge(AgainstTarget):
    """自报数: points times actual/target; every percent over the target adds `bonus_coef` of the
    points, every percent over one's own pledge costs `deduct_coef`, all at most `cap_ratio`."""

    bonus_coef: NotNegative
    deduct_coef: NotNegative
    cap_ratio: Annotated[Decimal | None, Number(above=0, to=10, null=True)] = None

    def held_against(self) -> Sequence[AimedValue]:
        """Return the target, and what the unit pledged."""
        return ("target", "pledge")


METHODS: Mapping[str, type[OfOneValue]] = {
    "ratio_to_target": RatioToTarget,
    "stepped_deduction": SteppedDeduction,
    "tiers": Tiers,
    "all_or_nothing": AllOrNothing,
    "baseline_growth": BaselineGrowth,
    "pledge": Pledge,
}
"""The methods of this file by their names in a scheme."""
