"""Every scoring method (计分办法) and what it takes.

What a method computes is the business of the service that scores; here its parameters are
checked, so that a published scheme can be computed. "Points" are the indicator's.
"""

from collections.abc import Mapping
from typing import Any, cast

from chassis.refusals import Fault
from indicators.rules.methods import (
    against_target,
    blending,
    by_record,
    expression,
    external,
    of_children,
    within_group,
)
from indicators.rules.methods.parameters import Params, read, written
from indicators.rules.scheme import Method

METHODS: Mapping[Method, type[Params]] = {
    "ratio_to_target": against_target.RatioToTarget,
    "stepped_deduction": against_target.SteppedDeduction,
    "tiers": against_target.Tiers,
    "all_or_nothing": against_target.AllOrNothing,
    "baseline_growth": against_target.BaselineGrowth,
    "pledge": against_target.Pledge,
    "rank_points": within_group.RankPoints,
    "relative_to_best": within_group.RelativeToBest,
    "efficacy_linear": within_group.Efficacy,
    "efficacy_exp": within_group.Efficacy,
    "min_max": within_group.MinMax,
    "z_score": within_group.ZScore,
    "percentile_rank": within_group.PercentileRank,
    "blend": blending.Blend,
    "periodic_weighted": blending.PeriodicWeighted,
    "expression": expression.Expression,
    "milestone": by_record.Milestone,
    "count_points": by_record.CountPoints,
    "deduct_events": by_record.DeductEvents,
    "base_plus_minus": by_record.BasePlusMinus,
    "qualitative_panel": by_record.QualitativePanel,
    "grade_map": by_record.GradeMap,
    "items_weighted": by_record.ItemsWeighted,
    "inherit_superior": external.InheritSuperior,
    "survey_score": by_record.SurveyScore,
    "external_result": external.ExternalResult,
    "sum_children": of_children.SumChildren,
    "mean_children": of_children.MeanChildren,
}
"""The parameters of each method, as the dataclass that declares them."""


def method_params(method: Method, raw: object, at: str, faults: list[Fault]) -> Mapping[str, Any]:
    """Return the parameters of `method` as plain JSON, complete and exact, defaults written out.

    Every fault found in them is added to `faults`, with its JSON pointer below `at`.
    """
    params = read(METHODS[method], raw, at, faults)
    return {} if params is None else cast(Mapping[str, Any], written(params))
