"""Methods of an indicator that has children: what theirs together is worth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from chassis.refusals import Fault
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.methods.parameters import unless
from indicators.rules.numbers import plain, total
from indicators.rules.values import Number, PointsOrNull, Table, Word


class OfChildren(ScoringMethod):
    """A method whose score is made of the scores of the indicator's children."""

    __slots__ = ()

    of_children = True
    asks_elsewhere = True

    def takes(self) -> None:
        """Return that nothing is entered: the children have what is."""

    def compares(self) -> bool:
        """Say that other units have a part in the children's scores, if anywhere."""
        return False


@dataclass(frozen=True, slots=True)
class SumChildren(OfChildren):
    """The sum of the children's scores, whose points sum to the parent's.

    What children score over their own points counts for at most `extra_cap` all together.
    """

    extra_cap: PointsOrNull = None

    def fixed(self) -> object:
        """Return how the children are put together, which is the same for all."""
        return self.extra_cap


@dataclass(frozen=True, slots=True)
class MeanChildren(OfChildren):
    """合成指数: points times the mean of what share of its own points each child scored.

    The mean is arithmetic, geometric or harmonic; by the weights of the children's codes, or
    all alike. Weights are decimals that sum to 1, or whole parts (thirds are 1 : 2). What points
    the children have is their own matter.
    """

    points_are_scale = True

    kind: Annotated[str, Word(("arithmetic", "geometric", "harmonic"))]
    weights: Annotated[
        Mapping[str, Decimal] | None, Table(Number(above=0), null=True, weights=True)
    ] = None

    def fixed(self) -> object:
        """Return how the children are put together, which is the same for all."""
        return self.kind, frozenset((self.weights or {}).items())

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield weights that are neither decimals which sum to 1 nor whole parts."""
        given = list((self.weights or {}).values())
        weights = total(given)
        yield from unless(
            weights == 1 or all(weight == weight.to_integral_value() for weight in given),
            f"{at}/weights",
            "weights-off",
            f"The weights sum to {plain(weights)}, not to 1, and are no whole parts.",
            f"权重之和为 {plain(weights)}，应为 1，或全部采用整数比例。",
        )


METHODS: Mapping[str, type[ScoringMethod]] = {
    "sum_children": SumChildren,
    "mean_children": MeanChildren,
}
"""The methods of this file by their names in a scheme."""
