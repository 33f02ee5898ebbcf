"""Which targets a scheme needs: those without which an indicator of a unit has no score."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indicators.rules.aims import Need, needs_of
from indicators.rules.methods.catalogue import method_of
from indicators.rules.scheme import Category, Scheme
from indicators.rules.targets import Target


@dataclass(frozen=True, slots=True)
class MissingTarget:
    """A value of a target that a unit needs and has not in force."""

    unit: str
    indicator: str
    name: str
    need: Need


def missing_targets(scheme: Scheme, targets: Iterable[Target]) -> Iterator[MissingTarget]:
    """Yield what the units of a scheme need and have not among the targets in force, in the
    scheme's order."""
    having: dict[tuple[str, str], list[Target]] = {}
    for target in targets:
        having.setdefault((target.unit, target.indicator), []).append(target)
    for category in scheme.categories:
        yield from _missing(category, having)


def _missing(
    category: Category, having: Mapping[tuple[str, str], Sequence[Target]]
) -> Iterator[MissingTarget]:
    leaves = [each for each in category.walk() if not each.children]
    needed = [(each, dict.fromkeys(needs_of(method_of(each)))) for each in leaves]
    for unit in category.units:
        for indicator, needs in needed:
            targets = having.get((unit, indicator.code), ())
            for need in needs:
                if not any(_meets(target, need) for target in targets):
                    yield MissingTarget(unit, indicator.code, indicator.name, need)


def _meets(target: Target, need: Need) -> bool:
    return getattr(target, need.value) is not None and need.is_of(target.item)
