"""Which inputs each scoring method takes, and how its score follows from them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from scoring.rules import group_scorers, pieces
from scoring.rules.composites import given_to, valued
from scoring.rules.entries import PER_EVENT, ZERO_REPORT, Entry, ending_of, unreported
from scoring.rules.exact import show
from scoring.rules.gaps import Gap, Reason, Undefined
from scoring.rules.inputs import COUNT, Inputs, Used, all_of
from scoring.rules.methods import composed, counted, judged, relative, target, threshold
from scoring.rules.methods.formula import expression
from scoring.rules.methods.scored import Scored
from scoring.rules.params import Params

Scorer = Callable[[Inputs], Scored]


def score(method: str, inputs: Inputs) -> Scored:
    """Return the score of one unit's one indicator; raise `Gap` when there is none."""
    scorer = SCORERS.get(method)
    if scorer is None:
        raise Undefined(f"There is no method {method}.", f"没有计分办法“{method}”。")
    return scorer(inputs)


def _ratio_to_target(inputs: Inputs) -> Scored:
    actual, aim = all_of([partial(inputs.measured, "actual"), partial(inputs.target)])
    eased = inputs.lowered()
    return target.ratio_to_target(
        inputs.points, inputs.params, inputs.places, actual=actual, target=aim, lowered=eased
    )


def _stepped_deduction(inputs: Inputs) -> Scored:
    actual, aim = all_of([partial(inputs.measured, "actual"), partial(inputs.target)])
    return target.stepped_deduction(
        inputs.points, inputs.params, inputs.places, actual=actual, target=aim
    )


def _baseline_growth(inputs: Inputs) -> Scored:
    actual, base = all_of([partial(inputs.measured, "actual"), partial(inputs.baseline)])
    return target.baseline_growth(
        inputs.points, inputs.params, inputs.places, actual=actual, baseline=base
    )


def _pledge(inputs: Inputs) -> Scored:
    asks = [partial(inputs.measured, "actual"), partial(inputs.target), partial(inputs.pledge)]
    actual, standard, pledged = all_of(asks)
    return target.pledge(
        inputs.points,
        inputs.params,
        inputs.places,
        actual=actual,
        standard=standard,
        pledged=pledged,
    )


def _items_weighted(inputs: Inputs) -> Scored:
    number = inputs.params.word("items")
    items = (
        inputs.items()
        if number == "unit_defined"
        else [str(item) for item in range(1, int(number) + 1)]
    )
    if not items:
        raise Gap([Reason("No item has a target.", "没有任何分项设定目标。")])
    asks = [partial(inputs.measured, "actual", item) for item in items]
    numbers = all_of([*asks, *(partial(inputs.target, item) for item in items)])
    return target.items_weighted(
        inputs.points,
        inputs.params,
        inputs.places,
        actuals=numbers[: len(items)],
        targets=numbers[len(items) :],
    )


def _tiers(inputs: Inputs) -> Scored:
    own = valued(inputs, inputs.params.word("input", "value"))
    return own.explain(
        threshold.tiers(inputs.points, inputs.params, inputs.places, value=own.number)
    )


def _all_or_nothing(inputs: Inputs) -> Scored:
    own = valued(inputs, inputs.params.word("input", "value"))
    return own.explain(
        threshold.all_or_nothing(inputs.points, inputs.params, inputs.places, value=own.number)
    )


def _grade_map(inputs: Inputs) -> Scored:
    grade = inputs.grade()
    _within_quota(inputs, grade)
    return threshold.grade_map(inputs.points, inputs.params, inputs.places, grade=grade)


def _within_quota(inputs: Inputs, grade: str) -> None:
    """Refuse a grade that more units have than may have it (强制分布), whoever of them it is."""
    share = inputs.params.numbers("at_most").get(grade)
    if share is None:
        return
    given, graded = inputs.grades()[grade], sum(inputs.grades().values())
    most = threshold.quota(share, graded, inputs.params.word("rounding", "floor"))
    inputs.note(f"units graded {grade}", f"{given} of {graded}, at most {most}")
    if given > most:
        raise Undefined(
            f"{given} of {graded} units are graded {grade}; at most {most} may be.",
            f"{graded}个单位中有{given}个评为“{grade}”，最多可评{most}个。",
        )


def _external_result(inputs: Inputs) -> Scored:
    kind = inputs.params.word("kind")
    result = inputs.grade() if kind == "grade" else inputs.measured(kind)
    return threshold.external_result(inputs.points, inputs.params, inputs.places, result=result)


def _milestone(inputs: Inputs) -> Scored:
    nodes = list(inputs.nodes().values())
    return counted.milestone(inputs.points, inputs.params, inputs.places, nodes=nodes)


def _count_points(inputs: Inputs) -> Scored:
    distinct = inputs.params.flag("distinct", False)
    count = pieces.counted(inputs) if distinct else inputs.measured(COUNT)
    return counted.count_points(inputs.points, inputs.params, inputs.places, count=count)


def _deduct_events(inputs: Inputs) -> Scored:
    counts = _counts(inputs)
    return counted.deduct_events(inputs.points, inputs.params, inputs.places, counts=counts)


def _base_plus_minus(inputs: Inputs) -> Scored:
    counts = _counts(inputs)
    return counted.base_plus_minus(inputs.points, inputs.params, inputs.places, counts=counts)


def _counts(inputs: Inputs) -> dict[str, Decimal]:
    """Return how often each event happened; silence is missing where zero reports are compulsory.

    A report, of an event or of none, speaks for its own period and for no other. An event that was
    discovered this year but occurred in another is left out, unless the scheme counts by the day
    of discovery.
    """
    events = inputs.events()
    if inputs.facts.zero_report_required and (lacking := _silent(inputs, events)):
        raise Gap([_silence(lacking if events else [])])
    discovered = inputs.params.word("by", "occurred") == "discovered"
    counts: dict[str, Decimal] = {}
    for event in events:
        key, count, day = event.key or "", event.value or Decimal(0), event.occurred_on
        name = f"{key}, {event.period}"
        if day is not None and str(day.year) != inputs.facts.year and not discovered:
            name, count = f"{name}, occurred on {day}, not counted", Decimal(0)
        inputs.used.append(Used(name, show(count), "ledger", (event.entry_id,)))
        counts[key] = counts.get(key, Decimal(0)) + count
    return counts


def _silent(inputs: Inputs, events: list[Entry]) -> list[str]:
    """Return the periods for which nothing is reported, not even that nothing happened."""
    if inputs.frequency == PER_EVENT and any(event.key != ZERO_REPORT for event in events):
        return []
    reported = (event.period for event in events)
    return unreported(reported, inputs.frequency, inputs.facts.year)


def _silence(lacking: list[str]) -> Reason:
    en, zh = ", ".join(lacking), "、".join(lacking)
    return Reason(
        f"Neither an event nor a zero report has been entered{en and f' for {en}'}.",
        f"{zh}既没有事件记录，也没有零报告。",
    )


def _qualitative_panel(inputs: Inputs) -> Scored:
    params = inputs.params
    size, apart = int(params.number("panel_size")), params.flag("exclude_own_unit", True)
    least = params.optional("min_marks")
    marks = inputs.marks(size, exclude_own=apart, least=None if least is None else int(least))
    return judged.qualitative_panel(inputs.points, params, inputs.places, scores=marks)


def _inherit_superior(inputs: Inputs) -> Scored:
    ordinary = inputs.params.group("otherwise")
    if ordinary is not None:
        method, judged = ordinary.word("method"), inputs.entered("superior_loss")
        word = "not applied, the superior has judged" if judged else "applied, no superior_loss"
        inputs.note("otherwise", f"{method}, {word}", "scheme")
        if not judged:
            return score(method, inputs.by(ordinary.group("params") or Params({})))
    loss = inputs.measured("superior_loss")
    return composed.inherit_superior(
        inputs.points, inputs.params, inputs.places, superior_loss=loss
    )


def _survey_score(inputs: Inputs) -> Scored:
    found = inputs.satisfaction(inputs.params.word("survey"))
    return judged.survey_score(inputs.points, inputs.params, inputs.places, satisfaction=found)


def _blend(inputs: Inputs) -> Scored:
    components = {part.word("key"): part for part in inputs.params.each("components")}
    scores = all_of(
        partial(
            score,
            part.word("method"),
            inputs.component(key, part.group("params") or Params({})),
        )
        for key, part in components.items()
    )
    weights = [part.number("weight") for part in components.values()]
    weighed = zip(weights, scores, strict=True)
    return composed.blend(inputs.places, dict(zip(components, weighed, strict=True)))


def _periodic_weighted(inputs: Inputs) -> Scored:
    names, weights = inputs.params.words("periods"), inputs.params.amounts("weights")
    if len(names) != len(weights):
        raise Undefined("Every period needs one weight.", "每个时段须有一个权重。")
    periods = [inputs.during(name, names[:at]) for at, name in enumerate(names)]
    if inputs.params.group("component") is None:
        ratios = all_of(partial(period.measured, "ratio") for period in periods)
        return composed.periodic_weighted(
            inputs.points, inputs.params, inputs.places, period_ratios=ratios
        )
    scores = all_of(partial(_of_period, period) for period in periods)
    weighed = zip(weights, scores, strict=True)
    labels = [inputs.facts.year + ending_of(name) for name in names]
    return composed.periods_weighted(inputs.places, dict(zip(labels, weighed, strict=True)))


def _of_period(period: Inputs) -> Scored:
    part = period.params.group("component") or Params({})
    return score(part.word("method"), period.by(part.group("params") or Params({})))


def _expression(inputs: Inputs) -> Scored:
    gate = inputs.params.given.get("gate")
    texts = [inputs.params.word("formula"), *([] if gate is None else [str(gate)])]
    given = given_to(inputs, inputs.params.named("inputs"), *texts)
    return expression(inputs.points, inputs.params, inputs.places, inputs=given)


SCORERS: Mapping[str, Scorer] = {
    "ratio_to_target": _ratio_to_target,
    "stepped_deduction": _stepped_deduction,
    "baseline_growth": _baseline_growth,
    "pledge": _pledge,
    "items_weighted": _items_weighted,
    "tiers": _tiers,
    "all_or_nothing": _all_or_nothing,
    "grade_map": _grade_map,
    "external_result": _external_result,
    "rank_points": group_scorers.rank_points,
    "relative_to_best": group_scorers.relative_to_best,
    "efficacy_linear": partial(group_scorers.efficacy, relative.efficacy_linear),
    "efficacy_exp": partial(group_scorers.efficacy, relative.efficacy_exp),
    "min_max": group_scorers.min_max,
    "z_score": group_scorers.z_score,
    "percentile_rank": group_scorers.percentile_rank,
    "milestone": _milestone,
    "count_points": _count_points,
    "deduct_events": _deduct_events,
    "base_plus_minus": _base_plus_minus,
    "qualitative_panel": _qualitative_panel,
    "inherit_superior": _inherit_superior,
    "survey_score": _survey_score,
    "blend": _blend,
    "periodic_weighted": _periodic_weighted,
    "expression": _expression,
}
"""How each method is asked. `sum_children` and `mean_children` are not among them: a parent has
no inputs of its own."""
