"""What a score sheet gives a unit, as it is ordered and graded; the sheet made the totals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from chassis.refusals import Conflict

_NOTHING = Decimal(0)


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
    """The points that an indicator of a block is worth to a unit, and how many it scored."""

    points: Decimal
    score: Decimal
    block: str = ""


@dataclass(frozen=True, slots=True)
class GradeCap:
    """The best grade that a unit may have, because a check found fraud in an indicator."""

    grade: str
    indicator: str
    check: str


class VetoedTotalMissing(Conflict):
    """The score sheet does not tell the total in which a vetoed block counts for nothing."""

    zh = "得分表没有给出被否决板块不计分时的总分。"
    remedy = (
        "Compute the score sheet again, then the ranking; if the scheme names the block in no "
        "veto, have it do so.",
        "请重新计算得分表后再排名；方案的一票否决事项未列该板块的，请先在方案中列明。",
    )


def counted(points: Decimal) -> Decimal:
    """Return what counts of points in a block that is vetoed: nothing, unless they are below it,
    for a veto is nobody's gain."""
    return min(points, _NOTHING)


def counted_blocks(blocks: Mapping[str, Decimal], vetoed: Collection[str]) -> dict[str, Decimal]:
    """Return the points of blocks as they count where some are vetoed."""
    return {code: counted(each) if code in vetoed else each for code, each in blocks.items()}


@dataclass(frozen=True, slots=True)
class VetoedTotal:
    """The totals of a unit that the score sheet gives if these blocks are vetoed."""

    blocks: tuple[str, ...]
    base_total: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Marks:
    """What the score sheet gives one unit, complete: its totals, points per block and scores per
    indicator.

    `adjustment` is bonus minus deductions, as far as the scheme counts them, in points;
    `deductions` are what was taken off alone, not below 0, `grade_caps` what fraud leaves it.
    `vetoed_totals` are what the sheet says of vetoed blocks.
    """

    unit: str
    blocks: Mapping[str, Decimal]
    base_total: Decimal
    adjustment: Decimal
    final_total: Decimal
    scores: Mapping[str, IndicatorScore] = field(default_factory=dict)
    deductions: Decimal = Decimal(0)
    grade_caps: tuple[GradeCap, ...] = ()
    vetoed_totals: tuple[VetoedTotal, ...] = ()

    def without(self, vetoed: frozenset[str]) -> "Marks":
        """Return the same where some blocks are vetoed, with the totals that the sheet tells."""
        if not vetoed:
            return self
        found = next((each for each in self.vetoed_totals if vetoed == {*each.blocks}), None)
        if found is None:
            raise VetoedTotalMissing(
                f"{self.unit} without {', '.join(sorted(vetoed))}.",
                f"单位{self.unit}，板块{'、'.join(sorted(vetoed))}。",
                unit=self.unit,
                blocks=sorted(vetoed),
            )
        scores = {
            code: replace(each, score=counted(each.score)) if each.block in vetoed else each
            for code, each in self.scores.items()
        }
        return replace(
            self,
            blocks=counted_blocks(self.blocks, vetoed),
            base_total=found.base_total,
            final_total=found.total,
            scores=scores,
        )

    def rounded(self, rounding: Rounding) -> "Marks":
        """Return the same with exactly the scheme's decimal places, as they are compared."""
        return replace(
            self,
            blocks={block: rounding.apply(points) for block, points in self.blocks.items()},
            base_total=rounding.apply(self.base_total),
            adjustment=rounding.apply(self.adjustment),
            final_total=rounding.apply(self.final_total),
        )
