"""How a total that is more than a plain sum comes about: scale, adjustment, cap and weight by part,
in words and in numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import precise, show
from scoring.rules.explanation.nodes import NOTHING, Node, added
from scoring.rules.explanation.steps import PART, SHOWN_BLOCK, VETOED_BLOCK, WEIGHTS_THERE
from scoring.rules.methods.cells import UsedInput
from scoring.rules.methods.narration import Rounding
from scoring.rules.sheet.composing import PartScore
from scoring.rules.sheet.totals import UnitScores


def explain_parts(scores: UnitScores, blocks: Mapping[str, Node], adjustment: Node) -> Node:
    """Return the root of an explanation: the total, the parts that it is made of, and below each
    its block, with the adjustment where that stands inside the part."""
    parts = [_part(scores, each, blocks[each.block], adjustment) for each in scores.parts]
    shown = [node for node in blocks.values() if node.kind == SHOWN_BLOCK]
    outside = [] if scores.composition.adjustment is not None else [adjustment]
    rule, formula = _summed(scores, parts)
    if outside:
        rule, formula = f"{rule} + adjustment", f"{formula} + {added(outside)}"
    if (most := scores.composition.max_total) is not None:
        rule, formula = f"min({rule}, max_total)", f"min({formula}, {show(most)})"
    return Node(
        "total",
        scores.unit,
        scores.unit,
        sum((node.points or NOTHING for node in parts), NOTHING),
        scores.total,
        rule=rule,
        formula=formula,
        rounding=_rounding(scores.exact, scores.places, scores.total),
        children=(*parts, *shown, *outside),
    )


def _summed(scores: UnitScores, parts: Iterable[Node]) -> tuple[str, str]:
    """Return the sum of the parts in words and in numbers, by when the scheme rounds."""
    if scores.composition.rounding == "each_part":
        return "sum of the parts", added(parts)
    exact = " + ".join(_formula(each) for each in scores.parts)
    return "sum of the parts before rounding", exact or "0"


def _part(scores: UnitScores, part: PartScore, block: Node, adjustment: Node) -> Node:
    inside = () if part.adjustment is None else (adjustment,)
    return Node(
        PART,
        block.code,
        block.name,
        _decimal(part.most(block.points or NOTHING)),
        part.score,
        rule=_rule(part),
        formula=_formula(part),
        rounding=_rounding(part.exact, scores.places, part.score),
        inputs=tuple(_inputs(part)),
        children=(block if block.kind == VETOED_BLOCK else replace(block, kind="block"), *inside),
    )


def _rule(part: PartScore) -> str:
    """Return the formula of a part in words."""
    settings, said = part.settings, "the block's score"
    if settings.scale is not None:
        said = f"{said} × points / scale"
    if part.adjustment is not None:
        said = f"{said} + adjustment"
    if settings.cap is not None:
        said = f"min({said}, cap)"
    elif part.adjustment is not None and settings.weight is not None:
        said = f"({said})"
    if settings.weight is None:
        return said
    return f"{said} × weight" + ("" if part.weights_there is None else f" / {WEIGHTS_THERE}")


def _formula(part: PartScore) -> str:
    """Return the same with the numbers put in; `?` for the block's score that is missing."""
    settings, said = part.settings, "?" if part.raw is None else show(part.raw)
    if settings.scale is not None and settings.points is not None:
        said = f"{said} × {show(settings.points)} / {show(settings.scale)}"
    if part.adjustment is not None:
        said = f"{said} + {show(part.adjustment)}"
    if settings.cap is not None:
        said = f"min({said}, {show(settings.cap)})"
    elif part.adjustment is not None and settings.weight is not None:
        said = f"({said})"
    if settings.weight is None:
        return said
    scaled = "" if part.weights_there is None else f" / {precise(part.weights_there)}"
    return f"{said} × {show(settings.weight)}{scaled}"


def _inputs(part: PartScore) -> Iterator[UsedInput]:
    """Yield what the scheme says of the part; by these its worth is found again."""
    settings = part.settings
    for name in ("scale", "points", "weight", "cap"):
        if (value := getattr(settings, name)) is not None:
            yield UsedInput(name, show(value), "scheme")
    if part.weights_there is not None:
        yield UsedInput(WEIGHTS_THERE, show(part.weights_there), "scheme")


def _rounding(exact: Fraction | None, places: int, rounded: Decimal | None) -> Rounding | None:
    if exact is None or rounded is None or exact == Fraction(rounded):
        return None
    return Rounding(exact, places, rounded)


def _decimal(value: Fraction) -> Decimal:
    """Return a number of points as many places long as are shown."""
    return Decimal(show(value).rstrip("…"))
