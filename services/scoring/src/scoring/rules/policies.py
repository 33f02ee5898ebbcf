"""What the scheme does about missing data (缺失数据处理): decided per indicator, never silently."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import half_up, show
from scoring.rules.gaps import Reason
from scoring.rules.inputs import GROUP, Used
from scoring.rules.methods.children import mean_children
from scoring.rules.methods.scored import NOTHING, Scored, settle
from scoring.rules.outcomes import (
    CARRIED_OVER,
    MEAN,
    NOT_APPLICABLE,
    SHORT_SAMPLE,
    SKIPPED,
    ZERO,
    Outcome,
    Outcomes,
    PolicyDecision,
)
from scoring.rules.plan import Plan
from scoring.rules.scheme import Indicator


def settle_column(indicator: Indicator, places: int, column: Outcomes) -> Outcomes:
    """Return an indicator's outcomes by unit after what the scheme says of ties and gaps."""
    if indicator.must_differentiate:
        column = _differentiated(column)
    if indicator.missing not in _POLICIES:
        return column
    wanting = [unit for unit, outcome in column.items() if _is_wanting(outcome)]
    if not wanting:
        return column
    word, stand_in = _POLICIES[indicator.missing]
    scored = stand_in(column, places)
    if scored is None and word != SKIPPED:
        return column
    told = _of_others(column) if word == MEAN else ()
    filled = {unit: _filled(column[unit], word, scored, told) for unit in wanting}
    return {**column, **filled}


def _is_wanting(outcome: Outcome) -> bool:
    # A contradiction or a tie is no silence: somebody has to settle it.
    absent = all(reason.absent for reason in outcome.missing)
    return outcome.scored is None and bool(outcome.missing) and absent


def _filled(outcome: Outcome, word: str, scored: Scored | None, told: tuple[Used, ...]) -> Outcome:
    because, used = outcome.missing, (*outcome.used, *told)
    return replace(outcome, scored=scored, used=used, missing=(), decision=word, because=because)


def _of_others(column: Outcomes) -> tuple[Used, ...]:
    scored = sum(outcome.scored is not None for outcome in column.values())
    return (Used("units with a score", str(scored), GROUP),)


def _zero(_: Outcomes, places: int) -> Scored:
    return settle(NOTHING, places, "0 where nothing was entered", "0")


def _mean(column: Outcomes, places: int) -> Scored | None:
    """Return the mean of those that have a score (同类平均); None where nobody has."""
    scores = [outcome.scored.score for outcome in column.values() if outcome.scored]
    if not scores:
        return None
    whole = sum(map(Fraction, scores), NOTHING)
    return settle(
        whole / len(scores),
        places,
        "mean of the scores of the category's units that have one",
        lambda: f"{show(whole)} / {len(scores)}",
    )


def _skipped(_: Outcomes, __: int) -> None:
    return None


_POLICIES: Mapping[str, tuple[str, Callable[[Outcomes, int], Scored | None]]] = {
    "zero": (ZERO, _zero),
    "category_mean": (MEAN, _mean),
    "skip": (SKIPPED, _skipped),
}


def _differentiated(column: Outcomes) -> Outcomes:
    """Return the column without the scores that two units share (不得同分)."""
    units: dict[Decimal, list[str]] = {}
    for unit, outcome in column.items():
        if outcome.scored:
            units.setdefault(outcome.scored.score, []).append(unit)
    tied = {unit: score for score, equal in units.items() if len(equal) > 1 for unit in equal}
    return {
        unit: _tied(outcome, tied[unit], len(units[tied[unit]])) if unit in tied else outcome
        for unit, outcome in column.items()
    }


def _tied(outcome: Outcome, score: Decimal, units: int) -> Outcome:
    used = (*outcome.used, Used("units with the same score", str(units), GROUP))
    return replace(outcome, scored=None, used=used, missing=(_tie(score),))


def _tie(score: Decimal) -> Reason:
    return Reason(
        f"Another unit has {show(score)} too; these marks may not tie.",
        f"另有单位同为{show(score)}分，本项不得同分。",
        absent=False,
    )


def decisions_among(
    members: Sequence[Indicator],
    outcomes: Outcomes,
    plan: Plan,
    places: int,
    mean: Indicator | None = None,
) -> Iterator[PolicyDecision]:
    """Yield what was decided about siblings of one unit, with its effect in points.

    `outcomes` are all of the unit's by indicator, `mean` the parent whose method is the mean of
    these its children.
    """
    for indicator in members:
        outcome = outcomes[indicator.code]
        if outcome.decision is None:
            continue
        receiver = None
        if outcome.declared:
            receiver = plan.indicators.get(plan.receivers.get(indicator.code, ""))
        others = [each for each in members if each is not indicator]
        if mean is None:
            effect = _effect(indicator, others, outcomes, receiver)
        else:
            effect = _effect_on_mean(mean, indicator, others, outcomes)
        en, zh = _told(outcome, outcome.points(indicator), receiver)
        shown = None if effect is None else half_up(effect, places)
        yield PolicyDecision(indicator.code, outcome.decision, shown, en, zh)


def _effect(
    indicator: Indicator,
    others: Sequence[Indicator],
    outcomes: Outcomes,
    receiver: Indicator | None,
) -> Fraction | None:
    """Return what the unit has more than if the points were shared among the scored siblings."""
    outcome = outcomes[indicator.code]
    rate = _rate(others, outcomes)
    if rate is None:
        return None
    shared = outcome.points(indicator) * rate
    if outcome.scored is not None:
        return Fraction(outcome.scored.score) - shared
    if receiver is None:
        return NOTHING
    rate = _rate([receiver], outcomes)
    return None if rate is None else outcome.points(indicator) * rate - shared


def _rate(members: Sequence[Indicator], outcomes: Outcomes) -> Fraction | None:
    """Return the share of their points that the scored ones have; None without any."""
    score, points = NOTHING, NOTHING
    for each in members:
        outcome = outcomes[each.code]
        if outcome.scored:
            score += Fraction(outcome.scored.score)
            points += outcome.points(each)
    return score / points if points else None


def _effect_on_mean(
    mean: Indicator, indicator: Indicator, others: Sequence[Indicator], outcomes: Outcomes
) -> Fraction | None:
    """Return what the mean is more than if the others alone made it."""
    if outcomes[indicator.code].out:
        return NOTHING
    without = _mean_of(mean, others, outcomes)
    whole = _mean_of(mean, [*others, indicator], outcomes)
    return None if without is None or whole is None else whole - without


def _mean_of(mean: Indicator, members: Sequence[Indicator], outcomes: Outcomes) -> Fraction | None:
    ratios = {
        each.code: Fraction(outcome.scored.score) / outcome.points(each)
        for each in members
        if (outcome := outcomes[each.code]).scored
    }
    if not ratios:
        return None
    scored = mean_children(mean.points, mean.parameters, 0, ratios=ratios)
    return scored.rounding.value


def _told(outcome: Outcome, points: Fraction, receiver: Indicator | None) -> tuple[str, str]:
    en = " ".join(reason.en for reason in outcome.because)
    zh = "".join(reason.zh for reason in outcome.because)
    shown = show(outcome.scored.score) if outcome.scored else show(points)
    to_en, to_zh = (
        (receiver.code, receiver.code) if receiver else ("its scored siblings", "同级其他指标")
    )
    tail_en, tail_zh = {
        ZERO: ("Scored 0, as the scheme says.", "按方案规定计0分。"),
        MEAN: (
            f"The mean of the category's others stands in: {shown}.",
            f"按方案规定取同类其他单位平均分{shown}。",
        ),
        SKIPPED: (f"Its {shown} points go to {to_en}.", f"其{shown}分转至{to_zh}。"),
        NOT_APPLICABLE: (
            f"{_why_out(outcome)[0]}: its {shown} points go to {to_en}.",
            f"{_why_out(outcome)[1]}：其{shown}分转至{to_zh}。",
        ),
        SHORT_SAMPLE: ("", ""),
        CARRIED_OVER: ("The latest earlier period stands in.", "沿用最近一期数据。"),
    }[outcome.decision or ZERO]
    return f"{en} {tail_en}".strip(), zh + tail_zh


def _why_out(outcome: Outcome) -> tuple[str, str]:
    if outcome.declared:
        return "Declared not applicable", "经申报不适用"
    return "Nothing below it applies", "其下级指标均不适用"
