"""The weights of a closed wave, from its plan and from who answered: computed once and kept."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from survey.rules.estimates.weighting import Margin, NoWeights, frozen, raked
from survey.rules.plans import PlannedCell, layers

Kind = tuple[str | None, str | None]
"""A stratum and a respondent group."""

Method = Literal["equal", "post_stratified", "raked"]

NAMES: Mapping[tuple[bool, bool], str] = {
    (True, True): "stratum and group",
    (True, False): "stratum",
    (False, True): "group",
    (False, False): "unit",
}


@dataclass(frozen=True, slots=True)
class CellWeight:
    """What each respondent of a stratum and group stands for, and how many answered."""

    stratum: str | None
    group: str | None
    completed: int
    weight: Decimal


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """The weights of the answers about one unit.

    They are equal where the plan tells no population, or none of them meet what it tells: then
    `refused` names why. `rounds` is how often raking went through all margins.
    """

    unit: str
    method: Method
    margins: tuple[str, ...]
    rounds: int
    refused: str | None
    population: int | None
    cells: tuple[CellWeight, ...]


def unit_weights(
    unit: str, planned: Sequence[PlannedCell], completed: Mapping[Kind, int]
) -> UnitWeights:
    """Return the weights of those who answered about a unit, so that they meet all that the plan
    tells of its population."""
    kinds = sorted(completed, key=lambda kind: (kind[0] or "", kind[1] or ""))
    counts = [completed[kind] for kind in kinds]
    margins = _margins(planned, kinds) if kinds else []
    weights, method, rounds, refused = _weights(counts, margins)
    cells = tuple(
        CellWeight(*kind, count, weight)
        for kind, count, weight in zip(kinds, counts, weights, strict=True)
    )
    named = tuple(margin.name for margin in margins)
    people = int(sum(margins[0].population.values())) if margins else None
    return UnitWeights(unit, method, named, rounds, refused, people, cells)


def _weights(
    counts: Sequence[int], margins: Sequence[Margin]
) -> tuple[list[Decimal], Method, int, str | None]:
    equal = [frozen(Decimal(1))] * len(counts)
    if not margins:
        return equal, "equal", 0, None
    try:
        found = raked(equal, counts, margins)
    except NoWeights as reason:
        return equal, "equal", 0, reason.code
    method: Method = "raked" if len(margins) > 1 else "post_stratified"
    return found.weights, method, found.rounds, None


def populations(
    planned: Sequence[PlannedCell], of: Literal["population", "clusters"] = "population"
) -> Mapping[str | None, int]:
    """Return how many people, or clusters, there are in each stratum of a unit, where the plan
    tells it; all of them to None where it names no strata."""
    for layer in layers(planned):
        known = [(cell.stratum, getattr(cell, of)) for cell in layer]
        if all(number is not None for _, number in known):
            by_stratum = defaultdict[str | None, int](int)
            for stratum, number in known:
                by_stratum[stratum] += number
            return by_stratum
    return {}


def _margins(planned: Sequence[PlannedCell], kinds: Sequence[Kind]) -> list[Margin]:
    found = []
    for layer in layers(planned):
        if all(cell.population is not None for cell in layer):
            by_stratum, by_group = layer[0].dimensions
            people: dict[Hashable, Decimal] = {
                (cell.stratum, cell.group): Decimal(cell.population or 0) for cell in layer
            }
            cells = [
                (stratum if by_stratum else None, group if by_group else None)
                for stratum, group in kinds
            ]
            found.append(Margin(NAMES[by_stratum, by_group], cells, people))
    return found
