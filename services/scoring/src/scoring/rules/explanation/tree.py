"""The way from a total down to the ledger, as a tree (得分说明), grown when it is asked for."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from scoring.rules.claims.decisions import Decision
from scoring.rules.columns.exact import show
from scoring.rules.columns.gaps import Reason
from scoring.rules.corrections.correcting import told_by
from scoring.rules.explanation.composition import explain_parts
from scoring.rules.explanation.nodes import NOTHING, Node, added
from scoring.rules.explanation.steps import SHOWN_BLOCK, VETOED_BLOCK
from scoring.rules.ledger.entries import Entry
from scoring.rules.methods.cells import UsedInput
from scoring.rules.methods.narration import Narration, Rounding
from scoring.rules.scheme.document import Indicator
from scoring.rules.sheet.allotting import shown_points
from scoring.rules.sheet.composing import counted
from scoring.rules.sheet.outcomes import Allotment, Outcome
from scoring.rules.sheet.totals import BlockScore, UnitScores


def explain(scores: UnitScores) -> Node:
    """Return the tree of one unit, from its total down to the ledger's entries."""
    blocks = {each.block.code: _block(scores, each) for each in scores.block_scores}
    blocks |= {code: _vetoed(blocks[code]) for code in blocks.keys() & scores.vetoed}
    if scores.parts:
        return explain_parts(scores, blocks, _adjustment(scores))
    parts = [node for code, node in blocks.items() if code in scores.composition.parts]
    adjustment = _adjustment(scores)
    which = "the blocks" if len(parts) == len(blocks) else "the blocks that count"
    rule, formula = f"sum of {which} + adjustment", added([*parts, adjustment])
    if (most := scores.composition.max_total) is not None:
        rule, formula = f"min({rule}, max_total)", f"min({formula}, {show(most)})"
    return Node(
        "total",
        scores.unit,
        scores.unit,
        sum((block.points or NOTHING for block in parts), NOTHING),
        scores.total,
        rule=rule,
        formula=formula,
        children=(*blocks.values(), adjustment),
    )


def _block(scores: UnitScores, found: BlockScore) -> Node:
    block = found.block
    pairs = zip(block.indicators, found.allotments(), strict=True)
    nodes = tuple(_indicator(scores, each, where) for each, where in pairs)
    rounding, exact, score = None, found.exact, found.score
    if exact is not None and score is not None and exact != score:
        rounding = Rounding(exact, scores.places, score)
    points = block.points
    if found.group is not None:
        points = sum((node.points or NOTHING for node in nodes), NOTHING)
    return Node(
        "block" if block.code in scores.composition.parts else SHOWN_BLOCK,
        block.code,
        block.name,
        points,
        score,
        rule="plain sum of the indicators' rounded scores",
        formula=added(nodes),
        rounding=rounding,
        children=nodes,
    )


def _vetoed(block: Node) -> Node:
    """Return what counts of a block that is vetoed, above the block as it was scored."""
    score, formula = None, None
    if block.score is not None:
        score, formula = counted(block.score), f"min({show(block.score)}, 0)"
    return Node(
        VETOED_BLOCK,
        block.code,
        block.name,
        block.points,
        score,
        rule="vetoed: the block counts for nothing",
        formula=formula,
        reason=_VETOED,
        children=(block,),
    )


_VETOED = Reason(
    "The block is vetoed; by which veto, the ranking says.",
    "该板块被一票否决，不计入总分；所依据的事项见排名。",
)


def _indicator(scores: UnitScores, indicator: Indicator, where: Allotment | None) -> Node:
    outcome = scores.outcomes[indicator.code]
    points, score = indicator.points, outcome.score
    if where is not None:
        points, score = shown_points(where.points, scores.places), where.score
    rule, formula, rounding = _way(outcome, where)
    return Node(
        "indicator",
        indicator.code,
        indicator.name,
        points,
        score,
        method=indicator.method,
        clause=indicator.clause,
        rule=rule,
        formula=formula,
        rounding=rounding,
        excess=outcome.excess,
        inputs=tuple(_inputs(scores, indicator, outcome)),
        missing=outcome.missing,
        decisions=tuple(d for d in scores.decisions if d.indicator == indicator.code)[:1],
        children=tuple(_below(scores, indicator, outcome, where)),
    )


def _way(
    outcome: Outcome, where: Allotment | None
) -> tuple[str | None, str | None, Rounding | None]:
    """Return the rule of an indicator's score, the formula and the rounding, if it has them."""
    if outcome.out:
        return "counts for nothing; its points have moved", "0", None
    found = outcome.narration if where is None or where.moved is None else where.moved
    return (found.rule, found.formula, found.rounding) if found else (None, None, None)


def _below(
    scores: UnitScores, indicator: Indicator, outcome: Outcome, where: Allotment | None
) -> Iterator[Node]:
    """Yield what a score was before points were moved, its children, and parts of its formula."""
    scored = outcome.narration
    if scored is not None and where is not None and where.moved is not None:
        yield _component("before points were moved", scored)
    if not outcome.out:
        allotments = outcome.group.allotments if outcome.group else [None] * len(indicator.children)
        for child, at in zip(indicator.children, allotments, strict=True):
            yield _indicator(scores, child, at)
    if scored is not None:
        for name, part in scored.parts:
            yield _component(name, part)


def _inputs(scores: UnitScores, indicator: Indicator, outcome: Outcome) -> Iterator[UsedInput]:
    """Yield what a score was computed from, what that was before it was restated, and the
    parameters of the unit."""
    former, corrected = scores.of.sources.former, scores.of.sources.corrected
    for used in outcome.used():
        yield used
        for entry_id in used.entries:
            if entry_id in former:
                yield UsedInput(f"{used.name}, before it was restated", former[entry_id], "ledger")
            if (found := corrected.get(entry_id)) is not None:
                yield _correction(used.name, found)
    yield from _overrides(indicator, scores.unit)


def _correction(name: str, entry: Entry) -> UsedInput:
    """Return what counted before an entry was corrected, or that a correction added it."""
    if entry.corrects is None:
        return UsedInput(f"{name}, added by a correction", told_by(entry), "ledger")
    before = f"{name}, before it was corrected"
    return UsedInput(before, entry.former or "", "ledger", (entry.corrects,))


def _overrides(indicator: Indicator, unit: str) -> Iterator[UsedInput]:
    """Yield the parameters that are not those of all units and periods."""
    for name, value in sorted(indicator.per_unit_params.get(unit, {}).items()):
        yield UsedInput(f"{name}, {unit}", _written(value), "scheme")
    for period, overrides in sorted(indicator.period_params.items()):
        for name, value in sorted(overrides.items()):
            yield UsedInput(f"{name}, {period}", _written(value), "scheme")


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_written(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_written, value))
    return str(value)


def _component(name: str, scored: Narration) -> Node:
    return Node(
        "component",
        name,
        name,
        None,
        scored.score,
        rule=scored.rule,
        formula=scored.formula,
        rounding=scored.rounding,
        children=tuple(_component(inner, part) for inner, part in scored.parts),
    )


def _adjustment(scores: UnitScores) -> Node:
    """Return bonus and deductions (加减分), with what was lost beyond the indicators' points."""
    nodes = [_claim(one) for one in scores.claims]
    if scores.excess:
        rule = "the superior's deduction beyond the indicators' points"
        nodes.append(Node("excess", "excess", "excess", None, -scores.excess, rule=rule))
    exact = sum((node.score for node in nodes if node.score is not None), NOTHING)
    rounding = None
    if exact != scores.adjustment:
        rounding = Rounding(Fraction(exact), scores.places, scores.adjustment)
    return Node(
        "adjustment",
        "adjustment",
        "adjustment",
        None,
        scores.adjustment,
        rule="accepted bonus - deductions - excess",
        formula=added(nodes),
        rounding=rounding,
        children=tuple(nodes),
    )


def _claim(one: Decision) -> Node:
    return Node(
        "claim",
        one.claim.claim_no,
        one.claim.event_key,
        None,
        one.points,
        method=one.decision,
        rule="decided by the rules for bonus and deductions",
        claim_id=one.claim.claim_id,
        reason=Reason(one.reason.en, one.reason.zh),
    )
