"""How a unit's total is made of its blocks and its adjustment: here, and nowhere else.

Score sheets, explanations, simulations and all that is ranked by them take it from here.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations

from scoring.rules.columns.exact import half_up
from scoring.rules.scheme.document import Composition, PartOfTotal

NOTHING = Decimal(0)

MOST_VETOED = 3
"""Of how many blocks at once a total is told in which they are vetoed."""


@dataclass(frozen=True, slots=True)
class PartScore:
    """What a block comes to in a total that is more than a plain sum.

    `raw` is the block's score, `adjustment` what is added inside the part; where `weights_there` is
    given the weights of the parts that the category has are scaled up to 1. `exact` is what counts
    of it and `score` the same rounded; both are None where the block has no score.
    """

    block: str
    settings: PartOfTotal
    raw: Decimal | None
    adjustment: Decimal | None
    weights_there: Fraction | None
    exact: Fraction | None
    score: Decimal | None

    @property
    def weight(self) -> Fraction:
        """The part of its points that counts."""
        return _weight(self.settings, self.weights_there)

    @property
    def worth(self) -> Fraction:
        """What a point of the block is worth in the total, as long as no cap cuts it."""
        return self.settings.ratio * self.weight

    def most(self, points: Decimal) -> Fraction:
        """Return the most that the part can bring of a block of these points."""
        return _capped(Fraction(points) * self.settings.ratio, self.settings) * self.weight


@dataclass(frozen=True, slots=True)
class Composed:
    """A unit's totals in points, None where a mark is missing that counts in them.

    `parts` are told of totals that are more than a plain sum of blocks with a cap; `exact` is
    such a total before it is rounded.
    """

    base_total: Decimal | None
    total: Decimal | None
    parts: tuple[PartScore, ...] = ()
    exact: Fraction | None = None


def compose(
    blocks: Mapping[str, Decimal | None], adjustment: Decimal, composition: Composition, places: int
) -> Composed:
    """Compose a unit's total of the blocks that are parts of it, and its adjustment.

    Each part is converted from its scale, takes the adjustment that belongs inside it, is cut at
    its cap and weighed; what they sum to, with the adjustment outside them, is at most `max_total`.
    Rounded to `places` is the total, or each part before. A block that is no part counts for
    nothing; a part that the unit's category does not have contributes nothing, and one that it has
    and that has no score leaves it without totals.
    """
    if composition.is_plain:
        return _plain(blocks, adjustment, composition)
    there = [code for code in composition.parts if code in blocks]
    parts = tuple(_parts(there, blocks, adjustment, composition, places))
    inside = composition.adjustment is not None
    bare = _parts(there, blocks, None, composition, places) if inside else parts
    base = _sum(bare, composition)
    exact = _sum(parts, composition)
    if exact is None or base is None:
        return Composed(None, None, parts)
    exact += 0 if inside else Fraction(adjustment)
    if composition.max_total is not None:
        exact = min(exact, Fraction(composition.max_total))
    return Composed(half_up(base, places), half_up(exact, places), parts, exact)


@dataclass(frozen=True, slots=True)
class VetoedTotal:
    """A unit's totals if vetoes had these blocks, in the category's order, count for nothing."""

    blocks: tuple[str, ...]
    base_total: Decimal
    total: Decimal


def counted(points: Decimal) -> Decimal:
    """Return what counts of the score of a block that is vetoed: nothing. One below nothing stays:
    a veto is nobody's gain."""
    return min(points, NOTHING)


def vetoed(blocks: Mapping[str, Decimal | None], of: Container[str]) -> dict[str, Decimal | None]:
    """Return the scores of blocks as they count where some are vetoed; a gap is none the less."""
    return {
        code: counted(points) if code in of and points is not None else points
        for code, points in blocks.items()
    }


def vetoed_totals(
    blocks: Mapping[str, Decimal | None],
    adjustment: Decimal,
    composition: Composition,
    places: int,
    vetoable: Sequence[str],
) -> Iterator[VetoedTotal]:
    """Yield the totals for each choice of up to `MOST_VETOED` of the blocks that may be vetoed.

    The adjustment counts as ever, also that inside a vetoed block. A unit that lacks a mark has
    none of these either.
    """
    sizes = range(1, min(MOST_VETOED, len(vetoable)) + 1)
    for some in chain.from_iterable(combinations(vetoable, size) for size in sizes):
        found = compose(vetoed(blocks, some), adjustment, composition, places)
        if found.base_total is not None and found.total is not None:
            yield VetoedTotal(some, found.base_total, found.total)


def worths(composition: Composition, blocks: Container[str]) -> dict[str, Fraction]:
    """Return what a point of each of a category's blocks is worth in the total, as long as no cap
    cuts it; a block that only is shown is worth nothing, and not named."""
    there = [code for code in composition.parts if code in blocks]
    scaled = _weights_there(composition, there)
    found = {code: composition.settings_of(code) for code in there}
    return {code: each.ratio * _weight(each, scaled) for code, each in found.items()}


def _plain(
    blocks: Mapping[str, Decimal | None], adjustment: Decimal, composition: Composition
) -> Composed:
    base = NOTHING
    for part in composition.parts:
        points = blocks.get(part, NOTHING)
        if points is None:
            return Composed(None, None)
        base += points
    most, total = composition.max_total, base + adjustment
    return Composed(base, total if most is None else min(total, most))


def _parts(
    there: Iterable[str],
    blocks: Mapping[str, Decimal | None],
    adjustment: Decimal | None,
    composition: Composition,
    places: int,
) -> Iterable[PartScore]:
    """Yield the parts; without `adjustment` as they are without any."""
    codes = list(there)
    scaled = _weights_there(composition, codes)
    into = composition.adjustment.into if composition.adjustment else None
    for code in codes:
        settings, raw = composition.settings_of(code), blocks[code]
        inside = adjustment if code == into else None
        exact = score = None
        if raw is not None:
            converted = Fraction(raw) * settings.ratio + Fraction(inside or 0)
            exact = _capped(converted, settings) * _weight(settings, scaled)
            score = half_up(exact, places)
        yield PartScore(code, settings, raw, inside, scaled, exact, score)


def _weights_there(composition: Composition, there: Iterable[str]) -> Fraction | None:
    """Return what the weights of these parts come to where they are scaled up to 1."""
    if composition.lacking != "scaled_up":
        return None
    whole = sum((Fraction(composition.settings_of(c).weight or 0) for c in there), Fraction(0))
    return None if whole in (0, 1) else whole


def _weight(settings: PartOfTotal, weights_there: Fraction | None) -> Fraction:
    own = Fraction(1) if settings.weight is None else Fraction(settings.weight)
    return own if weights_there is None else own / weights_there


def _capped(converted: Fraction, settings: PartOfTotal) -> Fraction:
    return converted if settings.cap is None else min(converted, Fraction(settings.cap))


def _sum(parts: Iterable[PartScore], composition: Composition) -> Fraction | None:
    """Return what parts sum to as the scheme rounds them, None where one has no score."""
    whole = Fraction(0)
    for part in parts:
        if part.exact is None or part.score is None:
            return None
        whole += Fraction(part.score) if composition.rounding == "each_part" else part.exact
    return whole
