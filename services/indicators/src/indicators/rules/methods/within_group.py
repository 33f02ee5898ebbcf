"""Methods that hold a unit against the other units of its category."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any

from chassis.refusals import Fault
from indicators.rules.methods.parameters import Params, Rows, Untyped, read, written
from indicators.rules.numbers import plain, total
from indicators.rules.values import (
    Direction,
    InputName,
    Number,
    Share,
    Word,
)


@dataclass(frozen=True, slots=True)
class RankPoints(Params):
    """排位赋分: the first has all points, each place lower costs `step_ratio` of them.

    With a `period` every period is ranked, and the year is the mean of its periods.
    """

    step_ratio: Annotated[Decimal, Number(above=0, to=1)]
    rank_by: Direction = "higher"
    tie: Annotated[str, Word(("same_rank_skip", "dense"))] = "same_rank_skip"
    period: Annotated[str | None, Word(("month", "quarter", "half_year"), null=True)] = None
    period_combine: Annotated[str, Word(("mean",))] = "mean"


@dataclass(frozen=True, slots=True)
class RelativeToBest(Params):
    """Points times value / highest value of the category."""


@dataclass(frozen=True, slots=True)
class Efficacy(Params):
    """功效系数法: the lowest of the category gets `base_ratio` of the points, the highest all;
    between them linearly, or exponentially."""

    base_ratio: Share
    bounds: Annotated[str, Word(("group_min_max",))] = "group_min_max"


COMPONENTS: Mapping[str, type[Params]] = {
    "efficacy_linear": Efficacy,
    "efficacy_exp": Efficacy,
    "relative_to_best": RelativeToBest,
    "rank_points": RankPoints,
}
"""The methods that a component of a blend may use: those that need one value and no target."""


@dataclass(frozen=True, slots=True)
class Component(Params):
    """A part of a blend: the value entered under `key`, scored by `method`, weighing `weight`."""

    key: InputName
    weight: Share
    method: Annotated[str, Word(tuple(COMPONENTS))]
    params: Annotated[Mapping[str, Any], Untyped()]


@dataclass(frozen=True, slots=True)
class Components:
    """Reads the components of a blend, each with the parameters of the method it names."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> tuple[Component, ...]:
        """Return the components in their order."""
        found: list[Fault] = []
        rows = {
            i: row
            for i, row in enumerate(Rows(Component).read(raw, at, found))
            if isinstance(row, Component)
        }
        faults += found or _between(tuple(rows.values()), at)
        return tuple(_whole(row, f"{at}/{i}/params", faults) for i, row in rows.items())


def _whole(component: Component, at: str, faults: list[Fault]) -> Component:
    params = read(COMPONENTS[component.method], component.params, at, faults)
    return replace(component, params=written(params))


def _between(components: Sequence[Component], at: str) -> Iterator[Fault]:
    weights = total(component.weight for component in components)
    if weights != 1:
        yield Fault(
            at,
            "weights-off",
            f"The weights sum to {plain(weights)}, not to 1.",
            f"权重之和为 {plain(weights)}，应为 1。",
        )
    keys = [component.key for component in components]
    for i, key in enumerate(keys):
        if key in keys[:i]:
            yield Fault(
                f"{at}/{i}/key",
                "key-repeated",
                f"The key {key} stands for two components.",
                f"键 {key} 重复。",
            )


@dataclass(frozen=True, slots=True)
class Blend(Params):
    """总量与增量: the weighted sum of components, each scored by a method of its own."""

    components: Annotated[tuple[Component, ...], Components()]
