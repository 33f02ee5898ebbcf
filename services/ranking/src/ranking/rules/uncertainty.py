"""How firm an order is: where each unit would stand if surveys and weights were a little otherwise.

It describes a ranking and decides nothing of it. Whoever has the same totals, errors and seed
finds the same ranks with any tool: the random numbers are the raw output of Philox4x64-10, whose
key is the seed and whose counter is 1, 2, 3 and so on; each 64 bits give four numbers of 16, the
lowest first. One such number u stands for a share of `(2u + 1) / 131072`: a weight is multiplied
by that share of the way from `1 - x` to `1 + x`, and an error of a survey is the normal quantile
of it, rounded to six decimals. A replication draws a number for each block, or for each indicator
of the blocks, in the scheme's order, and then one for each unit, in the ranking's. What is computed
with them uses nothing but sums, products and quotients of binary64, one after another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ranking.rules.order import RankPolicy

GENERATOR = "philox4x64-10"
"""Where the random numbers come from: what a seed means."""

LEVEL = Decimal("0.90")
"""The share of the replications that a range of ranks holds: a twentieth lies on either side."""

APART = 10
"""Up to how many places apart two units are compared."""

_TAIL = (1 - LEVEL) / 2
_STEPS = 1 << 16

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standing:
    """A ranked unit: its rank, its total before anything caps it, the points of its blocks in it,
    the standard error of surveys in it, None where it is not known, and its vetoed blocks."""

    unit: str
    rank: int
    total: Decimal
    blocks: Mapping[str, Decimal]
    se: Decimal | None
    vetoed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RankRange:
    """Where a unit stood in the replications: `LEVEL` of them between `best` and `worst`.

    `same` is the share of them in which it had its rank. `not_distinguishable` are the units up to
    `APART` places from it that were before it in some replications and after it in others, more
    often than a twentieth each way.
    """

    unit: str
    rank: int
    best: int
    worst: int
    same: Decimal
    se: Decimal | None
    not_distinguishable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reordered:
    """The ranks under another rule: how many units have another, and by how many places at most."""

    ranks: Mapping[str, int]
    moved: int
    most: int


@dataclass(frozen=True, slots=True)
class Draw:
    """How many replications from which seed, and by how many percent weights vary."""

    seed: int
    replications: int
    weights_by: int


@dataclass(frozen=True, slots=True)
class Field:
    """Units that are ranked against one another, and how; `places` are those of the scheme.

    `points` are those of the blocks that make the total, in the scheme's order, or of indicators in
    their place; `most` is what a total comes to at most.
    """

    units: Sequence[Standing]
    points: Mapping[str, Decimal]
    policy: RankPolicy
    places: int
    most: Decimal | None = None

    def ranges(self, draw: Draw) -> list[RankRange]:
        """Return where each unit stands when weights and errors of surveys vary at once."""
        if not self.units:
            return []
        ranks = self.replications(draw)
        low, high = _bounds(draw.replications)
        ordered = np.sort(ranks, axis=0)
        close = self._close(ranks)
        return [
            RankRange(
                each.unit,
                each.rank,
                int(ordered[low, n]),
                int(ordered[high, n]),
                _share(int((ranks[:, n] == each.rank).sum()), draw.replications),
                each.se,
                tuple(close.get(n, ())),
            )
            for n, each in enumerate(self.units)
        ]

    def replications(self, draw: Draw) -> Whole:
        """Return the ranks, a row for each replication and a column for each unit."""
        blocks, units = len(self.points), len(self.units)
        numbers = _numbers(draw.seed, draw.replications, blocks + units)
        weights = _weights(numbers[:, :blocks], draw.weights_by)
        errors = _quantiles()[numbers[:, blocks:]]
        sure = np.array([float(each.se or 0) for each in self.units])
        return self._ranked(self._moved(self._scaled(weights)) + errors * sure)

    def without(self, block: str) -> Reordered:
        """Return the ranks if a block counted for nothing, and all else for what it does."""
        left = [float(each != block) for each in self.points]
        return self._reordered(self._moved(np.array([left])))

    def weighed(self, points: Mapping[str, Decimal]) -> Reordered:
        """Return the ranks if the blocks were worth these points to one another, of as many in all.

        A block that is not among them was worth nothing.
        """
        now = self.points.items()
        factors = [float(points.get(code, 0)) / float(worth or 1) for code, worth in now]
        return self._reordered(self._moved(self._scaled(np.array([factors]))))

    def _scaled(self, factors: Floats) -> Floats:
        """Return factors by which the blocks are worth as many points together as before."""
        now = [float(each) for each in self.points.values()]
        whole, other = sum(now), np.zeros(len(factors))
        for n, points in enumerate(now):
            other = other + factors[:, n] * points
        scale = np.divide(whole, other, out=np.ones(len(factors)), where=other > 0)
        scaled: Floats = factors * scale[:, None]
        return scaled

    def _moved(self, factors: Floats) -> Floats:
        """Return by how much each total changes, a row for each row of factors of the blocks."""
        change = np.zeros((len(factors), len(self.units)))
        for n, code in enumerate(self.points):
            scored = np.array([float(each.blocks.get(code, 0)) for each in self.units])
            change = change + (factors[:, n] - 1)[:, None] * scored[None, :]
        return change

    def _ranked(self, change: Floats) -> Whole:
        """Return the ranks of totals that change so; equal ones keep the order that they have."""
        unit = 10**self.places
        totals = np.array([int(each.total.scaleb(self.places)) for each in self.units])
        changed = totals[None, :] + np.floor(change * unit + 0.5).astype(np.int64)
        if self.most is not None:
            changed = np.minimum(changed, int(self.most.scaleb(self.places)))
        places = np.array([each.rank for each in self.units])
        keys = places[None, :] - changed * (int(places.max(initial=0)) + 1)
        order = np.argsort(keys, axis=1, kind="stable")
        found = np.take_along_axis(keys, order, axis=1)
        first = np.ones(found.shape, dtype=np.bool_)
        first[:, 1:] = found[:, 1:] != found[:, :-1]
        if self.policy.ties == "dense":
            ranks = np.cumsum(first, axis=1)
        else:
            at = np.arange(1, found.shape[1] + 1)[None, :]
            ranks = np.maximum.accumulate(np.where(first, at, 0), axis=1)
        placed: Whole = np.empty(ranks.shape, dtype=np.int64)
        np.put_along_axis(placed, order, ranks, axis=1)
        return placed

    def _reordered(self, change: Floats) -> Reordered:
        ranks = self._ranked(change)[0].tolist()
        moves = [abs(now - each.rank) for now, each in zip(ranks, self.units, strict=True)]
        told = {each.unit: rank for each, rank in zip(self.units, ranks, strict=True)}
        return Reordered(told, sum(each > 0 for each in moves), max(moves, default=0))

    def _close(self, ranks: Whole) -> dict[int, list[str]]:
        """Return, by the number of a unit, those near it that it is not told apart from."""
        found: dict[int, list[str]] = {}
        least = float(_TAIL) * len(ranks)
        for apart in range(1, min(APART, len(self.units) - 1) + 1):
            before = (ranks[:, :-apart] < ranks[:, apart:]).sum(axis=0)
            after = (ranks[:, :-apart] > ranks[:, apart:]).sum(axis=0)
            never = len(ranks) - before - after == len(ranks)
            for n in np.flatnonzero(((before > least) & (after > least)) | never).tolist():
                found.setdefault(n, []).append(self.units[n + apart].unit)
                found.setdefault(n + apart, []).append(self.units[n].unit)
        return found


def _numbers(seed: int, replications: int, each: int) -> Whole:
    """Return so many numbers of 16 bits for each replication."""
    drawn = np.random.Philox(key=seed).random_raw(-(-replications * each // 4))
    parts = [(drawn >> np.uint64(shift)) & np.uint64(_STEPS - 1) for shift in (0, 16, 32, 48)]
    numbers: Whole = np.stack(parts, axis=1).astype(np.int64).ravel()[: replications * each]
    return numbers.reshape(replications, each)


def _weights(numbers: Whole, percent: int) -> Floats:
    """Return factors between `1 - x` and `1 + x`, x being so many percent."""
    exact = 100 * _STEPS + percent * (2 * numbers + 1 - _STEPS)
    return np.asarray(exact / (100 * _STEPS), dtype=np.float64)


@cache
def _quantiles() -> Floats:
    """Return the normal quantile that each number of 16 bits stands for."""
    normal = NormalDist()
    found = [round(normal.inv_cdf((2 * n + 1) / (2 * _STEPS)), 6) for n in range(_STEPS // 2)]
    lower = np.array(found)
    return np.concatenate([lower, -lower[::-1]])


def _bounds(replications: int) -> tuple[int, int]:
    """Return which of the ordered replications a range begins and ends with."""
    cut = int(_TAIL * replications)
    return cut, replications - 1 - cut


def _share(count: int, of: int) -> Decimal:
    return (Decimal(count) / of).quantize(Decimal("0.001"))
