"""What every scoring method says of itself beside its parameters: what it takes and reads."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from indicators.rules.forms import ANY_PERIOD, YEAR, EntryForm
from indicators.rules.methods.parameters import Params
from indicators.rules.methods.sources import AIMS, MEASURED, Computed

AimedValue = Literal["target", "baseline", "pledge"]
"""What a target says: to reach, to start from, pledged."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What a score rests on besides the unit's own entries and targets for the indicator.

    Where it `compares`, values of other units take part. By the codes of other indicators of the
    same unit: their `entries` (and targets), their `scores` and their `ranks`.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {
        "extra": "forbid",
        "json_schema_serialization_defaults_required": True,
    }

    compares: bool = False
    surveys: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()

    @property
    def results(self) -> tuple[str, ...]:
        """The indicators that must be computed before, in the order of their codes."""
        return tuple(sorted({*self.scores, *self.ranks}))


def union(all_of: Iterable[Reads]) -> Reads:
    """Return what several together read."""
    found = list(all_of)
    names = ("surveys", "entries", "scores", "ranks")
    codes = {name: {code for each in found for code in getattr(each, name)} for name in names}
    compares = any(each.compares for each in found)
    return Reads(compares, **{name: tuple(sorted(each)) for name, each in codes.items()})


class ScoringMethod(Params, ABC):
    """A scoring method (计分办法): its parameters, and what it takes and reads by them."""

    __slots__ = ()

    of_children: ClassVar[bool] = False
    """Whether its score is made of the scores of the indicator's children."""

    points_are_scale: ClassVar[bool] = False
    """Whether the children's points are only the scale of each of them, and sum to nothing."""

    asks_elsewhere: ClassVar[bool] = False
    """Whether nothing can be entered for it, neither by its data source nor for other formulas."""

    @abstractmethod
    def takes(self) -> EntryForm | None:
        """Return the form of the entries that the method reads; None where it reads none."""

    def compares(self) -> bool:
        """Say whether values of other units have a part in a score.

        A method that does not say that it looks at one unit alone counts as comparing: too much is
        computed anew then, and too little told before the release, but nothing wrong.
        """
        return True

    def surveys(self) -> tuple[str, ...]:
        """Return the surveys whose satisfaction is scored."""
        return ()

    def computed(self) -> Iterator[Computed]:
        """Yield the formulas that the method computes with their inputs."""
        yield from ()

    def reads(self) -> Reads:
        """Return what a score rests on besides the unit's own entries and targets for it."""
        return union(
            [
                Reads(self.compares(), self.surveys()),
                *(
                    Reads(
                        entries=tuple(each.others(MEASURED, *AIMS)),
                        scores=tuple(each.others("score")),
                        ranks=tuple(each.others("rank")),
                    )
                    for each in self.computed()
                ),
            ]
        )

    def computed_for(self) -> tuple[str, ...]:
        """Return how the periods end for which values are computed and compared."""
        return YEAR

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return the keys of the values that formulas of other indicators may read, with how the
        periods end for which they may. Only values without an item are lent."""
        return {}

    def aims(self) -> Sequence[str | None]:
        """Return the items that have targets of their own, None for the indicator as a whole;
        empty when each unit sets its items itself."""
        return (None,)

    def held_against(self) -> Sequence[AimedValue]:
        """Return the values of the unit's target that the one value of the method is held against;
        what its formulas, components, periods and items read is asked of these."""
        return ()

    def carries_over(self) -> bool:
        """Say whether it scores periods one after another, so that an earlier one may stand in."""
        return False

    def idle(self) -> Iterator[str]:
        """Yield parameters that change no score, because of what the others are; one within others
        by the way to it, "nodes/0/due"."""
        yield from ()

    def less_is_better(self, item: str | None) -> bool:
        """Say whether a lower target of the item, None for the indicator as a whole, asks more."""
        return getattr(self, "direction", None) == "lower"


class OfOneValue(ScoringMethod):
    """A method that scores one value of each unit, and may do so within another method."""

    __slots__ = ()

    def key(self) -> str:
        """Return the key under which the value is entered."""
        return "value"

    def takes(self) -> EntryForm | None:
        """Return the form of the value."""
        return EntryForm("measured_value", keys=(self.key(),))

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return the value, which may be entered for any period that others compute."""
        return {self.key(): ANY_PERIOD}
