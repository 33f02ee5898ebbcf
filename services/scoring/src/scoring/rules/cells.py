"""What one indicator comes to for one unit: from its inputs, or from its children."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.entries import Entry
from scoring.rules.exact import show
from scoring.rules.gaps import Gap, NotRated, Reason
from scoring.rules.inputs import GROUP, Carried, Inputs, Used
from scoring.rules.methods.children import mean_children
from scoring.rules.methods.composed import sum_children
from scoring.rules.methods.scored import NOTHING, Scored, settle
from scoring.rules.outcomes import (
    CARRIED_OVER,
    NOT_APPLICABLE,
    SHORT_SAMPLE,
    SKIPPED,
    Group,
    Moves,
    Outcome,
)
from scoring.rules.plan import MEAN_CHILDREN
from scoring.rules.redistribution import place
from scoring.rules.scheme import Indicator
from scoring.rules.scorers import score

_Row = tuple[str, Decimal | None, Fraction]
"""A child by its code, with its score and the points that it counts for."""


def declared_out(entry: Entry) -> Outcome:
    """Return the outcome of an indicator that an entry declares not applicable (不适用)."""
    used = Used("declared not applicable", entry.period, "ledger", (entry.entry_id,))
    return Outcome(None, (used,), decision=NOT_APPLICABLE, declared=True)


def scored_from(indicator: Indicator, inputs: Inputs) -> Outcome:
    """Return what an indicator without children comes to by its method."""
    try:
        scored = score(indicator.method, inputs)
    except NotRated as gap:
        return Outcome(None, tuple(inputs.used), decision=SKIPPED, because=gap.reasons)
    except Gap as gap:
        return Outcome(None, _before(gap, inputs.used), gap.reasons)
    if scored.score > indicator.points and not indicator.allow_exceed:
        scored = _cut(scored, indicator.points, inputs.places)
    used = tuple(inputs.used)
    if inputs.carried:
        because = tuple(map(_carried, inputs.carried))
        return Outcome(scored, used, decision=CARRIED_OVER, because=because)
    if inputs.short:
        return Outcome(scored, used, decision=SHORT_SAMPLE, because=tuple(inputs.short))
    return Outcome(scored, used)


def _before(gap: Gap, used: list[Used]) -> tuple[Used, ...]:
    """Return what had been taken when a gap came up.

    Where the unit's own values are wanting, nobody else has a part in it, whoever was looked at.
    """
    return tuple(each for each in used if each.source != GROUP or not gap.absent)


def _carried(each: Carried) -> Reason:
    return Reason(
        f"{each.name} of {each.period} is that of {each.taken_from}.",
        f"{each.period}的 {each.name} 沿用{each.taken_from}。",
    )


def _cut(scored: Scored, points: Decimal, places: int) -> Scored:
    """Return the score cut to the points of an indicator that may not exceed them."""
    cut = settle(
        Fraction(points),
        places,
        f"min({scored.rule}, points)",
        lambda: f"min({scored.formula}, {show(points)})",
        parts=scored.parts,
    )
    return replace(cut, excess=scored.excess)


def combined(
    indicator: Indicator,
    outcomes: list[Outcome],
    moves: Moves | None,
    places: int,
    *,
    of_scheme: int,
) -> Outcome:
    """Return what a parent comes to by its children's outcomes, to so many places.

    `of_scheme` are the places that the scheme sets for all. A parent all of whose children are
    out is out itself, so that its own siblings get the points.
    """
    mean = indicator.method == MEAN_CHILDREN
    group = place(indicator.children, outcomes, moves, shared=not mean, places=of_scheme)
    if group is not None and group.stranded:
        return _out(outcomes, group, None if mean else group.stranded)
    rows = _rows(indicator, outcomes, group)
    if any(score is None for _, score, _ in rows):
        return Outcome(None, group=group)
    try:
        scored = (_mean if mean else _sum)(indicator, rows, places)
    except Gap as gap:
        return Outcome(None, missing=gap.reasons, group=group)
    worth = None if mean or group is None else sum((row[2] for row in rows), NOTHING)
    return Outcome(scored, worth=worth, group=group)


def _rows(indicator: Indicator, outcomes: list[Outcome], group: Group | None) -> list[_Row]:
    pairs = zip(indicator.children, outcomes, strict=True)
    if group is None:
        return [
            (child.code, outcome.scored.score if outcome.scored else None, Fraction(child.points))
            for child, outcome in pairs
        ]
    return [
        (child.code, where.score, where.points)
        for (child, outcome), where in zip(pairs, group.places, strict=True)
        if not outcome.out
    ]


def _sum(indicator: Indicator, rows: list[_Row], places: int) -> Scored:
    return sum_children(
        places,
        {code: score for code, score, _ in rows if score is not None},
        worth={code: points for code, _, points in rows},
        extra_cap=indicator.parameters.optional("extra_cap"),
    )


def _mean(indicator: Indicator, rows: list[_Row], places: int) -> Scored:
    ratios = {code: Fraction(score) / points for code, score, points in rows if score is not None}
    return mean_children(indicator.points, indicator.parameters, places, ratios=ratios)


def _out(outcomes: list[Outcome], group: Group, worth: Fraction | None) -> Outcome:
    because = tuple(reason for outcome in outcomes for reason in outcome.because)
    declared = all(outcome.decision == NOT_APPLICABLE for outcome in outcomes)
    word = NOT_APPLICABLE if declared else SKIPPED
    return Outcome(None, decision=word, because=because, worth=worth, group=group)
