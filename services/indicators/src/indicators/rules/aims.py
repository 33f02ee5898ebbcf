"""Which values of targets the scoring methods read: without them there is no score, and any other
value would count nowhere."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from indicators.rules.forms import FULL_YEAR
from indicators.rules.methods.blending import Blend, PeriodicWeighted
from indicators.rules.methods.by_record import ItemsWeighted, Milestone
from indicators.rules.methods.method import AimedValue, ScoringMethod
from indicators.rules.methods.sources import AIMS

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

    def is_of(self, item: str | None) -> bool:
        """Say whether the target of an item, None for that of the whole, is read for it."""
        of_whole = self.or_whole and item is None
        return of_whole or item == self.item or (self.item == OWN_ITEMS and item is not None)


def needs_of(method: ScoringMethod) -> Iterator[Need]:
    """Yield the values of targets without which a method gives no score.

    A method within another one is held against the targets of its own item; a period for which
    there is none is held against that of the year.
    """
    yield from (Need(None, value) for value in method.held_against())
    yield from _within(method)
    for formula in method.computed():
        for source in formula.inputs.values():
            if source.from_ in AIMS and source.indicator is None:
                yield Need(source.key, source.from_)  # type: ignore[arg-type]


def read_of(code: str, method: ScoringMethod, beside: Iterable[ScoringMethod]) -> Collection[Need]:
    """Return the values of an indicator's targets that any score rests on: what its own method
    reads, and what formulas of others of its category do."""
    found = dict.fromkeys(needs_of(method))
    if isinstance(method, Milestone) and method.nodes is None:
        found[Need(OWN_ITEMS, "target")] = None
    for other in beside:
        for formula in other.computed():
            for source in formula.inputs.values():
                if source.from_ in AIMS and source.indicator == code:
                    found[Need(source.key, source.from_)] = None  # type: ignore[arg-type]
    return tuple(found)


def _within(method: ScoringMethod) -> Iterator[Need]:
    """Yield what the parts of a method are held against."""
    match method:
        case Blend():
            for part in method.components:
                yield from (Need(part.key, value) for value in part.scored().held_against())
        case PeriodicWeighted() if method.component is not None:
            yield from _of_periods(method.periods_, method.component.scored())
        case ItemsWeighted():
            yield from (Need(item, "target") for item in method.aims() or (OWN_ITEMS,))


def _of_periods(periods: Sequence[str], method: ScoringMethod) -> Iterator[Need]:
    items = [None if each == FULL_YEAR else each for each in periods]
    for value in method.held_against():
        yield from (Need(item, value, or_whole=True) for item in items)
