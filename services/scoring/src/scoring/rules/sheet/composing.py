"""How a unit's total is made of its blocks and its adjustment: here, and nowhere else.

Score sheets, explanations, simulations and all that is ranked by them take it from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.rules.scheme.document import Composition

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Composed:
    """A unit's totals in points, None where a mark is missing that counts in them."""

    base_total: Decimal | None
    total: Decimal | None


def compose(
    blocks: Mapping[str, Decimal | None], adjustment: Decimal, composition: Composition
) -> Composed:
    """Add up the blocks of a unit that are parts of its total, and its adjustment, at most
    `max_total`.

    A block that is no part counts for nothing; a part that the unit's category does not have
    contributes nothing, and one that it has and that has no score leaves it without totals.
    """
    base = NOTHING
    for part in composition.parts:
        points = blocks.get(part, NOTHING)
        if points is None:
            return Composed(None, None)
        base += points
    most, total = composition.max_total, base + adjustment
    return Composed(base, total if most is None else min(total, most))
