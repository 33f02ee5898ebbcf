"""How a unit's total is composed of its blocks and its adjustment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """Which blocks add up to the base total, whether points are deducted from it, and the points
    that the final total may not pass.

    `max_total` is None in schemes that keep the adjustments outside the category's 100 points.
    """

    parts: tuple[str, ...]
    max_total: Decimal | None
    deductions: bool = False


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
    """What the score sheet gives one unit, complete: points per block and scores per indicator.

    `adjustment` is bonus minus deductions, as far as the scheme counts them, in points;
    `deductions` are what was taken off alone, not below 0, `grade_caps` what fraud leaves it.
    """

    unit: str
    blocks: Mapping[str, Decimal]
    adjustment: Decimal
    scores: Mapping[str, IndicatorScore]
    deductions: Decimal = Decimal(0)
    grade_caps: tuple[GradeCap, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """A unit's composed result in points, rounded as the scheme says.

    `scores` of the indicators and `deductions` are what else may tell equal totals apart.
    """

    unit: str
    blocks: Mapping[str, Decimal]
    base_total: Decimal
    adjustment: Decimal
    final_total: Decimal
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    deductions: Decimal = Decimal(0)


def compose(marks: Marks, composition: Composition, rounding: Rounding) -> Total:
    """Add up one unit: its parts and its adjustment, at most `max_total`.

    A block that the scheme does not name as a part is shown but not counted. A part that the
    unit's category does not have contributes nothing; one that it has and that lacks marks does
    not come this far.
    """
    base = sum((marks.blocks.get(part, Decimal(0)) for part in composition.parts), Decimal(0))
    final = base + marks.adjustment
    if composition.max_total is not None:
        final = min(final, composition.max_total)
    return Total(
        unit=marks.unit,
        blocks={block: rounding.apply(points) for block, points in marks.blocks.items()},
        base_total=rounding.apply(base),
        adjustment=rounding.apply(marks.adjustment),
        final_total=rounding.apply(final),
        scores={code: each.score for code, each in marks.scores.items()},
        deductions=marks.deductions,
    )
