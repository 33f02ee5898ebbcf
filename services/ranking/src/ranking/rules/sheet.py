"""The score sheet as ranking reads it; a sheet with gaps is refused whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from chassis.refusals import Conflict
from ranking.rules.composition import Composition, IndicatorScore, Marks
from ranking.rules.scheme import Category


class SheetIncomplete(Conflict):
    """The score sheet lacks marks, so that nothing can be ranked."""

    zh = "评分表缺少得分，无法排名。"


class SheetOfAnotherScheme(Conflict):
    """The score sheet was computed by another version of the scheme."""

    zh = "评分表依据的是方案的另一版本。"


@dataclass(frozen=True, slots=True)
class ScoredIndicator:
    """An indicator in a unit's sheet, in points; `score` is None where an input is missing."""

    indicator: str
    points: Decimal
    score: Decimal | None
    children: "tuple[ScoredIndicator, ...]"

    def walk(self) -> "Iterator[ScoredIndicator]":
        """Yield the indicator and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class MissingMark:
    """An indicator for which the sheet has no score."""

    indicator: str


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One unit's part of the score sheet, with gaps where inputs were missing."""

    unit: str
    blocks: Mapping[str, Decimal | None]
    adjustment: Decimal
    indicator_scores: tuple[ScoredIndicator, ...]
    missing: tuple[MissingMark, ...]

    def walk(self) -> Iterator[ScoredIndicator]:
        """Yield every indicator of the sheet, parents and children."""
        for top in self.indicator_scores:
            yield from top.walk()


def refuse_another_scheme(edition: int, of_sheet: str, in_force: str) -> None:
    """Refuse marks computed by other rules than those that are to rank them, by scheme digests."""
    if of_sheet != in_force:
        raise SheetOfAnotherScheme(
            f"Compute a new score sheet; edition {edition} is of another scheme version.",
            f"请重新计算评分表；第{edition}版依据的是方案的另一版本。",
            edition=edition,
        )


def complete_marks(
    units: Iterable[UnitSheet], category: Category, composition: Composition
) -> list[Marks]:
    """Return the marks of every unit of the category; refuse, naming every gap at once.

    A ranking of some of the units would be another ranking: one missing mark moves everybody's
    place, so none is computed.
    """
    sheets = {each.unit: each for each in units}
    parts = [block.code for block in category.blocks if block.code in composition.parts]
    gaps = [
        (unit, what)
        for unit in sorted(category.units)
        for what in (_gaps(sheets[unit], parts) if unit in sheets else ["*"])
    ]
    if gaps:
        named = ", ".join(f"{unit} {what}" for unit, what in gaps)
        raise SheetIncomplete(
            f"{len(gaps)} marks are missing: {named}.",
            f"缺少{len(gaps)}项得分：{named}。",
            missing=[{"unit": unit, "indicator": what} for unit, what in gaps],
        )
    return [_marks(sheets[unit]) for unit in category.units]


def _gaps(sheet: UnitSheet, parts: list[str]) -> list[str]:
    """Name what a unit lacks: indicators where the sheet knows them, else whole blocks."""
    named = {gap.indicator for gap in sheet.missing}
    unscored = {each.indicator for each in sheet.walk() if each.score is None}
    blocks = {part for part in parts if sheet.blocks.get(part) is None}
    return sorted(named or unscored or blocks)


def _marks(sheet: UnitSheet) -> Marks:
    return Marks(
        unit=sheet.unit,
        blocks={code: points for code, points in sheet.blocks.items() if points is not None},
        adjustment=sheet.adjustment,
        scores={
            each.indicator: IndicatorScore(each.points, each.score)
            for each in sheet.walk()
            if each.score is not None
        },
    )
