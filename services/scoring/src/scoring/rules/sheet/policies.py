"""What the scheme does about missing data (缺失数据处理): decided per indicator, never silently."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

import numpy as np

from scoring.rules.columns.column import Rows
from scoring.rules.columns.exact import half_up, show
from scoring.rules.columns.gaps import Reason
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.cells import GROUP, UsedInput
from scoring.rules.methods.group_facts import Classes, Fellows, GroupFacts
from scoring.rules.methods.narration import MEANS_OF_OTHERS, AppliedRule
from scoring.rules.methods.of_children import mean_of_shares
from scoring.rules.methods.scores import NOTHING, ONE, Unrounded
from scoring.rules.scheme.document import Indicator
from scoring.rules.scheme.plan import Plan
from scoring.rules.sheet.outcomes import (
    CARRIED_OVER,
    MEAN,
    NOT_APPLICABLE,
    SHORT_SAMPLE,
    SKIPPED,
    SUBCATEGORY_MEAN,
    VOIDED,
    ZERO,
    ColumnOutcome,
    Outcome,
    PolicyDecision,
)

Outcomes = Mapping[str, Outcome]
"""What each indicator comes to for one unit, by its code."""


def settle(column: ColumnOutcome, facts: GroupFacts, missing: str, classes: Classes) -> None:
    """Do what the scheme says of ties and gaps in an indicator's column.

    What rests on other units is found among those with whom the indicator compares, a mean of the
    sub-category in each of all the `classes`.
    """
    if column.indicator.must_differentiate:
        for fellows in column.classes.all or (None,):
            _differentiate(column, fellows, facts.among(fellows))
    if missing == SUBCATEGORY_MEAN:
        for each in classes.all:
            _settle(column, each, facts.among(each), missing)
    elif missing in _POLICIES:
        for fellows in column.classes.all or (None,):
            _settle(column, fellows, facts.among(fellows), missing)


def _settle(column: ColumnOutcome, fellows: Fellows | None, facts: GroupFacts, policy: str) -> None:
    missing = column.missing
    rows = sorted(missing) if fellows is None else [r for r in fellows.rows if r in missing]
    wanting = [row for row in rows if all(reason.absent for reason in missing[row])]
    if wanting:
        _POLICIES[policy](column, wanting, fellows, facts)


def decide(column: ColumnOutcome, rows: Sequence[int], missing: str, facts: GroupFacts) -> None:
    """Do in some rows what a parent says of its children that have no score."""
    _POLICIES[missing](column, rows, None, facts)
    column.by_parent.update(rows)


def _decide(column: ColumnOutcome, wanting: Sequence[int], word: str) -> None:
    for row in wanting:
        column.because[row] = column.missing.pop(row)
        column.decisions[row] = word


def _fill(
    column: ColumnOutcome, wanting: Sequence[int], value: Fraction, line: AppliedRule
) -> None:
    """Give rows a score that something else stands in for."""
    rows, scores = np.array(wanting), column.scores
    size = len(scores)
    mask = np.zeros(size, dtype=np.bool_)
    mask[rows] = True
    filled, tell = set(wanting), scores.of.tell
    values = Quotients.same(value, size).where(mask, scores.of.values)
    excess = scores.of.excess
    if excess is not None:
        excess = excess.where(~mask, NOTHING)
    told = Unrounded(values, lambda row: line if row in filled else tell(row), excess=excess)
    column.scores = told.rounded(scores.places)
    column.has_score |= mask


def _scored(column: ColumnOutcome, fellows: Fellows | None) -> Rows:
    """Return the rows that have a score, of all or of these fellows."""
    return np.flatnonzero(column.has_score if fellows is None else column.has_score & fellows.mask)


def _zero(column: ColumnOutcome, wanting: Sequence[int], *_: object) -> None:
    _fill(column, wanting, NOTHING, AppliedRule("0 where nothing was entered", "0"))
    _decide(column, wanting, ZERO)


def _skip(column: ColumnOutcome, wanting: Sequence[int], *_: object) -> None:
    _decide(column, wanting, SKIPPED)


def _mean(
    column: ColumnOutcome,
    wanting: Sequence[int],
    fellows: Fellows | None,
    facts: GroupFacts,
    word: str = MEAN,
) -> None:
    """Let the mean of those that have a score stand in (同类平均), if anybody has one.

    Of a parent from which points were moved it is the same share of the points that are left.
    """
    code, places = column.indicator.code, column.scores.places
    rows = _scored(column, fellows)
    scored = int(facts.one((code, "scored units"), lambda: len(rows)))
    if not scored:
        return
    units = column.scores.units
    whole = facts.one(
        (code, "sum of scores"),
        lambda: Fraction(sum(units.array[rows].tolist()), 10**places),
    )
    rule, formula = MEANS_OF_OTHERS[fellows is not None], f"{show(whole)} / {scored}"
    own = Fraction(column.indicator.points)
    for worth, some in _by_worth(column, wanting):
        share = worth / own if own else ONE
        line = AppliedRule(rule, formula)
        if share != ONE:
            line = AppliedRule(
                f"{rule} × points it counts for / own points",
                f"{formula} × {share.numerator} / {share.denominator}",
            )
        _fill(column, some, whole / scored * share, line)
    _decide(column, wanting, word)
    _tell(column, wanting, lambda _: UsedInput("units with a score", str(scored), GROUP))


def _by_worth(
    column: ColumnOutcome, wanting: Sequence[int]
) -> "Iterable[tuple[Fraction, list[int]]]":
    """Return the rows by the points that their score is out of; nearly always all have the same."""
    found: dict[Fraction, list[int]] = {}
    for row in wanting:
        found.setdefault(column.at(row).points(), []).append(row)
    return found.items()


def _tell(column: ColumnOutcome, rows: Sequence[int], used: Callable[[int], UsedInput]) -> None:
    listed: Rows = np.array(rows)
    column.policy_log.add(listed, lambda at: (used(int(listed[at])),))


_Policy = Callable[[ColumnOutcome, Sequence[int], Fellows | None, GroupFacts], None]

_POLICIES: Mapping[str, _Policy] = {
    "zero": _zero,
    MEAN: _mean,
    SUBCATEGORY_MEAN: partial(_mean, word=SUBCATEGORY_MEAN),
    "skip": _skip,
}


def _differentiate(column: ColumnOutcome, fellows: Fellows | None, facts: GroupFacts) -> None:
    """Take away the scores that two units share (不得同分)."""
    void = {row for row, word in column.decisions.items() if word == VOIDED}
    scored = [row for row in _scored(column, fellows).tolist() if row not in void]

    def shared() -> dict[int, int]:
        units = {row: int(column.scores.units.array[row]) for row in scored}
        number = Counter(units.values())
        return {row: number[each] for row, each in units.items()}

    found = facts.each((column.indicator.code, "units with the same score"), shared)
    tied = [row for row in scored if (found[row] or 0) > 1]
    for row in tied:
        column.missing[row] = (_tie(column.scores.score(row)),)
        column.has_score[row] = False
    _tell(column, tied, lambda row: UsedInput("units with the same score", str(found[row]), GROUP))


def _tie(score: object) -> Reason:
    shown = show(score)  # type: ignore[arg-type]
    return Reason(
        f"Another unit has {shown} too; these marks may not tie.",
        f"另有单位同为{shown}分，本项不得同分。",
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
        en, zh = _told(outcome, _where_to(outcome, receiver, others, outcomes, mean))
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
    shared = outcome.points() * rate
    if outcome.score is not None:
        return Fraction(outcome.score) - shared
    if receiver is None:
        return NOTHING
    rate = _rate([receiver], outcomes)
    return None if rate is None else outcome.points() * rate - shared


def _rate(members: Sequence[Indicator], outcomes: Outcomes) -> Fraction | None:
    """Return the share of their points that the scored ones have; None without any."""
    score, points = NOTHING, NOTHING
    for each in members:
        outcome = outcomes[each.code]
        if outcome.score is not None:
            score += Fraction(outcome.score)
            points += outcome.points()
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
        each.code: Fraction(outcome.score) / outcome.points()
        for each in members
        if (outcome := outcomes[each.code]).score is not None
    }
    if not ratios:
        return None
    given = mean.parameters.group("weights")
    weights = {code: Fraction(given.number(code)) if given else ONE for code in ratios}
    share = mean_of_shares(mean.parameters.word("kind"), ratios, weights)
    return Fraction(mean.points) * share


def _where_to(
    outcome: Outcome,
    receiver: Indicator | None,
    others: Sequence[Indicator],
    outcomes: Outcomes,
    mean: Indicator | None,
) -> tuple[str, str]:
    """Return what becomes of an indicator that counts for nothing, in English and in Chinese."""
    points = show(outcome.points())
    if mean is not None:
        return f"it is left out of the mean of {mean.code}.", f"不计入 {mean.code} 的平均。"
    if receiver is not None:
        return f"its {points} points go to {receiver.code}.", f"其{points}分转至{receiver.code}。"
    if _rate(others, outcomes) is not None:
        return f"its {points} points go to its scored siblings.", f"其{points}分转至同级其他指标。"
    return (
        f"its {points} points are its siblings', none of which has a score yet.",
        f"其{points}分应转至同级其他指标，但同级指标尚无得分。",
    )


def _told(outcome: Outcome, where_to: tuple[str, str]) -> tuple[str, str]:
    en = " ".join(reason.en for reason in outcome.because)
    zh = "".join(reason.zh for reason in outcome.because)
    score = "" if outcome.score is None else show(outcome.score)
    to_en, to_zh = where_to
    within = outcome.column.fellows_of(outcome.row) is not None
    of_en, of_zh = ("sub-category", "同一子类别") if within else ("category", "同类")
    tail_en, tail_zh = {
        ZERO: ("Scored 0, as the scheme says.", "按方案规定计0分。"),
        MEAN: (
            f"The mean of the {of_en}'s others stands in: {score}.",
            f"按方案规定取{of_zh}其他单位平均分{score}。",
        ),
        SUBCATEGORY_MEAN: (
            f"The mean of the sub-category's others stands in: {score}.",
            f"按方案规定取同一子类别其他单位平均分{score}。",
        ),
        SKIPPED: (to_en[0].upper() + to_en[1:], to_zh),
        NOT_APPLICABLE: (f"{_why_out(outcome)[0]}: {to_en}", f"{_why_out(outcome)[1]}：{to_zh}"),
        SHORT_SAMPLE: ("", ""),
        VOIDED: ("It scores nothing, as the scheme says.", "按方案规定不得分。"),
        CARRIED_OVER: ("The latest earlier period stands in.", "沿用最近一期数据。"),
    }[outcome.decision or ZERO]
    return f"{en} {tail_en}".strip(), zh + tail_zh


def _why_out(outcome: Outcome) -> tuple[str, str]:
    if outcome.declared:
        return "Declared not applicable", "经申报不适用"
    return "Nothing below it applies", "其下级指标均不适用"
