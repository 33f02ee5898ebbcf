"""Results so far (阶段评估): of the points of each indicator, what is earned, still open, and no
longer reachable."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from scoring.rules.columns.exact import half_up
from scoring.rules.explanation.steps import SUM_OF_CHILDREN
from scoring.rules.ledger.entries import (
    MEASURED_VALUE,
    PANEL_MARK,
    PERIODS,
    YEAR,
    combined_from,
    months_of,
    span_of,
)
from scoring.rules.ledger.periods import Entering, Periods
from scoring.rules.methods.scores import Part
from scoring.rules.reports.outlook import DEDUCTED, open_periods
from scoring.rules.scheme.compiled import CompiledIndicator
from scoring.rules.scheme.document import OWN_UNIT, Indicator, Scheme
from scoring.rules.scheme.plan import Plan
from scoring.rules.sheet.allotting import shown_points
from scoring.rules.sheet.composing import worths
from scoring.rules.sheet.outcomes import MEAN, ZERO, Allotment
from scoring.rules.sheet.totals import UnitScores

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Now:
    """By what is judged what can still change: the year, the day, and what is closed, but for who
    may enter by a permission: the `source` of an indicator."""

    year: int
    today: dt.date
    open_ledger: bool
    periods: Periods
    code: str = ""
    source: str = ""

    def of(self, indicator: Indicator, unit: str) -> "Now":
        """Return by what is judged what can still change in an indicator of a unit."""
        source = indicator.data_source_unit
        return replace(self, code=indicator.code, source=unit if source == OWN_UNIT else source)

    def is_closed(self, period: str) -> bool:
        """Say whether nothing comes in about a period any more."""
        return self.periods.shuts(Entering(self.code, period, None, self.source))


@dataclass(frozen=True, slots=True)
class SoFar:
    """An indicator of a unit: its points are what is `earned`, `open` and `unreachable` together,
    where no more is earned than it has. All three are None where they are `withheld`."""

    indicator: Indicator
    block: str
    points: Decimal
    score: Decimal | None
    earned: Decimal | None
    open: Decimal | None
    unreachable: Decimal | None
    open_periods: tuple[str, ...]
    withheld: bool = False


def so_far(
    scheme: Scheme, unit: UnitScores, now: Now, withheld: Collection[str] = ()
) -> list[SoFar]:
    """Return how far each indicator of a unit is, in the scheme's order, those left out that do
    not apply to it."""
    found = list[SoFar]()
    for block in unit.block_scores:
        # Where something is withheld no points move: a move would tell what became of it.
        unmoved = any(each.code in withheld for each in block.block.indicators)
        for indicator, moved in zip(block.block.indicators, block.allotments(), strict=True):
            where, outcome = None if unmoved else moved, unit.outcomes[indicator.code]
            if outcome.declared or (outcome.out and not unmoved):
                continue
            is_withheld = indicator.code in withheld
            found.append(
                _part(scheme, unit, now, (block.block.code, indicator, where), is_withheld)
            )
    return found


def of_total(
    unit: UnitScores, parts: Sequence[SoFar], which: Literal["earned", "open", "unreachable"]
) -> Decimal:
    """Return what the parts of a unit come to together; where the scheme converts or weighs blocks,
    in points of the total, before any cap."""
    points = [(each.block, getattr(each, which) or NONE) for each in parts]
    if unit.composition.is_plain:
        return sum((each for _, each in points), NONE)
    worth = worths(unit.composition, unit.blocks)
    summed = (Fraction(each) * worth[block] for block, each in points if block in worth)
    return half_up(sum(summed, Fraction(0)), unit.places)


def still_open(
    scheme: Scheme, unit: UnitScores, now: Now, of_others: Collection[str] = ()
) -> dict[str, SoFar]:
    """Return the same of each indicator by its code, and of those below a sum, too.

    Of indicators that are `of_others` as well it is not said part by part, since what others did is
    in each part: all that the score lacks is open as long as any of it is.
    """
    found = dict[str, SoFar]()
    for block in unit.block_scores:
        for indicator, where in zip(block.block.indicators, block.allotments(), strict=True):
            if not unit.outcomes[indicator.code].out:
                for each in _with_those_below(unit, indicator, where):
                    about = block.block.code, each, where if each is indicator else None
                    part = _part(scheme, unit, now, about, withheld=False)
                    found[each.code] = _in_one_piece(part) if each.code in of_others else part
    return found


def _with_those_below(
    unit: UnitScores, indicator: Indicator, where: Allotment | None
) -> Iterator[Indicator]:
    yield indicator
    if _is_sum(unit, indicator, where):
        for child in indicator.children:
            yield from _with_those_below(unit, child, None)


def _in_one_piece(part: SoFar) -> SoFar:
    earned = part.score or NONE
    rest = max(part.points - earned, NONE) if part.open_periods else NONE
    return replace(part, earned=earned, open=rest, unreachable=NONE)


def _part(
    scheme: Scheme,
    unit: UnitScores,
    now: Now,
    of: tuple[str, Indicator, Allotment | None],
    withheld: bool,
) -> SoFar:
    block, indicator, where = of
    points, score = _stands(unit, indicator, where)
    if withheld:
        points, score = Fraction(indicator.points), None
        still = _open_periods(scheme, unit, indicator, now, unscored=True)
        shown = shown_points(points, unit.places)
        return SoFar(indicator, block, shown, None, None, None, None, still, withheld=True)
    earned, rest = _earned_and_open(scheme, unit, indicator, where, now)
    still = _still(scheme, unit, indicator, now)
    whole, won, left = (shown_points(each, unit.places) for each in (points, earned, rest))
    # What is left is told as the rest, so that the three are the points, digit for digit.
    left = min(left, max(whole - won, NONE))
    lost = shown_points(Fraction(max(whole - won - left, NONE)), unit.places)
    return SoFar(indicator, block, whole, score, won, left, lost, still)


def _stands(
    unit: UnitScores, indicator: Indicator, where: Allotment | None
) -> tuple[Fraction, Decimal | None]:
    """Return the points of an indicator where they ended up, and its score out of them."""
    if where is not None:
        return where.points, where.score
    outcome = unit.outcomes[indicator.code]
    return outcome.points(), outcome.score


def _lacks(unit: UnitScores, indicator: Indicator) -> bool:
    """Say whether an indicator has no score of its own yet: 0 for silence is none either."""
    outcome = unit.outcomes[indicator.code]
    return outcome.score is None or outcome.decision == ZERO


def _earned_and_open(
    scheme: Scheme, unit: UnitScores, indicator: Indicator, where: Allotment | None, now: Now
) -> tuple[Fraction, Fraction]:
    """Return how many points are earned, and how many can still be won."""
    now, lacking = now.of(indicator, unit.unit), _lacks(unit, indicator)
    outcome = unit.outcomes[indicator.code]
    points, score = _stands(unit, indicator, where)
    known = None if lacking else score
    if _is_sum(unit, indicator, where):
        below = [_earned_and_open(scheme, unit, child, None, now) for child in indicator.children]
        won, rest = map(sum, zip(*below, strict=True))
        return Fraction(won if known is None else known), Fraction(rest)
    if parts := outcome.parts:
        return _of_parts(parts, points, known, now, _incomplete(unit, indicator, now))
    earned = Fraction(score or 0)
    return earned, _left_of_one_piece(scheme, unit, indicator, now, (points, earned))


def _is_sum(unit: UnitScores, indicator: Indicator, where: Allotment | None) -> bool:
    """Say whether what an indicator is worth is what its children are."""
    summed = indicator.children and indicator.method == SUM_OF_CHILDREN
    return bool(summed) and where is None and unit.outcomes[indicator.code].group is None


def _left_of_one_piece(
    scheme: Scheme,
    unit: UnitScores,
    indicator: Indicator,
    now: Now,
    stands: tuple[Fraction, Fraction],
) -> Fraction:
    """Return how many points can still be won of what is scored as a whole."""
    (points, earned), lacking = stands, _lacks(unit, indicator)
    if indicator.method in DEDUCTED and not lacking:
        return Fraction(0)
    most = max(points - earned, Fraction(0))
    return min(most, points * _share(scheme, unit, indicator, now, unscored=lacking))


def _of_parts(
    parts: Sequence[Part],
    points: Fraction,
    score: Decimal | None,
    now: Now,
    incomplete: Collection[str],
) -> tuple[Fraction, Fraction]:
    """Return what the parts have come to, and can still, in points that may have moved."""
    whole = sum((part.points for part in parts), Fraction(0))
    scale = points / whole if whole else Fraction(1)
    waiting = any(part.earned is None for part in parts)
    earned = sum((part.earned or 0 for part in parts), Fraction(0)) * scale
    rest = sum(
        (
            max(part.most - (part.earned or 0), Fraction(0))
            for part in parts
            if _is_unsettled(part, now, incomplete, waiting=waiting)
        ),
        Fraction(0),
    )
    earned = earned if score is None else Fraction(score)
    return earned, min(rest * scale, max(points - earned, Fraction(0)))


def _is_unsettled(part: Part, now: Now, incomplete: Collection[str], *, waiting: bool) -> bool:
    """Say whether a part can still change: its period is not over, or it has no score, and that is
    not closed; or values of shorter periods can still come. What has no period of its own waits for
    the year, and for what lacks beside it."""
    if not now.open_ledger:
        return False
    period = str(now.year) if part.period is None else part.period
    if period in incomplete:
        return True
    lacking = part.earned is None if part.period else waiting
    return now.today <= span_of(period)[1] or (lacking and not now.is_closed(period))


def _still(scheme: Scheme, unit: UnitScores, indicator: Indicator, now: Now) -> tuple[str, ...]:
    """Return the periods that are not settled."""
    now = now.of(indicator, unit.unit)
    parts = unit.outcomes[indicator.code].parts
    periods = [part.period for part in parts if part.period is not None]
    if len(periods) > 1:
        wanting = _incomplete(unit, indicator, now)
        open_parts = (part for part in parts if _is_unsettled(part, now, wanting, waiting=False))
        return tuple(sorted(part.period for part in open_parts if part.period is not None))
    return _open_periods(scheme, unit, indicator, now, unscored=_lacks(unit, indicator))


def _share(
    scheme: Scheme, unit: UnitScores, indicator: Indicator, now: Now, *, unscored: bool
) -> Fraction:
    """Return which part of an indicator's points is not settled yet: of one that is scored period
    by period that of its open periods, of any other all until its last period is settled."""
    still = _open_periods(scheme, unit, indicator, now, unscored=unscored)
    if not still:
        return Fraction(0)
    endings = _endings(scheme, unit, indicator)
    months = [month for ending in endings for month in months_of(f"0000{ending}")]
    # Periods within one another are a choice: what takes any of them is scored in one piece.
    if len(endings) < 2 or len(months) > len(set(months)):
        return Fraction(1)
    left = [months_of(period) for period in still]
    unsettled = sum(any(each <= months_of(f"0000{e}") for each in left) for e in endings)
    return Fraction(unsettled, len(endings)) if unsettled else Fraction(1)


def _endings(scheme: Scheme, unit: UnitScores, indicator: Indicator) -> Sequence[str]:
    """Return how the periods end that an indicator is scored by."""
    if indicator.combine is not None:  # its entries are for shorter ones
        return PERIODS.get(indicator.parameters.word("period", ""), YEAR)
    compiled = scheme.compiled_of[unit.category].get(indicator.code)
    form = compiled.form_for(unit.unit) if compiled else None
    return () if form is None else form.endings


def _open_periods(
    scheme: Scheme, unit: UnitScores, indicator: Indicator, now: Now, *, unscored: bool
) -> tuple[str, ...]:
    """Return the periods that are not over, and of what has no score those that are not closed."""
    if not now.open_ledger:
        return ()
    year, begin = scheme.assessment_year, dt.date(scheme.assessment_year, 1, 1)
    leaves = [each for each in indicator.walk() if not each.children]
    found = list[str]()
    for leaf in leaves:
        found += open_periods(leaf.frequency, year, now.today)
        wanting = open_periods(leaf.frequency, year, begin) if unscored else ()
        lacking = wanting or _lacking(unit, leaf, str(year))
        of_leaf = now.of(leaf, unit.unit)
        found += [each for each in lacking if not of_leaf.is_closed(each)]
    return tuple(sorted(dict.fromkeys(found)))


def _lacking(unit: UnitScores, leaf: Indicator, period: str) -> Iterator[str]:
    """Yield the periods of whose values that of a period is made, and for which there is none."""
    slots = unit.of.sources.slots(leaf.code, MEASURED_VALUE)
    held = {about.period for about, slot in slots.items() if slot.counts[unit.row]}
    yield from (each for each in combined_from(leaf, period) if each not in held)


def _incomplete(unit: UnitScores, indicator: Indicator, now: Now) -> frozenset[str]:
    """Return the periods that are scored by themselves for which values of shorter ones can still
    come."""
    periods = {part.period for part in unit.outcomes[indicator.code].parts} - {None}
    return frozenset(
        period
        for period in periods
        if period and any(not now.is_closed(p) for p in _lacking(unit, indicator, period))
    )


def told_after_release(scheme: Scheme, plan: Plan) -> frozenset[str]:
    """Return the indicators of a category in whose scores others have a part: other units, those
    who were asked, or panels. A unit learns what these come to once they are released."""
    compiled = scheme.compiled_of[plan.category.code]
    found = {c for c in plan.indicators if _of_others(plan, c) or _by_panel(compiled, c)}
    while more := {c for c in plan.indicators if c not in found and _reads(plan, c, found)}:
        found |= more
    return frozenset(found)


def _of_others(plan: Plan, code: str) -> bool:
    reads, indicator = plan.reads[code], plan.indicators[code]
    compared = reads.rests_on_others or indicator.must_differentiate
    return compared or bool(reads.surveys) or plan.missing[code] == MEAN


def _by_panel(compiled: Mapping[str, CompiledIndicator], code: str) -> bool:
    takes = compiled[code].takes
    return takes is not None and takes.kind == PANEL_MARK


def _reads(plan: Plan, code: str, found: Collection[str]) -> bool:
    reads = plan.reads[code]
    below = [each.code for each in plan.indicators[code].walk()]
    return not {*below, *reads.scores, *reads.ranks, *reads.entries}.isdisjoint(found)


def ranks(totals: Sequence[Decimal | None]) -> Iterator[int | None]:
    """Yield the place of each total, 1 the highest, equal ones sharing; None without a total."""
    known = sorted((each for each in totals if each is not None), reverse=True)
    for each in totals:
        yield None if each is None else known.index(each) + 1
