"""Blending several figures of one matter, such as its level and its growth, into one score."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from chassis.refusals import Fault
from indicators.rules.methods import against_target, within_group
from indicators.rules.methods.parameters import Params, Rows, Untyped, read, written
from indicators.rules.numbers import plain, total
from indicators.rules.values import InputName, Share, Word

COMPONENTS: Mapping[str, type[Params]] = {
    "ratio_to_target": against_target.RatioToTarget,
    "stepped_deduction": against_target.SteppedDeduction,
    "tiers": against_target.Tiers,
    "all_or_nothing": against_target.AllOrNothing,
    "baseline_growth": against_target.BaselineGrowth,
    "rank_points": within_group.RankPoints,
    "relative_to_best": within_group.RelativeToBest,
    "efficacy_linear": within_group.Efficacy,
    "efficacy_exp": within_group.Efficacy,
}
"""The methods that a component of a blend may use: those that score one measured value."""


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
