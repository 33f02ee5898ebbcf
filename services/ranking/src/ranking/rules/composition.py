"""How a unit's total is composed of its blocks, its bonus and its deductions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Literal

from chassis.refusals import Conflict


class SheetIncomplete(Conflict):
    """The score sheet lacks marks, so that nothing can be ranked."""

    zh = "评分表缺少得分，无法排名。"


@dataclass(frozen=True, slots=True)
class Rounding:
    """How the scheme rounds: to `places` decimal places, the half upwards or to the even digit."""

    places: int = 4
    mode: Literal["half_up", "half_even"] = "half_up"

    def apply(self, number: Decimal) -> Decimal:
        """Return the number with exactly the scheme's decimal places."""
        rule = ROUND_HALF_UP if self.mode == "half_up" else ROUND_HALF_EVEN
        return number.quantize(Decimal(1).scaleb(-self.places), rule)


@dataclass(frozen=True, slots=True)
class Composition:
    """What the scheme adds up: its parts name blocks; bonus and deductions count or do not.

    `max_total` caps the final total, in points; None lets it pass the category's points, as
    schemes do that keep the adjustments outside the 100.
    """

    parts: Sequence[str]
    bonus: bool
    deductions: bool
    max_total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A mark that a unit's sheet lacks, and why; `indicator` is None when the whole sheet does."""

    unit: str
    indicator: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What the score sheet gives one unit: points per block, bonus and deductions both positive."""

    unit: str
    blocks: Mapping[str, Decimal]
    bonus: Decimal
    deductions: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """A unit's composed result in points, rounded as the scheme says."""

    unit: str
    blocks: Mapping[str, Decimal]
    base_total: Decimal
    adjustment: Decimal
    final_total: Decimal


def refuse_gaps(gaps: Iterable[Gap]) -> None:
    """Refuse a sheet with gaps, naming every unit and every indicator at once.

    A ranking of some of the units would be a ranking of other units: one missing mark moves
    everybody's place, so none is computed.
    """
    missing = sorted(gaps, key=lambda gap: (gap.unit, gap.indicator or ""))
    if not missing:
        return
    named = ", ".join(f"{gap.unit} {gap.indicator or '*'}" for gap in missing)
    raise SheetIncomplete(
        f"{len(missing)} marks are missing: {named}.",
        f"缺少{len(missing)}项得分：{named}。",
        missing=[
            {"unit": gap.unit, "indicator": gap.indicator, "reason": gap.reason} for gap in missing
        ],
    )


def compose(marks: Marks, composition: Composition, rounding: Rounding) -> Total:
    """Add up one unit: its parts, plus bonus, minus deductions, at most `max_total`.

    A block that the scheme does not name as a part is shown but not counted. A part that the
    unit's category does not have contributes nothing; a part that it has and that lacks marks
    has been refused before.
    """
    base = sum((marks.blocks.get(part, Decimal(0)) for part in composition.parts), Decimal(0))
    adjustment = Decimal(0)
    if composition.bonus:
        adjustment += marks.bonus
    if composition.deductions:
        adjustment -= marks.deductions
    final = base + adjustment
    if composition.max_total is not None:
        final = min(final, composition.max_total)
    return Total(
        unit=marks.unit,
        blocks={block: rounding.apply(points) for block, points in marks.blocks.items()},
        base_total=rounding.apply(base),
        adjustment=rounding.apply(adjustment),
        final_total=rounding.apply(final),
    )
