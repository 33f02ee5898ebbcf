"""Points must sum: children to their parent, indicators to their block, blocks to the total."""

from collections.abc import Iterator
from decimal import Decimal

from chassis.refusals import Fault, pointer
from indicators.rules import composing
from indicators.rules.methods.catalogue import METHODS
from indicators.rules.numbers import plain, total
from indicators.rules.policies import Composition
from indicators.rules.scheme import Category, Scheme, places, shown_blocks


def sum_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield every node whose parts do not sum exactly to it, with the amount missing or over.

    The children of a mean need not sum to anything, and blocks that are only shown are no part of
    a total. Blocks that are converted, weighed or capped sum by what they bring at most.
    """
    for c, (category, shown) in enumerate(shown_blocks(scheme)):
        composition = scheme.composition_of(category)
        yield from _category(category, shown, composition, pointer("categories", c))
    for place in places(scheme):
        indicator = place.indicator
        if indicator.children and not METHODS[indicator.method].points_are_scale:
            parts = total(child.points for child in indicator.children)
            yield from _off(place.at, f"{place.path}/{indicator.code}", parts, indicator.points)


def _category(
    category: Category, shown: frozenset[str], composition: Composition, at: str
) -> Iterator[Fault]:
    for b, block in enumerate(category.blocks):
        parts = total(indicator.points for indicator in block.indicators)
        yield from _off(f"{at}/blocks/{b}", f"{category.code}/{block.code}", parts, block.points)
    counted = (block for block in category.blocks if block.code not in shown)
    sums = composing.most_of(counted, composition, category)
    yield from _off(at, category.code, sums, category.total)


def _off(at: str, node: str, parts: Decimal, whole: Decimal) -> Iterator[Fault]:
    sums, of, gap = plain(parts), plain(whole), plain(abs(whole - parts))
    if parts < whole:
        yield Fault(
            at,
            "points-missing",
            f"{node}: {sums} of {of}, {gap} missing.",
            f"{node}：合计 {sums} 分，应为 {of} 分，少 {gap} 分。",
        )
    if parts > whole:
        yield Fault(
            at,
            "points-over",
            f"{node}: {sums} of {of}, {gap} too many.",
            f"{node}：合计 {sums} 分，应为 {of} 分，多 {gap} 分。",
        )
