"""The score sheet as ranking reads it; a sheet with gaps is refused, or its gaps are left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain

from chassis.refusals import Conflict
from ranking.rules.marks import Composition, GradeCap, IndicatorScore, Marks, VetoedTotal
from ranking.rules.scheme import Category


class SheetIncomplete(Conflict):
    """The score sheet lacks marks, so that nothing can be ranked."""

    zh = "得分表缺少得分，无法排名。"
    remedy = (
        "Enter and verify what is missing and compute the score sheet again; or have the scheme "
        "say what becomes of units that lack marks.",
        "请补录并审核缺项后重新计算得分表；或在方案中规定缺少得分的单位如何处理。",
    )


class SheetOfAnotherScheme(Conflict):
    """The score sheet was computed by another version of the scheme."""

    zh = "得分表依据的是方案的另一版本。"
    remedy = (
        "Compute the score sheet again by the scheme in force, then the ranking.",
        "请按现行方案重新计算得分表，再计算排名。",
    )


@dataclass(frozen=True, slots=True)
class ScoredIndicator:
    """An indicator in a unit's sheet, in points; `score` is None where an input is missing.

    `excess` are points lost beyond those of the indicator.
    """

    indicator: str
    block: str
    points: Decimal
    score: Decimal | None
    children: "tuple[ScoredIndicator, ...]"
    excess: Decimal = Decimal(0)

    def walk(self) -> "Iterator[ScoredIndicator]":
        """Yield the indicator and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class MissingMark:
    """An indicator for which the sheet has no score, although the total depends on it, and why."""

    indicator: str
    reason: str = ""
    reason_zh: str = ""


DEDUCTION = "deduction"
"""What a sheet calls a claim that takes points off."""

SHORT_SAMPLE = "short_sample"
"""What a sheet calls the decision on a wave of a survey in which too few answered."""


@dataclass(frozen=True, slots=True)
class SheetDecision:
    """What the sheet did about an indicator whose data were missing or too few, in words."""

    indicator: str
    what: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class ClaimedPoints:
    """What a claim of a unit came to in points, below 0 where they are deducted."""

    unit: str
    kind: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class PartWorth:
    """What a point of a block is worth in a total that is more than a plain sum of blocks."""

    block: str
    worth: Decimal


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One unit's part of the score sheet, with gaps where inputs were missing: then its totals are
    None.

    `claims` of the unit stand elsewhere in the document: `with_claims` adds them.
    """

    unit: str
    blocks: Mapping[str, Decimal | None]
    base_total: Decimal | None
    adjustment: Decimal
    total: Decimal | None
    indicator_scores: tuple[ScoredIndicator, ...]
    missing: tuple[MissingMark, ...]
    decisions: tuple[SheetDecision, ...] = ()
    claims: tuple[ClaimedPoints, ...] = ()
    grade_caps: tuple[GradeCap, ...] = ()
    parts: tuple[PartWorth, ...] = ()
    vetoed_totals: tuple[VetoedTotal, ...] = ()

    def walk(self) -> Iterator[ScoredIndicator]:
        """Yield every indicator of the sheet, parents and children."""
        for top in self.indicator_scores:
            yield from top.walk()

    def named(self) -> set[str]:
        """Return the indicators that the sheet says are missing."""
        return {mark.indicator for mark in self.missing}

    def unscored(self) -> set[str]:
        """Return the indicators that have no score."""
        return {each.indicator for each in self.walk() if each.score is None}


@dataclass(frozen=True, slots=True)
class NormalisedMarks:
    """Marks of a group for an indicator of a category that were put on one scale: how many the
    group has and their mean in points, what they were multiplied by, if they were, and whether
    they are too few and were `kept`."""

    indicator: str
    category: str
    group: str
    coefficient: Decimal | None
    marks: int = 0
    mean: Decimal = Decimal(0)
    kept: bool = False


def with_claims(units: Iterable[UnitSheet], claims: Iterable[ClaimedPoints]) -> list[UnitSheet]:
    """Return the sheets of units, each with what became of its claims."""
    found: dict[str, list[ClaimedPoints]] = {}
    for claim in claims:
        found.setdefault(claim.unit, []).append(claim)
    return [replace(each, claims=tuple(found.get(each.unit, ()))) for each in units]


def refuse_another_scheme(edition: int, of_sheet: str, in_force: str) -> None:
    """Refuse marks computed by other rules than those that are to rank them, by scheme digests."""
    if of_sheet != in_force:
        raise SheetOfAnotherScheme(
            f"Compute a new score sheet; edition {edition} is of another scheme version.",
            f"请重新计算得分表；第{edition}版依据的是方案的另一版本。",
            edition=edition,
        )


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A unit that lacks marks: the blocks it has, and which indicators, blocks or all (`*`) not."""

    unit: str
    blocks: Mapping[str, Decimal]
    adjustment: Decimal
    gaps: tuple[str, ...]
    why: tuple[MissingMark, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryMarks:
    """The units of a category that can be ranked, and those that cannot, in the scheme's order.

    `short_samples` are, by unit, the decisions on waves in which too few answered.
    """

    complete: tuple[Marks, ...]
    incomplete: tuple[Incomplete, ...] = ()
    short_samples: Mapping[str, tuple[SheetDecision, ...]] = field(default_factory=dict)


def marks_to_rank(
    units: Iterable[UnitSheet], category: Category, composition: Composition, *, leave_out: bool
) -> CategoryMarks:
    """Return the marks of the category's units; refuse a category with gaps, naming all at once.

    A ranking of some of the units would be another ranking: one missing mark moves everybody's
    place. Where the scheme wants to `leave_out` units that lack marks, it is computed all the same.
    A mark that is missing in a block that is only shown is no gap.
    """
    sheets = {each.unit: each for each in units}
    lacking = _lacking(sheets, category, composition)
    if any(lacking.values()) and not leave_out:
        raise _refusal(lacking, sheets)
    return CategoryMarks(
        tuple(_marks(sheets[unit], composition) for unit, gaps in lacking.items() if not gaps),
        tuple(_incomplete(unit, sheets.get(unit), gaps) for unit, gaps in lacking.items() if gaps),
        {unit: _short_samples(sheets[unit]) for unit in category.units if unit in sheets},
    )


def _lacking(
    sheets: Mapping[str, UnitSheet], category: Category, composition: Composition
) -> dict[str, tuple[str, ...]]:
    """Return what marks each unit of the category lacks of those that make the total."""
    parts = [block.code for block in category.blocks if block.code in composition.parts]
    return {unit: _gaps(sheets.get(unit), parts) for unit in category.units}


def _short_samples(sheet: UnitSheet) -> tuple[SheetDecision, ...]:
    return tuple(each for each in sheet.decisions if each.what == SHORT_SAMPLE)


def _refusal(
    lacking: Mapping[str, tuple[str, ...]], sheets: Mapping[str, UnitSheet]
) -> SheetIncomplete:
    gaps = [(unit, what) for unit in sorted(lacking) for what in lacking[unit]]
    said = {unit: _said(sheets[unit]) for unit in lacking if unit in sheets}
    named = ", ".join(f"{unit} {what}" for unit, what in gaps)
    return SheetIncomplete(
        f"{len(gaps)} marks are missing: {named}.",
        f"缺少{len(gaps)}项得分：{named}。",
        missing=[
            {"unit": unit, "indicator": what} | _why(said.get(unit, {}).get(what, ()))
            for unit, what in gaps
        ],
    )


def _said(sheet: UnitSheet) -> dict[str, list[MissingMark]]:
    """Return what a sheet says of each gap, by its indicator: of thousands of gaps none is looked
    for among all the others."""
    found: dict[str, list[MissingMark]] = {}
    for mark in sheet.missing:
        if mark.reason:
            found.setdefault(mark.indicator, []).append(mark)
    return found


def _why(said: Sequence[MissingMark]) -> dict[str, str]:
    """Return what the sheet says of a gap in both languages, if it says anything."""
    if not said:
        return {}
    reason = " ".join(mark.reason for mark in said)
    return {"reason": reason, "reason_zh": "".join(mark.reason_zh for mark in said)}


def _gaps(sheet: UnitSheet | None, parts: list[str]) -> tuple[str, ...]:
    """Name what a unit lacks: indicators where the sheet knows them, else whole blocks.

    Whoever has a total has no gap. An indicator without a score whose points the scheme moved
    elsewhere leaves its unit with one.
    """
    if sheet is None:
        return ("*",)
    if sheet.total is not None:
        return ()
    blocks = {part for part in parts if sheet.blocks.get(part) is None}
    shown = {each.indicator for each in sheet.walk() if each.block not in parts}
    return tuple(sorted(sheet.named() - shown or sheet.unscored() - shown or blocks or {"*"}))


def _incomplete(unit: str, sheet: UnitSheet | None, gaps: tuple[str, ...]) -> Incomplete:
    if sheet is None:
        return Incomplete(unit, {}, Decimal(0), gaps)
    why = tuple(mark for mark in sheet.missing if mark.indicator in gaps)
    return Incomplete(unit, _points(sheet), sheet.adjustment, gaps, why)


def _points(sheet: UnitSheet) -> dict[str, Decimal]:
    return {code: points for code, points in sheet.blocks.items() if points is not None}


def _marks(sheet: UnitSheet, composition: Composition) -> Marks:
    base, total = sheet.base_total, sheet.total
    assert base is not None and total is not None  # noqa: S101, PT018 - it has no gaps
    return Marks(
        unit=sheet.unit,
        blocks=_points(sheet),
        base_total=base,
        adjustment=sheet.adjustment,
        final_total=total,
        scores={
            each.indicator: IndicatorScore(each.points, each.score, each.block)
            for each in sheet.walk()
            if each.score is not None
        },
        deductions=_deductions(sheet, composition),
        grade_caps=sheet.grade_caps,
        vetoed_totals=sheet.vetoed_totals,
    )


def _deductions(sheet: UnitSheet, composition: Composition) -> Decimal:
    """Return the points that were taken off a unit: by claims, and what it lost beyond the points
    of its indicators."""
    if not composition.deductions:
        return Decimal(0)
    claimed = (-each.points for each in sheet.claims if each.kind == DEDUCTION)
    lost = (each.excess for each in sheet.walk() if each.block in composition.parts)
    return sum(chain(claimed, lost), Decimal(0))
