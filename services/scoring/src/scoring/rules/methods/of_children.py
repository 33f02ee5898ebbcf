"""Methods of an indicator that has children: what theirs together is worth (下级指标合计)."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import has_exact_root, is_writable, power, precise
from scoring.rules.columns.powers import Means
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, ONE, Unrounded
from scoring.rules.scheme.params import Params

MEAN_CHILDREN = "mean_children"

CAPPED_SUM = "sum of the children's scores up to their points + min(what is over them, extra_cap)"
"""The rule of a sum that its parts need not add up to."""


@dataclass(frozen=True, slots=True)
class Child:
    """The rounded scores of a child for some units, and the points that it counts for."""

    code: str
    scores: Quotients
    points: Fraction | Quotients

    def worth(self, row: int) -> Fraction:
        """Return the points that it counts for in one row."""
        return self.points if isinstance(self.points, Fraction) else self.points.at(row)


def sum_children(children: Sequence[Child], *, extra_cap: Decimal | None) -> Unrounded:
    """Return the sum of the children's scores, each rounded before (下级指标合计).

    With an `extra_cap` what they score over the points they count for is worth no more than that
    all together.
    """
    if extra_cap is not None:
        return _capped(children, Fraction(extra_cap))

    def tell(row: int) -> AppliedRule:
        shown = " + ".join(f"{precise(each.scores.at(row))} ({each.code})" for each in children)
        return AppliedRule("sum of the children's scores", shown or "0")

    return Unrounded(total([each.scores for each in children]), tell)


def _capped(children: Sequence[Child], most: Fraction) -> Unrounded:
    within = [
        each.scores.least(each.points)
        if isinstance(each.points, Fraction)
        else Quotients.of(list(map(min, each.scores.each(), each.points.each())))
        for each in children
    ]
    over = [each.scores - inside for each, inside in zip(children, within, strict=True)]

    def tell(row: int) -> AppliedRule:
        shown = " + ".join(
            f"{precise(inside.at(row))} ({each.code})"
            for each, inside in zip(children, within, strict=True)
        )
        extras = [extra for each in over if (extra := each.at(row))]
        added = " + ".join(map(precise, extras)) or "0"
        return AppliedRule(CAPPED_SUM, f"{shown} + min({added}, {precise(most)})")

    return Unrounded(total(within) + total(over).least(most), tell)


def mean_children(points: Decimal, params: Params, children: Sequence[Child]) -> Unrounded:
    """Return points × the mean of the children's ratios of score to points (合成指数).

    Arithmetic, geometric or harmonic; `weights` by the child's code, equal ones if not given, are
    taken in proportion. A child of zero or less makes a geometric or harmonic mean zero.
    """
    kind, given = params.word("kind"), params.group("weights")
    codes = [each.code for each in children]
    weights = {code: Fraction(given.number(code)) if given else ONE for code in codes}
    equal = len(set(weights.values())) == 1
    rows = len(children[0].scores)

    def ratios(row: int) -> dict[str, Fraction]:
        return {each.code: each.scores.at(row) / each.worth(row) for each in children}

    def exactly(row: int) -> Fraction:
        return mean_of_shares(kind, ratios(row), weights) * Fraction(points)

    values = _by_column(kind, Fraction(points), weights, children, exactly)
    if values is None:
        values = Quotients.of([exactly(row) for row in range(rows)])

    def tell(row: int) -> AppliedRule:
        written = _WRITTEN[kind](ratios(row), None if equal else weights)
        rule = f"points × {kind} mean of the children's score / points"
        return AppliedRule(rule, f"{precise(points)} × {written}")

    return Unrounded(values, tell)


def _by_column(
    kind: str,
    points: Fraction,
    weights: Mapping[str, Fraction],
    children: Sequence[Child],
    exactly: Callable[[int], Fraction],
) -> Quotients | None:
    """Return the means without a look at single rows; None where there is no such way."""
    worths = [each.points for each in children if isinstance(each.points, Fraction)]
    if len(worths) < len(children) or kind == "harmonic":
        return None
    whole, scores = sum(weights.values(), NOTHING), [each.scores for each in children]
    own = [weights[each.code] / whole for each in children]
    if kind == "arithmetic":
        shares = [points * weight / worth for weight, worth in zip(own, worths, strict=True)]
        return total(scores, shares)
    ratios = [(each, ONE / worth) for each, worth in zip(scores, worths, strict=True)]
    return Means(points, ratios, own, exactly)


def mean_of_shares(
    kind: str, ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction]
) -> Fraction:
    """Return the weighted mean of shares by code, weights taken in proportion."""
    whole = sum((weights[code] for code in ratios), NOTHING)
    return _MEANS[kind](ratios, {code: weights[code] / whole for code in ratios})


def _arithmetic(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    return sum((ratio * weights[code] for code, ratio in ratios.items()), NOTHING)


def _geometric(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    if min(ratios.values()) <= 0:
        return NOTHING
    parts, degree = _whole_parts(ratios, weights)
    whole = ONE
    for code, ratio in ratios.items():
        whole *= power(ratio, parts[code])
    return power(whole, Fraction(1, degree))


def _whole_parts(
    ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction]
) -> tuple[Mapping[str, Fraction], int]:
    """Return the exponents of the ratios, and the degree of the one root of their product.

    Whole exponents if they can be: a mean that is a fraction then comes out as one. Weights of many
    digits would make powers that nobody can compute; each is an exponent of its own then.
    """
    degree = math.lcm(*(weight.denominator for weight in weights.values()))
    parts = {code: weights[code] * degree for code in ratios}
    exact = has_exact_root(degree) and all(
        is_writable(ratio, int(parts[code])) for code, ratio in ratios.items()
    )
    return (parts, degree) if exact else (weights, 1)


def _harmonic(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    if min(ratios.values()) <= 0:
        return NOTHING
    return ONE / sum((weights[code] / ratio for code, ratio in ratios.items()), NOTHING)


_MEANS = {"arithmetic": _arithmetic, "geometric": _geometric, "harmonic": _harmonic}


def _sum_written(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None) -> str:
    terms = (
        f"{precise(ratio)}{f' × {precise(weights[code])}' if weights else ''} ({code})"
        for code, ratio in ratios.items()
    )
    return f"({' + '.join(terms)}) / {_whole(ratios, weights)}"


def _product_written(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None) -> str:
    if min(ratios.values()) <= 0:
        return "0"
    given = weights or dict.fromkeys(ratios, ONE)
    whole = sum((given[code] for code in ratios), NOTHING)
    parts, degree = _whole_parts(ratios, {code: given[code] / whole for code in ratios})
    terms = (f"{precise(ratio)}{_raised(parts[code])} ({code})" for code, ratio in ratios.items())
    product = f"({' × '.join(terms)})"
    return product if degree == 1 else f"{product} ^ (1 / {degree})"


def _raised(exponent: Fraction) -> str:
    if exponent == 1:
        return ""
    above, below = exponent.as_integer_ratio()
    return f" ^ {above}" if below == 1 else f" ^ ({above} / {below})"


def _quotient_written(
    ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None
) -> str:
    if min(ratios.values()) <= 0:
        return "0"
    terms = (
        f"{precise(weights[code]) if weights else 1} / {precise(ratio)} ({code})"
        for code, ratio in ratios.items()
    )
    return f"{_whole(ratios, weights)} / ({' + '.join(terms)})"


def _whole(ratios: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None) -> str:
    return (
        precise(sum((weights[code] for code in ratios), NOTHING)) if weights else str(len(ratios))
    )


_WRITTEN = {
    "arithmetic": _sum_written,
    "geometric": _product_written,
    "harmonic": _quotient_written,
}
