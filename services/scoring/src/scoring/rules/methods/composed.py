"""Methods made of other scores: components, periods, children that add up, a superior's verdict."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import exactly, show
from scoring.rules.methods.scored import NOTHING, Scored, settle
from scoring.rules.params import Params

CAPPED_SUM = "sum of the children's scores up to their points + min(what is over them, extra_cap)"
"""The rule of a sum that its parts need not add up to."""


def blend(places: int, components: Mapping[str, tuple[Decimal, Scored]]) -> Scored:
    """Return the weighted sum of components, each scored out of all points (总量与增量).

    `components` maps a component's key to its weight and its rounded score.
    """
    return _weighted(places, components, "component")


def periods_weighted(places: int, periods: Mapping[str, tuple[Decimal, Scored]]) -> Scored:
    """Return the weighted sum of periods, each scored out of all points (分期计分).

    `periods` maps a period to its weight and its rounded score.
    """
    return _weighted(places, periods, "period")


def _weighted(places: int, parts: Mapping[str, tuple[Decimal, Scored]], of: str) -> Scored:
    weighed = parts.values()
    return settle(
        sum((Fraction(weight) * Fraction(scored.score) for weight, scored in weighed), NOTHING),
        places,
        f"sum of weight × {of} score",
        lambda: " + ".join(f"{show(weight)} × {show(scored.score)}" for weight, scored in weighed),
        parts=tuple((key, scored) for key, (_, scored) in parts.items()),
    )


def periodic_weighted(
    points: Decimal, params: Params, places: int, *, period_ratios: Sequence[Decimal]
) -> Scored:
    """Weigh the completion of each period, cumulative or not (分期计分); a negative one is none.

    The ratios are inputs and are not rounded; the scores of a component by period are, and go
    through `periods_weighted`.
    """
    weighed = list(zip(params.amounts("weights"), period_ratios, strict=True))
    total = sum((Fraction(w) * max(Fraction(ratio), NOTHING) for w, ratio in weighed), NOTHING)
    return settle(
        Fraction(points) * total,
        places,
        "points × sum of weight × ratio of the period",
        lambda: (
            f"{show(points)} × "
            f"({' + '.join(f'{show(w)} × {show(max(r, Decimal(0)))}' for w, r in weighed)})"
        ),
    )


def sum_children(
    places: int,
    children: Mapping[str, Decimal],
    *,
    worth: Mapping[str, Fraction] | None = None,
    extra_cap: Decimal | None = None,
) -> Scored:
    """Return the sum of the children's scores, each rounded before (下级指标合计).

    With an `extra_cap` what they score over their own points, their `worth`, counts for no more
    than that all together.
    """
    if worth is not None and extra_cap is not None:
        return _capped(places, children, worth, extra_cap)
    return settle(
        sum(map(Fraction, children.values()), NOTHING),
        places,
        "sum of the children's scores",
        lambda: " + ".join(f"{show(score)} ({code})" for code, score in children.items()) or "0",
    )


def _capped(
    places: int, children: Mapping[str, Decimal], worth: Mapping[str, Fraction], most: Decimal
) -> Scored:
    within = {code: min(Fraction(score), worth[code]) for code, score in children.items()}
    extras = [Fraction(score) - within[code] for code, score in children.items()]
    over = [extra for extra in extras if extra]

    def written() -> str:
        shown = " + ".join(f"{exactly(score)} ({code})" for code, score in within.items())
        added = " + ".join(map(exactly, over)) or "0"
        return f"{shown} + min({added}, {show(most)})"

    return settle(
        sum(within.values(), NOTHING) + min(sum(over, NOTHING), Fraction(most)),
        places,
        CAPPED_SUM,
        written,
    )


def _charged(loss: Decimal, factors: Sequence[Decimal]) -> str:
    return "0" if loss < 0 else " × ".join(map(show, (loss, *factors)))


def inherit_superior(
    points: Decimal, params: Params, places: int, *, superior_loss: Decimal
) -> Scored:
    """Charge the unit its share of what the superior took off, converted and multiplied
    (加倍扣分).

    A loss beyond the indicator's points goes to the deductions, or is dropped, as `excess_to`
    says.
    """
    share, rule = params.optional("share"), "superior_loss × scale × multiplier"
    factors = [params.number("scale"), params.number("multiplier", Decimal(1))]
    if share is not None and share != 1:
        factors, rule = [*factors, share], f"{rule} × share"
    loss = max(Fraction(superior_loss) * math.prod(map(Fraction, factors)), NOTHING)
    spills = params.word("excess_to", "dropped") == "deductions"
    return settle(
        max(Fraction(points) - loss, NOTHING),
        places,
        f"max(0, points - {rule})",
        lambda: f"max(0, {show(points)} - {_charged(superior_loss, factors)})",
        excess=max(loss - Fraction(points), NOTHING) if spills else NOTHING,
    )
