"""Every scoring method (计分办法) and what it takes.

What a method computes is the business of the service that scores; here its parameters are
checked, so that a published scheme can be computed. "Points" are the indicator's.
"""

from collections.abc import Mapping
from typing import Any, cast

from chassis.refusals import Fault
from indicators.rules.methods import blending, by_record, expression, external, judged, of_children
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.parameters import read, written
from indicators.rules.scheme import Indicator, Method

METHODS: Mapping[Method, type[ScoringMethod]] = {
    **blending.COMPONENTS,
    "blend": blending.Blend,
    "periodic_weighted": blending.PeriodicWeighted,
    "expression": expression.Expression,
    "milestone": by_record.Milestone,
    "count_points": by_record.CountPoints,
    "deduct_events": by_record.DeductEvents,
    "base_plus_minus": by_record.BasePlusMinus,
    "qualitative_panel": judged.QualitativePanel,
    "grade_map": judged.GradeMap,
    "items_weighted": by_record.ItemsWeighted,
    "inherit_superior": external.InheritSuperior,
    "survey_score": judged.SurveyScore,
    "external_result": external.ExternalResult,
    "sum_children": of_children.SumChildren,
    "mean_children": of_children.MeanChildren,
}
"""Each method as the class that declares its parameters, what it takes and what it reads."""


def method_params(method: Method, raw: object, at: str, faults: list[Fault]) -> Mapping[str, Any]:
    """Return the parameters of `method` as plain JSON, complete and exact, defaults written out.

    Every fault found in them is added to `faults`, with its JSON pointer below `at`.
    """
    params = read(METHODS[method], raw, at, faults)
    return {} if params is None else cast(Mapping[str, Any], written(params))


def method_of(indicator: Indicator, over: Mapping[str, Any] | None = None) -> ScoringMethod:
    """Return the method of an indicator whose parameters are complete, with some overridden.

    An override is complete in each parameter it names, so that it is put over them one by one.
    """
    faults: list[Fault] = []
    params = {**indicator.params, **(over or {})}
    method = read(METHODS[indicator.method], params, "", faults)
    if method is None:
        raise ValueError(f"the parameters of {indicator.code} have {len(faults)} faults")
    return method
