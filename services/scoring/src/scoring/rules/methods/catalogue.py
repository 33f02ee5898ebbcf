"""Every scoring method (计分办法) by its name: how the cells of an indicator are scored."""

from collections.abc import Callable, Mapping
from functools import partial

from scoring.rules.columns.gaps import Gap, Undefined
from scoring.rules.methods import (
    against_target,
    blending,
    by_record,
    events,
    expression,
    external,
    pieces,
    within_group,
)
from scoring.rules.methods.cells import Cells
from scoring.rules.methods.scores import Unrounded, merged

Method = Callable[[Cells], Unrounded]


def score(method: str, cells: Cells) -> Unrounded:
    """Return the scores of cells by a method; where none has any, the reasons stand with each."""
    scorer = METHODS.get(method)
    try:
        if scorer is None:
            raise Undefined(f"There is no method {method}.", f"没有计分办法“{method}”。")
        return scorer(cells)
    except Gap as gap:
        return cells.given(gaps=dict.fromkeys(range(len(cells)), gap.reasons)).nothing()


def score_indicator(cells: Cells) -> Unrounded:
    """Return the scores of an indicator's cells, each unit's by its own parameters."""
    method = cells.indicator.method
    if not cells.indicator.per_unit_params:
        return score(method, cells)
    pieces = [(rows, score(method, some)) for rows, some in cells.by_own_params()]
    return merged(len(cells), pieces)


METHODS: Mapping[str, Method] = {
    "ratio_to_target": against_target.ratio_to_target,
    "stepped_deduction": against_target.stepped_deduction,
    "baseline_growth": against_target.baseline_growth,
    "pledge": against_target.pledge,
    "tiers": against_target.tiers,
    "all_or_nothing": against_target.all_or_nothing,
    "rank_points": within_group.rank_points,
    "relative_to_best": within_group.relative_to_best,
    "efficacy_linear": within_group.efficacy_linear,
    "efficacy_exp": within_group.efficacy_exp,
    "min_max": within_group.min_max,
    "z_score": within_group.z_score,
    "percentile_rank": within_group.percentile_rank,
    "deduct_events": events.deduct_events,
    "base_plus_minus": events.base_plus_minus,
    "count_points": pieces.count_points,
    "milestone": by_record.milestone,
    "grade_map": by_record.grade_map,
    "qualitative_panel": by_record.qualitative_panel,
    "survey_score": by_record.survey_score,
    "items_weighted": by_record.items_weighted,
    "external_result": external.external_result,
    "inherit_superior": partial(external.inherit_superior, inner=score),
    "blend": partial(blending.blend, inner=score),
    "periodic_weighted": partial(blending.periodic_weighted, inner=score),
    "expression": expression.expression,
}
"""`sum_children` and `mean_children` are not among them: a parent has no inputs of its own."""
