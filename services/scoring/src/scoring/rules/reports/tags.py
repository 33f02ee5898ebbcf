"""What a unit's indicators of each tag come to together (标签小计)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring.rules.columns.exact import half_up
from scoring.rules.explanation.steps import INDICATOR, PART, SHOWN_BLOCK, VETOED_BLOCK, Step
from scoring.rules.scheme.document import Tag
from scoring.rules.scheme.tags import Tags

_PLACES = 4

Scored = Mapping[str, Any]
"""An indicator with its points and score as texts, and its `children`, as a sheet writes it."""


@dataclass(frozen=True, slots=True)
class TagTotal:
    """What the indicators of a tag come to for one unit, in points.

    Of a parent and a child that both have the tag, the parent alone counts. `score` is null where
    one of the `indicators` has none (`without_score`); `share` is score by points, null also where
    there are no points.
    """

    tag: str
    name: str
    name_en: str | None
    points: Decimal
    score: Decimal | None
    share: Decimal | None
    indicators: tuple[str, ...]
    without_score: tuple[str, ...]


def tag_totals(scored: Iterable[Scored], tags: Tags, category: str) -> list[TagTotal]:
    """Return the totals of all tags that any of these indicators has, in the scheme's order.

    `scored` are the indicators of the blocks of a unit of the category, as a score sheet has
    them.
    """
    found: dict[str, list[Scored]] = {}
    for tag, each in _topmost(scored, tags.of.get(category, {}), frozenset()):
        found.setdefault(tag, []).append(each)
    return [_total(tag, found[code]) for code, tag in tags.known.items() if code in found]


def scored_in(tree: Scored) -> Iterator[Scored]:
    """Yield the topmost indicators of an explanation, as a score sheet would write them."""
    for child in tree["children"]:
        if child["kind"] == INDICATOR:
            yield {
                "indicator": child["code"],
                "points": child["points"],
                "score": child["score"],
                "children": [*scored_in(child)],
            }
        elif child["kind"] in {PART, "block", SHOWN_BLOCK, VETOED_BLOCK}:
            yield from scored_in(child)


def touching(tree: Step, codes: Collection[str]) -> frozenset[str]:
    """Return the indicators of an explanation that are, or stand above, one of these."""
    found = set[str]()
    for child in tree.children:
        below = touching(child, codes)
        if child.kind == INDICATOR and (below or child.code in codes):
            found.add(child.code)
        found |= below
    return frozenset(found)


def _topmost(
    scored: Iterable[Scored], of: Mapping[str, Collection[str]], above: frozenset[str]
) -> Iterator[tuple[str, Scored]]:
    for each in scored:
        own = of.get(each["indicator"], ())
        yield from ((tag, each) for tag in own if tag not in above)
        yield from _topmost(each["children"], of, above.union(own))


def _total(tag: Tag, scored: list[Scored]) -> TagTotal:
    points = sum((Decimal(each["points"]) for each in scored), Decimal(0))
    open_ = tuple(each["indicator"] for each in scored if each["score"] is None)
    score = None if open_ else sum((Decimal(each["score"]) for each in scored), Decimal(0))
    share = None
    if score is not None and points:
        share = half_up(Fraction(score) / Fraction(points), _PLACES)
    counted = tuple(each["indicator"] for each in scored)
    return TagTotal(tag.code, tag.name, tag.name_en, points, score, share, counted, open_)
