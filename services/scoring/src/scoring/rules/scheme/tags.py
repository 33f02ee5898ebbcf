"""Tags of indicators (标签), by which they are listed and their scores added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Fault, Invalid
from scoring.rules.scheme.document import Category, Scheme, Tag


class UnknownTag(Invalid):
    """The scheme has no such tag."""

    zh = "方案中没有这个标签。"
    remedy = (
        "Look the tag up in the scheme in force.",
        "请在现行方案中查对标签。",
    )


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a scheme by their codes, in its order, and by category which each indicator has.

    An indicator has its own tags and those of the indicators above it.
    """

    known: Mapping[str, Tag]
    of: Mapping[str, Mapping[str, Sequence[str]]]

    def indicators(self, tag: str) -> dict[str, frozenset[str]]:
        """Return by category the indicators that have a tag; refuse one that the scheme lacks."""
        if tag not in self.known:
            en, zh = f"The scheme has no tag {tag}.", f"方案中没有标签 {tag}。"
            raise UnknownTag(en, zh, faults=[Fault("/tag", "unknown-tag", en, zh)])
        return {
            category: frozenset(code for code, tags in of.items() if tag in tags)
            for category, of in self.of.items()
        }


def tags_of(scheme: Scheme) -> Tags:
    """Return the tags of a scheme."""
    return Tags(
        {tag.code: tag for tag in scheme.tags},
        {category.code: _within(category) for category in scheme.categories},
    )


def _within(category: Category) -> dict[str, tuple[str, ...]]:
    of: dict[str, tuple[str, ...]] = {}
    for code, each in category.indicators().items():  # parents come before their children
        own = of[code] = tuple(dict.fromkeys((*each.tags, *of.get(code, ()))))
        of |= {child.code: own for child in each.children}
    return {code: tags for code, tags in of.items() if tags}
