"""Which inputs each scoring method takes, and how its score follows from them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from scoring.rules.entries import PERIODS
from scoring.rules.exact import show
from scoring.rules.gaps import Gap, Reason, Undefined
from scoring.rules.inputs import Inputs, Used, all_of
from scoring.rules.methods import composed, counted, judged, relative, target, threshold
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
    return target.ratio_to_target(
        inputs.points, inputs.params, inputs.places, actual=actual, target=aim
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
    value = inputs.measured(inputs.params.word("input", "value"))
    return threshold.tiers(inputs.points, inputs.params, inputs.places, value=value)


def _all_or_nothing(inputs: Inputs) -> Scored:
    value = inputs.measured(inputs.params.word("input", "value"))
    return threshold.all_or_nothing(inputs.points, inputs.params, inputs.places, value=value)


def _grade_map(inputs: Inputs) -> Scored:
    return threshold.grade_map(inputs.points, inputs.params, inputs.places, grade=inputs.grade())


def _rank_points(inputs: Inputs) -> Scored:
    period = inputs.params.word("period", "year")
    if period == "year":
        return _ranked(inputs)
    names = PERIODS[period]
    scores = all_of(
        partial(_ranked, inputs.during(name, names[:at])) for at, name in enumerate(names)
    )
    periods = [inputs.facts.year + name for name in names]
    return relative.mean_of_periods(inputs.places, dict(zip(periods, scores, strict=True)))


def _ranked(inputs: Inputs) -> Scored:
    inputs.measured("value")
    by, tie = inputs.params.word("rank_by", "higher"), inputs.params.word("tie", "same_rank_skip")
    values = inputs.others("value")
    rank = relative.ranks(values, by, tie)[inputs.unit]
    inputs.compared(values)
    inputs.note("rank", str(rank))
    return relative.rank_points(inputs.points, inputs.params, inputs.places, rank=rank)


def _relative_to_best(inputs: Inputs) -> Scored:
    value, others = inputs.measured("value"), inputs.others("value")
    inputs.compared(others)
    values = list(others.values())
    return relative.relative_to_best(
        inputs.points, inputs.params, inputs.places, value=value, values=values
    )


def _efficacy(
    method: Callable[..., Scored],
    inputs: Inputs,
) -> Scored:
    value = inputs.measured("value")
    others = inputs.others("value")
    inputs.compared(others)
    low, high = min(others.values()), max(others.values())
    inputs.used.append(Used("lowest of the category", show(low), "group"))
    inputs.used.append(Used("highest of the category", show(high), "group"))
    return method(inputs.points, inputs.params, inputs.places, value=value, low=low, high=high)


def _milestone(inputs: Inputs) -> Scored:
    nodes = list(inputs.nodes().values())
    return counted.milestone(inputs.points, inputs.params, inputs.places, nodes=nodes)


def _count_points(inputs: Inputs) -> Scored:
    count = inputs.measured("count")
    return counted.count_points(inputs.points, inputs.params, inputs.places, count=count)


def _deduct_events(inputs: Inputs) -> Scored:
    events = inputs.events()
    if not events and inputs.facts.zero_report_required:
        raise Gap(
            [
                Reason(
                    "Neither an event nor a zero report has been entered.",
                    "既没有事件记录，也没有零报告。",
                )
            ]
        )
    counts: dict[str, Decimal] = {}
    for event in events:
        key, count = event.key or "", event.value or Decimal(0)
        inputs.used.append(Used(f"{key}, {event.period}", show(count), "ledger", (event.entry_id,)))
        counts[key] = counts.get(key, Decimal(0)) + count
    return counted.deduct_events(inputs.points, inputs.params, inputs.places, counts=counts)


def _qualitative_panel(inputs: Inputs) -> Scored:
    size, apart = (
        int(inputs.params.number("panel_size")),
        inputs.params.flag("exclude_own_unit", True),
    )
    marks = inputs.marks(size, exclude_own=apart)
    return judged.qualitative_panel(inputs.points, inputs.params, inputs.places, scores=marks)


def _inherit_superior(inputs: Inputs) -> Scored:
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


SCORERS: Mapping[str, Scorer] = {
    "ratio_to_target": _ratio_to_target,
    "stepped_deduction": _stepped_deduction,
    "tiers": _tiers,
    "all_or_nothing": _all_or_nothing,
    "rank_points": _rank_points,
    "relative_to_best": _relative_to_best,
    "efficacy_linear": partial(_efficacy, relative.efficacy_linear),
    "efficacy_exp": partial(_efficacy, relative.efficacy_exp),
    "baseline_growth": _baseline_growth,
    "blend": _blend,
    "milestone": _milestone,
    "count_points": _count_points,
    "deduct_events": _deduct_events,
    "qualitative_panel": _qualitative_panel,
    "grade_map": _grade_map,
    "items_weighted": _items_weighted,
    "inherit_superior": _inherit_superior,
    "survey_score": _survey_score,
}
"""How each method is asked. `sum_children` is not among them: a parent has no inputs of its own."""
