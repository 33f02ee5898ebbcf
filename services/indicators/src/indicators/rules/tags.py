"""Tags (标签): marks of indicators by which they are listed, and their scores added up.

A tag of a parent holds for everything below it. Where both bear it, the parent alone is counted.
"""

from collections.abc import Iterable, Iterator

from chassis.refusals import Fault
from indicators.rules.methods.catalogue import METHODS
from indicators.rules.scheme import Indicator, Scheme, places_by_category

MOST_TAGS = 50
"""The most tags of a scheme."""

MOST_OF_ONE = 10
"""The most tags that one indicator bears itself."""


def tags_of(tops: Iterable[Indicator]) -> dict[str, tuple[str, ...]]:
    """Return the tags of indicators and all below them, their own before those from above."""
    found: dict[str, tuple[str, ...]] = {}
    for top in tops:
        for each in top.walk():  # parents come before their children
            own = found[each.code] = tuple(dict.fromkeys((*each.tags, *found.get(each.code, ()))))
            found |= {child.code: own for child in each.children}
    return found


def tagged(scheme: Scheme, tag: str) -> dict[str, frozenset[str]]:
    """Return by unit the indicators of its category that bear a tag, or stand below one that
    does."""
    found: dict[str, frozenset[str]] = {}
    for category in scheme.categories:
        tags = tags_of(top for block in category.blocks for top in block.indicators)
        codes = frozenset(code for code, own in tags.items() if tag in own)
        found |= dict.fromkeys(category.units, codes)
    return found


def limit_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield more tags than anybody can tell apart."""
    if len(scheme.tags) > MOST_TAGS:
        yield _too_many("/tags", MOST_TAGS)
    for _, inside in places_by_category(scheme):
        for place in inside:
            if len(place.indicator.tags) > MOST_OF_ONE:
                yield _too_many(f"{place.at}/tags", MOST_OF_ONE)


def scale_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield tags below a mean: the points there are only a scale, and add up to nothing."""
    for _, inside in places_by_category(scheme):
        means: dict[str, str] = {}
        for place in inside:
            indicator, mean = place.indicator, means.get(place.indicator.code)
            if METHODS[indicator.method].points_are_scale:
                mean = mean or indicator.code
            elif mean is None:
                continue
            means |= {child.code: mean for child in indicator.children}
            if indicator.tags and mean != indicator.code:
                yield Fault(
                    f"{place.at}/tags",
                    "tag-below-a-mean",
                    f"The points of {indicator.code} are only its scale within {mean}; tag {mean}.",
                    f"{indicator.code} 的分值仅为其在 {mean} 中的尺度，请为 {mean} 加标签。",
                )


def _too_many(at: str, most: int) -> Fault:
    return Fault(at, "too-many", f"At most {most} tags are taken.", f"标签最多 {most} 个。")
