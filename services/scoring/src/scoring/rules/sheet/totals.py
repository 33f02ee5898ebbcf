"""What one unit scored: from its outcomes to blocks, total, and all that is told of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain

import numpy as np

from scoring.rules.claims.decisions import Decision
from scoring.rules.columns.exact import half_up
from scoring.rules.columns.gaps import Reason
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.columns.whole import Mask
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.of_children import MEAN_CHILDREN
from scoring.rules.methods.scores import Rounded, Unrounded
from scoring.rules.scheme.document import Block, Composition, Indicator, Scheme
from scoring.rules.sheet.allotting import allot
from scoring.rules.sheet.category import CategoryScores
from scoring.rules.sheet.composing import (
    PartScore,
    VetoedTotal,
    compose,
    vetoed,
    vetoed_totals,
)
from scoring.rules.sheet.outcomes import (
    Allotment,
    ColumnOutcome,
    Group,
    Moves,
    Outcome,
    PolicyDecision,
)
from scoring.rules.sheet.parents import all_there, allotted
from scoring.rules.sheet.policies import decisions_among
from scoring.rules.sheet.voiding import GradeCap, grade_caps

NOTHING = Decimal(0)

Outcomes = dict[str, Outcome]


@dataclass(frozen=True, slots=True)
class MissingScore:
    """An indicator that has no score, and why, in English and in Chinese."""

    indicator: str
    reason: str
    reason_zh: str


@dataclass(frozen=True, slots=True)
class BlockScore:
    """One unit's score in a block: the plain sum, and what it is rounded to."""

    block: Block
    exact: Fraction | None
    score: Decimal | None
    group: Group | None
    refused: frozenset[str] = frozenset()

    def allotments(self) -> Iterable[Allotment | None]:
        """Return where each of the block's indicators ends up; None where nothing moved."""
        return self.group.allotments if self.group else [None] * len(self.block.indicators)


@dataclass(frozen=True, slots=True)
class BlockColumn:
    """The scores of a block by row: the plain sum of its indicators, rounded where it is finer.

    `groups` say where its indicators ended up where points were moved among them, `refused` those
    that are out although nobody is left to take their points. `spilling` are the indicators of
    which more can be lost than their points.
    """

    block: Block
    scores: Rounded
    has_score: Mask
    groups: Mapping[int, Group]
    refused: Mapping[int, frozenset[str]]
    spilling: tuple[ColumnOutcome, ...] = ()

    def score(self, row: int) -> Decimal | None:
        """Return the block's score in one row, None where an indicator has none."""
        return self.scores.score(row) if self.has_score[row] else None


def block_columns(of: CategoryScores) -> list[BlockColumn]:
    """Add up the blocks of a category."""
    return [_block(of, block) for block in of.plan.category.blocks]


def _block(of: CategoryScores, block: Block) -> BlockColumn:
    members = [of.outcomes[each.code] for each in block.indicators]
    groups = allotted(of, members, {}, shared=True)
    refused = {
        row: _stranded(members, of.moves.get(row) or Moves(), row)
        for row, group in groups.items()
        if group.stranded
    }
    for row, codes in refused.items():
        outcomes = [_refused(each, row, codes) for each in members]
        again = allot(outcomes, of.moves.get(row), shared=True, places=of.rounding.places)
        groups.pop(row)
        groups |= {} if again is None else {row: again}
    scores = Unrounded(_added(members, groups), lambda _: AppliedRule("", ""))
    there = all_there(members, refused)
    spilling = tuple(each for each in _columns_of(of, block) if each.scores.spilt is not None)
    return BlockColumn(block, scores.rounded(of.rounding.places), there, groups, refused, spilling)


def _columns_of(of: CategoryScores, block: Block) -> Iterator[ColumnOutcome]:
    for top in block.indicators:
        for each in top.walk():
            yield of.outcomes[each.code]


def _stranded(members: Iterable[ColumnOutcome], moves: Moves, row: int) -> frozenset[str]:
    """Return the indicators of a block that are out while nobody is left to take their points."""
    out = {each.indicator.code for each in members if row in each.out}
    return frozenset(out - moves.away)


def _added(members: Sequence[ColumnOutcome], groups: Mapping[int, Group]) -> Quotients:
    """Return the plain sums of the members' scores, where points moved those after it."""
    summed = total([each.scores.exact() for each in members])
    if not groups:
        return summed
    rows = np.array(sorted(groups))
    sums = [sum(map(_score, groups[row].allotments), Fraction(0)) for row in rows.tolist()]
    mask = np.zeros(len(summed), dtype=np.bool_)
    mask[rows] = True
    return Quotients.of(sums).spread(rows, len(summed)).where(mask, summed)


def _score(each: Allotment) -> Fraction:
    return Fraction(each.score or 0)


@dataclass(frozen=True)
class UnitScores:
    """What one unit scored, in points, and all that it comes from.

    `claims` are those that count or could have, `excess` is what was lost beyond the indicators'
    points. A block is null where an input is missing, `base_total` and `total` where one is missing
    that counts in them; `missing` names it. `decisions` are what was done where data were missing
    or an indicator did not apply, `grade_caps` the best grades that fraud leaves it. `parts` are
    told of a total that is more than a plain sum, `exact` is that total before it is rounded.
    `vetoed_totals` are those that it would have if blocks were vetoed that may be. Where `vetoed`
    names blocks, the totals are those in which these count for nothing.
    """

    unit: str
    category: str
    of: CategoryScores = field(repr=False, compare=False)
    row: int = field(repr=False, compare=False)
    composition: Composition = field(repr=False)
    places: int
    block_scores: tuple[BlockScore, ...]
    base_total: Decimal | None
    claims: tuple[Decision, ...]
    excess: Decimal
    adjustment: Decimal
    total: Decimal | None
    missing: tuple[MissingScore, ...] = ()
    decisions: tuple[PolicyDecision, ...] = ()
    grade_caps: tuple[GradeCap, ...] = ()
    parts: tuple[PartScore, ...] = ()
    exact: Fraction | None = None
    vetoed_totals: tuple[VetoedTotal, ...] = ()
    vetoed: frozenset[str] = frozenset()

    @property
    def blocks(self) -> dict[str, Decimal | None]:
        """The score of each block, by its code."""
        return {each.block.code: each.score for each in self.block_scores}

    @cached_property
    def outcomes(self) -> Outcomes:
        """What each indicator comes to for the unit, by its code."""
        refused = {code for each in self.block_scores for code in each.refused}
        return {
            code: _refused(column, self.row, refused) for code, column in self.of.outcomes.items()
        }


def unit_scores(
    scheme: Scheme,
    of: CategoryScores,
    blocks: Sequence[BlockColumn],
    row: int,
    claims: Iterable[Decision],
    *,
    decided: bool = True,
) -> UnitScores:
    """Return what the unit of one row scored, from its category's columns and decided claims.

    Where nothing is `decided` about missing data of the unit, nobody has to look for it.
    """
    composition = scheme.composition_of(of.plan.category)
    parts = [each for each in blocks if each.block.code in composition.parts]
    taken = tuple(one for one in claims if composition.counts(one.claim.kind))
    excess = _excess(parts, row) if composition.deductions else NOTHING
    change = _change(taken, excess, scheme.places)
    scores, places = {e.block.code: e.score(row) for e in blocks}, scheme.places
    composed = compose(scores, change, composition, places)
    vetoable = scheme.vetoable(of.plan.category)
    unit = UnitScores(
        of.sources.units[row],
        of.plan.category.code,
        of,
        row,
        composition,
        places,
        tuple(_of_unit(each, row) for each in blocks),
        composed.base_total,
        taken,
        excess,
        change,
        composed.total,
        grade_caps=grade_caps(of.sources, row),
        parts=composed.parts,
        exact=composed.exact,
        vetoed_totals=tuple(vetoed_totals(scores, change, composition, places, vetoable)),
    )
    return _with_missing(unit) if decided or not _is_whole(blocks, row) else unit


def with_vetoed(unit: UnitScores, blocks: frozenset[str]) -> UnitScores:
    """Return a unit's scores with the totals in which these blocks count for nothing."""
    scores = vetoed(unit.blocks, blocks)
    composed = compose(scores, unit.adjustment, unit.composition, unit.places)
    return replace(
        unit,
        base_total=composed.base_total,
        total=composed.total,
        parts=composed.parts,
        exact=composed.exact,
        vetoed=blocks,
    )


def _is_whole(blocks: Iterable[BlockColumn], row: int) -> bool:
    return all(each.has_score[row] for each in blocks)


def _excess(parts: Iterable[BlockColumn], row: int) -> Decimal:
    """Return the points that one row lost beyond those of the indicators of these blocks."""
    spilling = (column for each in parts for column in each.spilling if column.has_score[row])
    return sum((column.scores.excess(row) for column in spilling), NOTHING)


def _change(claims: Iterable[Decision], excess: Decimal, places: int) -> Decimal:
    """Return what bonus and deductions come to, after what was lost beyond the points."""
    won = sum((one.points for one in claims), NOTHING)
    return half_up(Fraction(won - excess), places)


def _with_missing(unit: UnitScores) -> UnitScores:
    """Add which scores are missing, and what was decided about missing data."""
    outcomes, found = unit.outcomes, unit.block_scores
    missing = tuple(chain.from_iterable(_gaps(each, outcomes) for each in found))
    handled = tuple(_decisions(unit.of, outcomes, found, unit.places))
    return replace(unit, missing=missing, decisions=handled)


def _of_unit(column: BlockColumn, row: int) -> BlockScore:
    score = column.score(row)
    exact = None if score is None else column.scores.of.values.at(row)
    return BlockScore(
        column.block, exact, score, column.groups.get(row), column.refused.get(row, frozenset())
    )


def _refused(column: ColumnOutcome, row: int, codes: Set[str]) -> Outcome:
    return Refused(column, row) if column.indicator.code in codes else column.at(row)


class Refused(Outcome):
    """An indicator that is out while nobody is left to take its points: something is missing."""

    @property
    def decision(self) -> None:
        """Nothing was decided after all."""
        return None

    @property
    def because(self) -> tuple[Reason, ...]:
        """Nothing was decided after all."""
        return ()

    @property
    def missing(self) -> tuple[Reason, ...]:
        """What was decided about, and that nobody can take the points."""
        left = Reason("No sibling is left to take its points.", "没有可承接其分值的同级指标。")
        return (*self.column.because.get(self.row, ()), left)


def _gaps(found: BlockScore, outcomes: Outcomes) -> Iterator[MissingScore]:
    if found.score is None:
        for indicator in found.block.indicators:
            yield from _gaps_below(indicator, outcomes)


def _gaps_below(indicator: Indicator, outcomes: Outcomes) -> Iterator[MissingScore]:
    outcome = outcomes[indicator.code]
    for reason in outcome.missing:
        yield MissingScore(indicator.code, reason.en, reason.zh)
    if outcome.score is None and not outcome.out:
        for child in indicator.children:
            yield from _gaps_below(child, outcomes)


def _decisions(
    of: CategoryScores, outcomes: Outcomes, blocks: Iterable[BlockScore], places: int
) -> Iterator[PolicyDecision]:
    if not any(outcome.decision for outcome in outcomes.values()):
        return
    for found in blocks:
        members = found.block.indicators
        yield from decisions_among(members, outcomes, plan=of.plan, places=places)
        for top in members:
            yield from _decisions_below(of, top, outcomes, places)


def _decisions_below(
    of: CategoryScores, parent: Indicator, outcomes: Outcomes, places: int
) -> Iterator[PolicyDecision]:
    outcome = outcomes[parent.code]
    if not parent.children or outcome.out or outcome.declared:
        return
    mean = parent if parent.method == MEAN_CHILDREN else None
    yield from decisions_among(parent.children, outcomes, plan=of.plan, places=places, mean=mean)
    for child in parent.children:
        yield from _decisions_below(of, child, outcomes, places)
