"""What one unit scored: from its outcomes to blocks, total, and all that is told of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.claim_checks import BONUS, DEDUCTION
from scoring.rules.claims import Decision
from scoring.rules.evaluation import Columns
from scoring.rules.exact import half_up
from scoring.rules.explanation import (
    NOTHING,
    BlockScore,
    MissingScore,
    Node,
    Trace,
    explain,
    rounded,
)
from scoring.rules.gaps import Reason
from scoring.rules.outcomes import Moves, Outcome, Outcomes, Place, PolicyDecision
from scoring.rules.plan import MEAN_CHILDREN, Plan
from scoring.rules.policies import decisions_among
from scoring.rules.redistribution import place, shown_points
from scoring.rules.scheme import Block, Indicator, Scheme


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """An indicator in a unit's sheet: what it counts for and its score, in points.

    `score` is null where something is missing, `excess` what was lost beyond the points.
    """

    indicator: str
    block: str
    points: Decimal
    score: Decimal | None
    excess: Decimal
    children: "tuple[IndicatorResult, ...]"


@dataclass(frozen=True, slots=True)
class UnitScores:
    """What one unit scored, in points, and the tree that explains it.

    `blocks`, `base_total` and `total` are null where an input is missing; `missing` names it.
    `decisions` are what was done where data were missing or an indicator did not apply.
    """

    unit: str
    category: str
    blocks: Mapping[str, Decimal | None]
    base_total: Decimal | None
    adjustment: Decimal
    total: Decimal | None
    missing: tuple[MissingScore, ...]
    decisions: tuple[PolicyDecision, ...]
    trace: Trace = field(repr=False)

    @property
    def explanation(self) -> Node:
        """The tree from the total down to the ledger, grown when it is asked for and not kept."""
        return explain(self.trace)

    def indicator_scores(self) -> Iterator[IndicatorResult]:
        """Yield the indicators at the top of each block, with those below them."""
        for found in self.trace.blocks:
            pairs = zip(found.block.indicators, found.places(), strict=True)
            for indicator, where in pairs:
                yield _result(self.trace, found.block.code, indicator, where)


def unit_scores(
    scheme: Scheme,
    plan: Plan,
    unit: str,
    columns: Columns,
    claims: Mapping[str, Sequence[Decision]],
) -> UnitScores:
    """Return what one unit scored, from the columns of its category and its decided claims."""
    outcomes = {code: column[unit] for code, column in columns.settled.items()}
    places, composition = scheme.places, scheme.composition
    blocks = tuple(
        _block(block, outcomes, columns.moves.get(unit), places) for block in plan.category.blocks
    )
    parts = [found for found in blocks if found.block.code in composition.parts]
    excess = _excess(parts, outcomes) if composition.deductions else NOTHING
    counted = {BONUS: composition.bonus, DEDUCTION: composition.deductions}
    taken = tuple(one for one in claims.get(unit, ()) if counted[one.claim.kind])
    change = half_up(Fraction(sum((one.points for one in taken), NOTHING) - excess), places)
    base = _summed(found.score for found in parts)
    total = _total(base, change, composition.max_total)
    handled = tuple(_decisions(plan, outcomes, blocks, places))
    trace = Trace(
        unit,
        plan,
        composition,
        places,
        outcomes,
        blocks,
        {each.indicator: each for each in handled},
        taken,
        excess,
        change,
        total,
    )
    return UnitScores(
        unit,
        plan.category.code,
        {found.block.code: found.score for found in blocks},
        base,
        change,
        total,
        tuple(gap for found in blocks for gap in _gaps(found, outcomes)),
        handled,
        trace,
    )


def _block(
    block: Block, outcomes: dict[str, Outcome], moves: Moves | None, places: int
) -> BlockScore:
    members = [outcomes[each.code] for each in block.indicators]
    group = place(block.indicators, members, moves, shared=True, places=places)
    if group is not None and group.stranded:
        for indicator, outcome in zip(block.indicators, members, strict=True):
            if outcome.out and not (moves and indicator.code in moves.away):
                outcomes[indicator.code] = _refused(outcome)
        members = [outcomes[each.code] for each in block.indicators]
        group = place(block.indicators, members, moves, shared=True, places=places)
    if group is None:
        exact = _summed(each.scored.score if each.scored else None for each in members)
    else:
        exact = _summed(each.score for each in group.places)
    return BlockScore(block, exact, None if exact is None else rounded(exact, places), group)


def _refused(outcome: Outcome) -> Outcome:
    """Return the outcome of an indicator that is out while nobody is left to take its points."""
    left = Reason("No sibling is left to take its points.", "没有可承接其分值的同级指标。")
    return replace(outcome, decision=None, missing=(*outcome.because, left), because=())


def _gaps(found: BlockScore, outcomes: Outcomes) -> Iterator[MissingScore]:
    if found.exact is None:
        for indicator in found.block.indicators:
            yield from _gaps_below(indicator, outcomes)


def _gaps_below(indicator: Indicator, outcomes: Outcomes) -> Iterator[MissingScore]:
    outcome = outcomes[indicator.code]
    for reason in outcome.missing:
        yield MissingScore(indicator.code, reason.en, reason.zh)
    if not outcome.out:
        for child in indicator.children:
            yield from _gaps_below(child, outcomes)


def _excess(parts: Iterable[BlockScore], outcomes: Outcomes) -> Decimal:
    """Return the points lost beyond the indicators' own, in the blocks that make the total."""
    excess = NOTHING
    for found in parts:
        for top in found.block.indicators:
            for each in top.walk():
                scored = outcomes[each.code].scored
                if scored is not None and scored.excess:
                    excess += scored.excess
    return excess


def _decisions(
    plan: Plan, outcomes: Outcomes, blocks: Iterable[BlockScore], places: int
) -> Iterator[PolicyDecision]:
    if not any(outcome.decision for outcome in outcomes.values()):
        return
    for found in blocks:
        yield from decisions_among(found.block.indicators, outcomes, plan=plan, places=places)
        for top in found.block.indicators:
            yield from _decisions_below(top, outcomes, plan, places)


def _decisions_below(
    parent: Indicator, outcomes: Outcomes, plan: Plan, places: int
) -> Iterator[PolicyDecision]:
    outcome = outcomes[parent.code]
    if not parent.children or outcome.out or outcome.declared:
        return
    mean = parent if parent.method == MEAN_CHILDREN else None
    yield from decisions_among(parent.children, outcomes, plan=plan, places=places, mean=mean)
    for child in parent.children:
        yield from _decisions_below(child, outcomes, plan, places)


def _summed(scores: Iterable[Decimal | None]) -> Decimal | None:
    total = NOTHING
    for each in scores:
        if each is None:
            return None
        total += each
    return total


def _total(base: Decimal | None, change: Decimal, most: Decimal | None) -> Decimal | None:
    if base is None:
        return None
    return base + change if most is None else min(base + change, most)


def _result(trace: Trace, block: str, indicator: Indicator, where: Place | None) -> IndicatorResult:
    outcome = trace.outcomes[indicator.code]
    points, score = indicator.points, outcome.scored.score if outcome.scored else None
    if where is not None:
        points, score = shown_points(where.points, trace.rounding_places), where.score
    children: tuple[IndicatorResult, ...] = ()
    if indicator.children and not outcome.out:
        places = outcome.group.places if outcome.group else [None] * len(indicator.children)
        pairs = zip(indicator.children, places, strict=True)
        children = tuple(_result(trace, block, child, at) for child, at in pairs)
    excess = outcome.scored.excess if outcome.scored else NOTHING
    return IndicatorResult(indicator.code, block, points, score, excess, children)
