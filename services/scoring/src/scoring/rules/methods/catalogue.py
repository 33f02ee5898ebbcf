"""Every scoring method (计分办法) by its name: how the cells of an indicator are scored."""

from collections.abc import Mapping
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
    steps,
    tiers,
    within_group,
)
from scoring.rules.methods.cells import Cells, Method
from scoring.rules.methods.scores import Unrounded, merged


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
    **against_target.METHODS,
    **steps.METHODS,
    **tiers.METHODS,
    **within_group.METHODS,
    **events.METHODS,
    **pieces.METHODS,
    **by_record.METHODS,
    **external.METHODS,
    **expression.METHODS,
    # What scores by methods within it is told how to.
    "inherit_superior": partial(external.inherit_superior, inner=score),
    "blend": partial(blending.blend, inner=score),
    "periodic_weighted": partial(blending.periodic_weighted, inner=score),
}
"""`sum_children` and `mean_children` are not among them: a parent has no inputs of its own."""
