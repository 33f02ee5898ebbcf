"""Blending several figures of one matter into one score: level and growth, or the periods."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, cast

from chassis.refusals import Fault
from indicators.rules.forms import ANY_PERIOD, FULL_YEAR, EntryForm
from indicators.rules.methods import against_target, within_group
from indicators.rules.methods.method import OfOneValue, ScoringMethod
from indicators.rules.methods.parameters import (
    List,
    Params,
    Rows,
    Untyped,
    read,
    unless,
    written,
)
from indicators.rules.numbers import plain, total
from indicators.rules.values import InputName, Number, Share, Word

COMPONENTS: Mapping[str, type[OfOneValue]] = {**against_target.METHODS, **within_group.METHODS}
"""The methods that a component may use: those that score one measured value."""


@dataclass(frozen=True, slots=True)
class Component(Params):
    """A part of a blend: the value entered under `key`, scored by `method`, weighing `weight`."""

    key: InputName
    weight: Share
    method: Annotated[str, Word(tuple(COMPONENTS))]
    params: Annotated[Mapping[str, Any], Untyped()]

    def scored(self) -> OfOneValue:
        """Return the method that scores the value, with its parameters."""
        return _inner(self.method, self.params)


@dataclass(frozen=True, slots=True)
class Components:
    """Reads the components of a blend, each with the parameters of the method it names."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> tuple[Component, ...]:
        """Return the components in their order."""
        found: list[Fault] = []
        rows = {
            i: row
            for i, row in enumerate(Rows(Component, weights=True).read(raw, at, found) or ())
            if isinstance(row, Component)
        }
        faults += found or _between(tuple(rows.values()), at)
        return tuple(_whole(row, f"{at}/{i}/params", faults) for i, row in rows.items())


def _whole(component: Component, at: str, faults: list[Fault]) -> Component:
    return replace(
        component, params=_component(component.method, component.params, at, faults, PART)
    )


PART = ("minimum_volume", "composite")
PERIOD = ("minimum_volume", "composite", "period")
"""What no method can have within a component: it has one value, which is entered under the
component's key, and a period of its own no more."""


def _inner(method: str, params: Mapping[str, Any]) -> OfOneValue:
    faults: list[Fault] = []
    found = read(COMPONENTS[method], params, "", faults)
    if found is None:
        raise ValueError(f"the parameters of a component have {len(faults)} faults")
    return found


def _component(
    method: str, raw: object, at: str, faults: list[Fault], without: Sequence[str]
) -> Mapping[str, Any]:
    params = read(COMPONENTS[method], raw, at, faults)
    for name in without:
        faults += unless(
            getattr(params, name, None) is None,
            f"{at}/{name}",
            "not-in-a-component",
            f"Within a component there is no {name}.",
            f"分项计分不能设置 `{name}`。",
        )
    return {} if params is None else cast(Mapping[str, Any], written(params))


def alike(method: OfOneValue) -> object:
    """Return what must be the same for every unit of a method within another.

    For which periods a ranking is made is not: each of them is compared by itself.
    """
    if isinstance(method, within_group.RankPoints):
        method = replace(method, period=None)
    return method.fixed()


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
class Blend(ScoringMethod):
    """总量与增量: the weighted sum of components, each scored by a method of its own."""

    components: Annotated[tuple[Component, ...], Components()]

    def fixed(self) -> object:
        """Return which values are entered, by what they are scored, and how they are compared."""
        return tuple((part.key, part.method, alike(part.scored())) for part in self.components)

    def takes(self) -> EntryForm:
        """Return the form of the components' values, each for the periods that its method reads."""
        endings = {part.key: part.scored().computed_for() for part in self.components}
        return EntryForm("measured_value", keys=tuple(endings), endings_of_key=endings)

    def compares(self) -> bool:
        """Say whether the method of any component does."""
        return any(part.scored().compares() for part in self.components)

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return the components' values, which may be entered for any period others compute."""
        return {part.key: ANY_PERIOD for part in self.components}

    def carries_over(self) -> bool:
        """Say whether any component scores periods one after another."""
        return any(part.scored().carries_over() for part in self.components)

    def aims(self) -> Sequence[str | None]:
        """Return the components, each of which has a target of its own."""
        return tuple(part.key for part in self.components)

    def less_is_better(self, item: str | None) -> bool:
        """Say whether a lower target of the component asks more."""
        own = (part.scored() for part in self.components if part.key == item)
        return any(method.less_is_better(None) for method in own)


@dataclass(frozen=True, slots=True)
class Each(Params):
    """How a value is scored: by `method`, with its parameters."""

    method: Annotated[str, Word(tuple(COMPONENTS))]
    params: Annotated[Mapping[str, Any], Untyped()]

    def scored(self) -> OfOneValue:
        """Return the method that scores the value, with its parameters."""
        return _inner(self.method, self.params)


@dataclass(frozen=True, slots=True)
class By:
    """Reads by which method a value is scored; null where by none."""

    def read(self, raw: object, at: str, faults: list[Fault]) -> Each | None:
        """Return the method with its parameters complete."""
        each = None if raw is None else read(Each, raw, at, faults)
        if each is None:
            return None
        params = _component(each.method, each.params, f"{at}/params", faults, PERIOD)
        return replace(each, params=params)


RATIO = "ratio"
"""The key of a period's ratio where no component scores it."""

PERIODS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2", FULL_YEAR)
"""The periods of a year, and the whole of it. Cumulative ones overlap: H1 includes Q1."""


@dataclass(frozen=True, slots=True)
class PeriodicWeighted(ScoringMethod):
    """分期计分: the sum of the periods' ratios, each weighing what the scheme says.

    A period's ratio is what share of the points its `component` scores, or is entered itself.
    """

    periods_: Annotated[tuple[str, ...], List(Word(PERIODS))]
    weights: Annotated[tuple[Decimal, ...], List(Number(low=0, to=1), weights=True)]
    component: Annotated[Each | None, By()] = None

    def faults(self, at: str) -> Iterator[Fault]:
        """Yield periods named twice, and weights that are not theirs or do not sum to 1."""
        yield from unless(
            len(set(self.periods_)) == len(self.periods_),
            f"{at}/periods",
            "period-repeated",
            "A period stands here twice.",
            "期间重复。",
        )
        weights = total(self.weights)
        yield from unless(
            len(self.weights) == len(self.periods_) and weights == 1,
            f"{at}/weights",
            "weights-off",
            f"{len(self.weights)} weights for {len(self.periods_)} periods sum to "
            f"{plain(weights)}; one for each is wanted, together 1.",
            f"{len(self.periods_)} 个期间有 {len(self.weights)} 个权重，合计 {plain(weights)}；"
            "应一一对应且合计为 1。",
        )

    def fixed(self) -> object:
        """Return which periods there are, what they weigh, by what they are scored, and how they
        are compared."""
        each = self.component
        return self.periods_, self.weights, each and (each.method, alike(each.scored()))

    def periods(self) -> tuple[str, ...]:
        """Return the periods that are scored by a component."""
        return self.periods_ if self.component else ()

    def takes(self) -> EntryForm:
        """Return the form of the periods' ratios, or of the values that the component scores."""
        endings = self._endings()
        if self.component is None:
            return EntryForm("measured_value", keys=(RATIO,), endings=endings, low=Decimal(0))
        keys = (self.component.scored().key(),)
        return EntryForm("measured_value", keys=keys, endings=endings)

    def compares(self) -> bool:
        """Say whether the method does by which each period is scored."""
        return self.component is not None and self.component.scored().compares()

    def lends(self) -> Mapping[str, Sequence[str]]:
        """Return what is entered, for the periods for which it is."""
        key = RATIO if self.component is None else self.component.scored().key()
        return {key: self._endings()}

    def carries_over(self) -> bool:
        """Say whether there is a period before another."""
        return len(self.periods_) > 1

    def aims(self) -> Sequence[str | None]:
        """Return the periods, each of which may have a target of its own, and the year."""
        return (None, *(period for period in self.periods_ if period != FULL_YEAR))

    def less_is_better(self, item: str | None) -> bool:
        """Say whether a lower target of a period asks more."""
        return self.component is not None and self.component.scored().less_is_better(None)

    def _endings(self) -> tuple[str, ...]:
        return tuple("" if period == FULL_YEAR else period for period in self.periods_)


METHODS: Mapping[str, type[ScoringMethod]] = {
    "blend": Blend,
    "periodic_weighted": PeriodicWeighted,
}
"""The methods of this file by their names in a scheme."""
