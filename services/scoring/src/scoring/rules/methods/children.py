"""What a parent is worth by its children's shares of their own points (合成指数)."""

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import root, show
from scoring.rules.methods.scored import NOTHING, ONE, Scored, settle
from scoring.rules.params import Params


def mean_children(
    points: Decimal, params: Params, places: int, *, ratios: Mapping[str, Fraction]
) -> Scored:
    """Return points × the mean of the children's ratios of score to points.

    Arithmetic, geometric or harmonic; `weights` by the child's code, equal ones if not given, are
    taken in proportion. A child of zero or less makes a geometric or harmonic mean zero.
    """
    kind, given = params.word("kind"), params.group("weights")
    weights = {code: Fraction(given.number(code)) if given else ONE for code in ratios}
    whole = sum(weights.values(), NOTHING)
    mean = _MEANS[kind](ratios, {code: weight / whole for code, weight in weights.items()})
    equal = len(set(weights.values())) == 1
    return settle(
        Fraction(points) * mean,
        places,
        f"points × {kind} mean of the children's score / points",
        lambda: f"{show(points)} × {_WRITTEN[kind](ratios, None if equal else weights)}",
    )


def _arithmetic(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    return sum((ratio * weights[code] for code, ratio in ratios.items()), NOTHING)


def _geometric(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    if min(ratios.values()) <= 0:
        return NOTHING
    # One root of one product: a geometric mean that is a fraction then comes out as one.
    degree = math.lcm(*(weight.denominator for weight in weights.values()))
    product = ONE
    for code, ratio in ratios.items():
        product *= ratio ** int(weights[code] * degree)
    return root(product, degree)


def _harmonic(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    if min(ratios.values()) <= 0:
        return NOTHING
    return ONE / sum((weights[code] / ratio for code, ratio in ratios.items()), NOTHING)


_MEANS = {"arithmetic": _arithmetic, "geometric": _geometric, "harmonic": _harmonic}


def _sum_written(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None) -> str:
    terms = (
        f"{show(ratio)}{f' × {show(weights[code])}' if weights else ''} ({code})"
        for code, ratio in ratios.items()
    )
    return f"({' + '.join(terms)}) / {_whole(ratios, weights)}"


def _product_written(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None) -> str:
    if min(ratios.values()) <= 0:
        return "0"
    terms = (
        f"{show(ratio)}{f' ^ {show(weights[code])}' if weights else ''} ({code})"
        for code, ratio in ratios.items()
    )
    return f"({' × '.join(terms)}) ^ (1 / {_whole(ratios, weights)})"


def _quotient_written(
    ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None
) -> str:
    if min(ratios.values()) <= 0:
        return "0"
    terms = (
        f"{show(weights[code]) if weights else 1} / {show(ratio)} ({code})"
        for code, ratio in ratios.items()
    )
    return f"{_whole(ratios, weights)} / ({' + '.join(terms)})"


def _whole(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None) -> str:
    return show(sum((weights[code] for code in ratios), NOTHING)) if weights else str(len(ratios))


_WRITTEN = {
    "arithmetic": _sum_written,
    "geometric": _product_written,
    "harmonic": _quotient_written,
}
