"""What a score sheet gives a unit, as it is ordered and graded; the sheet made the totals."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
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
class Composition:
    """Which blocks make the total, whether points are deducted from it, and what it is at most.

    How they make it is no matter of a ranking: the score sheet says what it comes to.
    """

    parts: tuple[str, ...]
    deductions: bool = False
    max_total: Decimal | None = None


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
