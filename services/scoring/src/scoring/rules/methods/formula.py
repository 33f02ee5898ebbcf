"""The method that a scheme writes itself: a formula over named inputs (综合指标 × 难度系数)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import show
from scoring.rules.expressions import formula
from scoring.rules.methods.scored import NOTHING, Scored, settle
from scoring.rules.params import Params


def expression(
    points: Decimal, params: Params, places: int, *, inputs: Mapping[str, Decimal]
) -> Scored:
    """Give what the formula is worth: points, or a ratio of the indicator's; from `low` to `cap`.

    A unit that does not pass the `gate` (a formula that is 0, or a comparison that does not hold)
    has nothing, unless `low` is more.
    """
    text, gate = params.word("formula"), params.given.get("gate")
    low, cap = Fraction(params.number("low", Decimal(0))), params.optional("cap")
    if gate is not None and not (barrier := formula(str(gate))).value(inputs):
        rule = f"0 unless {gate}, at least {show(low)}"
        nothing = max(low, NOTHING)
        return settle(
            nothing, places, rule, lambda: f"{show(nothing)} [unless {barrier.filled(inputs)}]"
        )
    told, ratio = formula(text), params.word("result", "points") == "ratio"
    value = told.value(inputs) * (Fraction(points) if ratio else 1)
    rule, shown = (f"points × ({text})", f"{show(points)} × ") if ratio else (text, "")

    def written() -> str:
        text = f"{shown}({told.filled(inputs)})" if ratio else told.filled(inputs)
        text = f"min({text}, {show(cap)})" if cap is not None and value > cap else text
        return f"max({text}, {show(low)})" if value < low else text

    return settle(
        max(value if cap is None else min(value, Fraction(cap)), low),
        places,
        f"{rule}, at least {show(low)}{'' if cap is None else f', at most {show(cap)}'}",
        written,
    )
