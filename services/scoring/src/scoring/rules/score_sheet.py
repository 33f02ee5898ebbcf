"""The score sheet (得分表): from scheme and ledger to every unit's points, and the way there.

One pure function. Its result does not depend on the order in which anything was entered.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.claim_checks import BONUS, DEDUCTION, Claim
from scoring.rules.claims import Decision, decide
from scoring.rules.entries import Entry
from scoring.rules.exact import half_up, show
from scoring.rules.explanation import NOTHING, MissingScore, Node, added, summed
from scoring.rules.gaps import Gap, Reason
from scoring.rules.inputs import Facts, Inputs, Used
from scoring.rules.methods.composed import sum_children
from scoring.rules.methods.scored import Scored, settle
from scoring.rules.scheme import Block, Category, Composition, Indicator, Scheme, Target, UnitName
from scoring.rules.scorers import score


@dataclass(frozen=True, slots=True)
class UnitScores:
    """What one unit scored, in points, and the tree that explains it.

    `blocks`, `base_total` and `total` are null where an input is missing; `missing` names it.
    """

    unit: str
    category: str
    blocks: Mapping[str, Decimal | None]
    base_total: Decimal | None
    adjustment: Decimal
    total: Decimal | None
    missing: tuple[MissingScore, ...]
    explanation: Node


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What all units of the chosen categories scored, and what became of their claims."""

    units: tuple[UnitScores, ...]
    claims: tuple[Decision, ...]


def score_categories(
    scheme: Scheme,
    categories: Collection[str],
    *,
    entries: Iterable[Entry],
    targets: Iterable[Target],
    satisfaction: Mapping[tuple[str, str], Decimal | None],
    claims: Iterable[Claim],
    names: Iterable[UnitName],
) -> ScoreSheet:
    """Return the score sheet of the categories, whose codes are given.

    `entries` are the counted ones only, `satisfaction` is by survey and unit. Units come in the
    scheme's order, claims in that of unit and number.
    """
    chosen = [category for category in scheme.categories if category.code in categories]
    facts = Facts(
        scheme.assessment_year,
        zero_report_required=scheme.ledger.zero_report_required,
        entries=entries,
        targets=targets,
        satisfaction=satisfaction,
    )
    members = {unit for category in chosen for unit in category.units}
    decisions = decide((c for c in claims if c.unit in members), scheme, names)
    by_unit: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_unit.setdefault(decision.claim.unit, []).append(decision)
    units = tuple(
        _score_unit(scheme, category, unit, facts, by_unit.get(unit, []))
        for category in chosen
        for unit in category.units
    )
    return ScoreSheet(units, tuple(decisions))


def _score_unit(
    scheme: Scheme, category: Category, unit: str, facts: Facts, decisions: list[Decision]
) -> UnitScores:
    blocks = [_block(block, category, unit, facts, scheme.places) for block in category.blocks]
    parts = [block for block in blocks if block.code in scheme.composition.parts]
    base = summed(part.score for part in parts)
    adjustment = _adjustment(decisions, parts, scheme.composition, scheme.places)
    change = adjustment.score or NOTHING
    total = _total(base, change, scheme.composition.max_total)
    root = Node(
        "total",
        unit,
        unit,
        sum((block.points or NOTHING for block in parts), NOTHING),
        total,
        rule="sum of the blocks + adjustment",
        formula=added([*parts, adjustment]),
        children=(*blocks, adjustment),
    )
    return UnitScores(
        unit,
        category.code,
        {block.code: block.score for block in blocks},
        base,
        change,
        total,
        tuple(root.gaps()),
        root,
    )


def _total(base: Decimal | None, change: Decimal, most: Decimal | None) -> Decimal | None:
    if base is None:
        return None
    return base + change if most is None else min(base + change, most)


def _block(block: Block, category: Category, unit: str, facts: Facts, places: int) -> Node:
    nodes = tuple(_indicator(each, category, unit, facts, places) for each in block.indicators)
    return Node(
        "block",
        block.code,
        block.name,
        block.points,
        summed(node.score for node in nodes),
        rule="plain sum of the indicators' rounded scores",
        formula=added(nodes),
        children=nodes,
    )


def _indicator(
    indicator: Indicator, category: Category, unit: str, facts: Facts, places: int
) -> Node:
    if indicator.children:
        children = tuple(
            _indicator(child, category, unit, facts, places) for child in indicator.children
        )
        return _parent(indicator, children, places)
    inputs = Inputs(
        facts,
        category.units,
        unit,
        indicator.code,
        points=indicator.points,
        params=indicator.parameters,
        places=places,
    )
    try:
        scored = score(indicator.method, inputs)
    except Gap as gap:
        return _node(indicator, None, inputs=tuple(inputs.used), missing=gap.reasons)
    if scored.score > indicator.points and not indicator.allow_exceed:
        scored = _cut(scored, indicator.points, places)
    return _node(indicator, scored, inputs=tuple(inputs.used))


def _cut(scored: Scored, points: Decimal, places: int) -> Scored:
    """Return the score cut to the points of an indicator that may not exceed them."""
    cut = settle(
        Fraction(points),
        places,
        f"min({scored.rule}, points)",
        f"min({scored.formula}, {show(points)})",
        parts=scored.parts,
    )
    return replace(cut, excess=scored.excess)


def _parent(indicator: Indicator, children: tuple[Node, ...], places: int) -> Node:
    scores = {child.code: child.score for child in children if child.score is not None}
    whole = len(scores) == len(children)
    return _node(indicator, sum_children(places, scores) if whole else None, children=children)


def _node(
    indicator: Indicator,
    scored: Scored | None,
    *,
    inputs: tuple[Used, ...] = (),
    missing: tuple[Reason, ...] = (),
    children: tuple[Node, ...] = (),
) -> Node:
    if scored is None:
        return Node(
            "indicator",
            indicator.code,
            indicator.name,
            indicator.points,
            None,
            method=indicator.method,
            inputs=inputs,
            missing=missing,
            children=children,
        )
    return Node(
        "indicator",
        indicator.code,
        indicator.name,
        indicator.points,
        scored.score,
        method=indicator.method,
        rule=scored.rule,
        formula=scored.formula,
        rounding=scored.rounding,
        excess=scored.excess,
        inputs=inputs,
        children=(*children, *(_component(name, part) for name, part in scored.parts)),
    )


def _component(name: str, scored: Scored) -> Node:
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


def _adjustment(
    decisions: list[Decision], parts: list[Node], composition: Composition, places: int
) -> Node:
    """Return bonus and deductions (加减分), with what was lost beyond the indicators' points."""
    counted = {BONUS: composition.bonus, DEDUCTION: composition.deductions}
    nodes = [_claim(one) for one in decisions if counted[one.claim.kind]]
    excess = sum((part.all_excess() for part in parts), NOTHING)
    if excess and composition.deductions:
        rule = "the superior's deduction beyond the indicators' points"
        nodes.append(Node("excess", "excess", "excess", None, -excess, rule=rule))
    change = sum((node.score for node in nodes if node.score is not None), NOTHING)
    return Node(
        "adjustment",
        "adjustment",
        "adjustment",
        None,
        half_up(Fraction(change), places),
        rule="accepted bonus - deductions - excess",
        formula=added(nodes),
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
        reason=Reason(one.reason_en, one.reason_zh),
    )
