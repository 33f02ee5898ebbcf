"""What a score sheet gives a unit, as it is ordered and graded; the sheet made the totals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rounding:
    """How the scheme rounds: half up, to `places` decimal places."""

    places: int
    mode: Literal["half_up"]

    def apply(self, number: Decimal) -> Decimal:
        """Return the number with exactly the scheme's decimal places."""
        return number.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class PartOfTotal:
    """How a block comes to the total: its points out of `scale` are converted to `points`, no more
    than `cap` of these count, and they count by `weight`."""

    block: str
    scale: Decimal | None = None
    points: Decimal | None = None
    weight: Decimal | None = None
    cap: Decimal | None = None

    @property
    def ratio(self) -> Fraction:
        """What one point of the block is converted to."""
        if self.scale is None or self.points is None:
            return Fraction(1)
        return Fraction(self.points) / Fraction(self.scale)


@dataclass(frozen=True, slots=True)
class AdjustmentPlace:
    """The part that bonus and deductions belong inside of, within its cap."""

    into: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Which blocks make the total, whether points are deducted from it, and what it is at most.

    The score sheet makes the totals. How is known here to tell what a block is worth in them:
    `by_part` how a block comes to the total, `adjustment` where bonus and deductions stand inside
    of one, `rounding` what is rounded, `lacking` what becomes of the weights where a part is not
    there.
    """

    parts: tuple[str, ...]
    deductions: bool = False
    max_total: Decimal | None = None
    by_part: tuple[PartOfTotal, ...] = ()
    adjustment: AdjustmentPlace | None = None
    rounding: Literal["at_end", "each_part"] = "at_end"
    lacking: Literal["refused", "nothing", "scaled_up"] = "refused"

    @property
    def into(self) -> str | None:
        """The part that bonus and deductions stand inside of; None where they stand beside."""
        return None if self.adjustment is None else self.adjustment.into

    def settings_of(self, block: str) -> PartOfTotal:
        """Return how a block comes to the total."""
        return next((each for each in self.by_part if each.block == block), PartOfTotal(block))

    def worths(self, there: Collection[str]) -> dict[str, Fraction]:
        """Return what a point of each part that is `there` is worth in the total, as long as no cap
        cuts it."""
        found = {code: self.settings_of(code) for code in self.parts if code in there}
        own = {c: Fraction(1 if e.weight is None else e.weight) for c, e in found.items()}
        given = sum((own[c] for c, e in found.items() if e.weight is not None), Fraction(0))
        whole = given if self.lacking == "scaled_up" and given else Fraction(1)
        return {code: each.ratio * own[code] / whole for code, each in found.items()}


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """The points that an indicator is worth to a unit, and how many of them it scored."""

    points: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class GradeCap:
    """The best grade that a unit may have, because a check found fraud in an indicator."""

    grade: str
    indicator: str
    check: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What the score sheet gives one unit, complete: its totals, points per block and scores per
    indicator.

    `adjustment` is bonus minus deductions, as far as the scheme counts them, in points;
    `deductions` are what was taken off alone, not below 0, `grade_caps` what fraud leaves it.
    """

    unit: str
    blocks: Mapping[str, Decimal]
    base_total: Decimal
    adjustment: Decimal
    final_total: Decimal
    scores: Mapping[str, IndicatorScore] = field(default_factory=dict)
    deductions: Decimal = Decimal(0)
    grade_caps: tuple[GradeCap, ...] = ()

    def rounded(self, rounding: Rounding) -> "Marks":
        """Return the same with exactly the scheme's decimal places, as they are compared."""
        return replace(
            self,
            blocks={block: rounding.apply(points) for block, points in self.blocks.items()},
            base_total=rounding.apply(self.base_total),
            adjustment=rounding.apply(self.adjustment),
            final_total=rounding.apply(self.final_total),
        )
