"""Methods that turn marks of people into points: a panel, or a survey."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import Scored, settle
from scoring.rules.params import Params

HUNDRED = Decimal(100)


def qualitative_panel(
    points: Decimal, params: Params, places: int, *, scores: Sequence[Decimal]
) -> Scored:
    """Give the trimmed mean of a panel's marks, as a share of their scale (去掉最高最低分)."""
    scale, trim = params.number("scale", HUNDRED), int(params.number("trim", Decimal(0)))
    kept = sorted(scores)[trim : len(scores) - trim]
    if not kept:
        raise Undefined(
            f"{len(scores)} marks leave none after {trim} are dropped at each end.",
            f"共{len(scores)}个评分，首尾各去掉{trim}个后无剩余。",
        )
    return settle(
        Fraction(points) * sum(map(Fraction, kept), Fraction(0)) / len(kept) / Fraction(scale),
        places,
        "points × mean of the marks without the `trim` highest and lowest / scale",
        lambda: f"{show(points)} × ({' + '.join(map(show, kept))}) / {len(kept)} / {show(scale)}",
    )


def survey_score(points: Decimal, params: Params, places: int, *, satisfaction: Decimal) -> Scored:
    """Give the share of the points that the satisfaction is of its scale (公众评议)."""
    scale = params.number("scale", HUNDRED)
    return settle(
        Fraction(points) * Fraction(satisfaction) / Fraction(scale),
        places,
        "points × satisfaction / scale",
        lambda: f"{show(points)} × {show(satisfaction)} / {show(scale)}",
    )
