"""Which targets a scheme needs: those without which an indicator of a unit has no score."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from indicators.rules.forms import FULL_YEAR
from indicators.rules.methods.against_target import (
    BaselineGrowth,
    Pledge,
    RatioToTarget,
    SteppedDeduction,
)
from indicators.rules.methods.blending import Blend, PeriodicWeighted
from indicators.rules.methods.by_record import ItemsWeighted
from indicators.rules.methods.catalogue import method_of
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.sources import AIMS
from indicators.rules.scheme import Category, Scheme
from indicators.rules.targets import Target

AimedValue = Literal["target", "baseline", "pledge"]

OWN_ITEMS = "*"
"""Stands for the items of an indicator where each unit sets its own: it needs one at least."""


@dataclass(frozen=True, slots=True)
class Need:
    """A value that an indicator is held against, of the whole of it or of an item.

    That of the whole does as well for an item where `or_whole`.
    """

    item: str | None
    value: AimedValue
    or_whole: bool = False

    def is_met(self, target: Target) -> bool:
        """Say whether a target of the indicator has the value."""
        of_whole = self.or_whole and target.item is None
        named = target.item == self.item or (self.item == OWN_ITEMS and target.item is not None)
        return getattr(target, self.value) is not None and (named or of_whole)


@dataclass(frozen=True, slots=True)
class MissingTarget:
    """A value of a target that a unit needs and has not in force."""

    unit: str
    indicator: str
    name: str
    need: Need


_HELD_AGAINST: Sequence[tuple[type[ScoringMethod], Sequence[AimedValue]]] = (
    (RatioToTarget, ("target",)),
    (SteppedDeduction, ("target",)),
    (BaselineGrowth, ("baseline",)),
    (Pledge, ("target", "pledge")),
)


def needs_of(method: ScoringMethod) -> Iterator[Need]:
    """Yield the values of targets without which a method gives no score.

    A method within another one is held against the targets of its own item; a period for which
    there is none is held against that of the year.
    """
    yield from (Need(None, value) for value in _values(method))
    yield from _within(method)
    for formula in method.computed():
        for source in formula.inputs.values():
            if source.from_ in AIMS and source.indicator is None:
                yield Need(source.key, source.from_)  # type: ignore[arg-type]


def _within(method: ScoringMethod) -> Iterator[Need]:
    """Yield what the parts of a method are held against."""
    match method:
        case Blend():
            for part in method.components:
                yield from (Need(part.key, value) for value in _values(part.scored()))
        case PeriodicWeighted() if method.component is not None:
            yield from _of_periods(method.periods_, method.component.scored())
        case ItemsWeighted():
            yield from (Need(item, "target") for item in method.aims() or (OWN_ITEMS,))


def _of_periods(periods: Sequence[str], method: ScoringMethod) -> Iterator[Need]:
    items = [None if each == FULL_YEAR else each for each in periods]
    for value in _values(method):
        yield from (Need(item, value, or_whole=True) for item in items)


def _values(method: ScoringMethod) -> Sequence[AimedValue]:
    return next((values for kind, values in _HELD_AGAINST if isinstance(method, kind)), ())


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
                if not any(need.is_met(target) for target in targets):
                    yield MissingTarget(unit, indicator.code, indicator.name, need)
