"""Weights: how many people a respondent stands for.

Exact decimals, rounded to twelve places once they are found, and used as they were rounded.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import ClassVar

PLACES = 12
"""To how many places weights are rounded."""

CLOSE = Decimal("1e-12")
"""How far from a margin the weights may be, as a share of it, before they are rounded."""

MOST_ROUNDS = 1000
"""How often raking goes through all margins before it is given up."""


class NoWeights(ValueError):
    """There are no weights that meet what is known of the population; why, by `code`."""

    code: ClassVar[str]

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


class MarginsDisagree(NoWeights):
    """What is known of the population does not fit together, or not with the sample."""

    code = "margins-disagree"


class RakingDiverges(NoWeights):
    """No weights meet all margins."""

    code = "raking-diverges"


@dataclass(frozen=True, slots=True)
class Margin:
    """How many people there are in each cell of the population, and the cell of each row."""

    name: str
    cells: Sequence[Hashable]
    population: Mapping[Hashable, Decimal]


@dataclass(frozen=True, slots=True)
class Raked:
    """Weights that meet all margins, and after how many rounds they did."""

    weights: list[Decimal]
    rounds: int


def frozen(weight: Decimal) -> Decimal:
    """Round a weight as it is kept and used."""
    return weight.quantize(Decimal(1).scaleb(-PLACES))


def raked(before: Sequence[Decimal], counts: Sequence[int], margins: Sequence[Margin]) -> Raked:
    """Adjust weights until they meet all margins, by iterative proportional fitting.

    `counts` are the respondents in each row. One margin is met at once: post-stratification.
    """
    _check(counts, margins)
    rows = list(zip(before, *(margin.cells for margin in margins), strict=True))
    people = dict.fromkeys(rows, 0)
    for row, count in zip(rows, counts, strict=True):
        people[row] += count
    alike = [
        Margin(margin.name, [row[place] for row in people], margin.population)
        for place, margin in enumerate(margins, start=1)
    ]
    with localcontext(prec=28):
        start = [Decimal(row[0]) for row in people]
        weights, rounds = _fitted(start, list(people.values()), alike)
        kept = dict(zip(people, map(frozen, weights), strict=True))
    return Raked([kept[row] for row in rows], rounds)


def _fitted(
    weights: list[Decimal], counts: Sequence[int], margins: Sequence[Margin]
) -> tuple[list[Decimal], int]:
    for rounds in range(1, MOST_ROUNDS + 1):
        for margin in margins:
            sums = _sums(weights, counts, margin)
            weights = [
                weight * margin.population[cell] / sums[cell] if sums[cell] else weight
                for weight, cell in zip(weights, margin.cells, strict=True)
            ]
        if all(_is_met(weights, counts, margin) for margin in margins):
            return weights, rounds
    names_en = ", ".join(each.name for each in margins)
    names_zh = "、".join(each.name for each in margins)
    raise RakingDiverges(
        f"After {MOST_ROUNDS} rounds no weights meet {names_en}.",
        f"经过 {MOST_ROUNDS} 轮仍不能同时满足{names_zh}。",
    )


def _check(counts: Sequence[int], margins: Sequence[Margin]) -> None:
    totals = sorted({sum(margin.population.values(), Decimal()) for margin in margins})
    if len(totals) > 1:
        raise MarginsDisagree(
            f"The margins sum to {', '.join(map(str, totals))}.",
            f"各边际合计不等：{'、'.join(map(str, totals))}。",
        )
    for margin in margins:
        answered = {cell for cell, count in zip(margin.cells, counts, strict=True) if count}
        there = {cell for cell, people in margin.population.items() if people > 0}
        if wrong := sorted(map(str, answered ^ there)):
            raise _only_one_has(margin.name, wrong[:10])


def _only_one_has(name: str, cells: Sequence[str]) -> MarginsDisagree:
    return MarginsDisagree(
        f"Of {name}, only the sample or only the population has {', '.join(cells)}.",
        f"{name}中，{'、'.join(cells)}仅见于样本或仅见于总体。",
    )


def _sums(
    weights: Sequence[Decimal], counts: Sequence[int], margin: Margin
) -> Mapping[Hashable, Decimal]:
    sums: dict[Hashable, Decimal] = defaultdict(Decimal)
    for weight, count, cell in zip(weights, counts, margin.cells, strict=True):
        sums[cell] += weight * count
    return sums


def _is_met(weights: Sequence[Decimal], counts: Sequence[int], margin: Margin) -> bool:
    sums = _sums(weights, counts, margin)
    return all(
        abs(sums[cell] - people) <= CLOSE * people
        for cell, people in margin.population.items()
        if people
    )
