"""100 replications of an index of 51 units × 49 indicators with all steps: normalised, weighed,
averaged, rounded and ranked by the rules that score a year, exactly.

Each replication draws how indicators are normalised (within the range, by standard scores or by
percentiles of the group), what each counts for, and with `MEANS` of both kinds how they are
averaged. A package for composite indices in R takes 10.6 to 18.5 s for as many on such a machine.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.composite_index import ROUNDING, Index, Whole, category, scheme_of
from benchmarks.measuring import heading, say, taking_turns

from scoring.rules.scheme.document import Category, Indicator
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.totals import block_columns
from scoring.rules.sheet.variations import Variations

UNITS, INDICATORS, REPLICATIONS, TIMES = 51, 49, 100, 3
PEER_SECONDS = 10.6
"""The least that the package in R takes."""

STEPS: dict[str, dict[str, Any]] = {
    "min_max": {"bounds": "group"},
    "z_score": {},
    "percentile_rank": {},
}
MEANS = ("arithmetic", "geometric")


def _leaves(of: Category) -> dict[str, dict[str, Indicator]]:
    """Return the leaves of the index by code, under each of the normalisations."""
    (block,) = of.blocks
    leaves = [leaf for mean in block.indicators for leaf in mean.children]
    return {
        method: {each.code: replace(each, method=method, params=params) for each in leaves}
        for method, params in STEPS.items()
    }


def _drawn(
    of: Category,
    leaves: Mapping[str, Mapping[str, Indicator]],
    means: Sequence[str],
    chance: random.Random,
) -> Category:
    """Return the index with another normalisation, other means and other weights."""
    method, kind = chance.choice([*STEPS]), chance.choice(means)

    def mean(each: Indicator) -> Indicator:
        children = tuple(leaves[method][child.code] for child in each.children)
        weights = {child.code: str(chance.randrange(900, 1101)) for child in children}
        return replace(each, children=children, params={"kind": kind, "weights": weights})

    (block,) = of.blocks
    return replace(of, blocks=(replace(block, indicators=tuple(map(mean, block.indicators))),))


def replicated(index: Index, means: Sequence[str]) -> Whole:
    """Return the ranks, a row for each replication and a column for each unit."""
    chance, found = random.Random(1), list[Whole]()  # noqa: S311 - replications
    of = category(UNITS, INDICATORS, ratios=False)
    scheme, leaves = scheme_of(of), _leaves(of)
    variations = Variations(ROUNDING, index.table)
    for _ in range(REPLICATIONS):
        other = _drawn(of, leaves, means, chance)
        plan = plan_of(replace(scheme, categories=(other,)), other)
        (block,) = block_columns(variations.score(plan))
        total = -block.scores.units.array
        found.append(np.searchsorted(np.sort(total), total) + 1)
    return np.array(found)


def measure() -> None:
    """Compare with the package in R, with sums alone and with both kinds of means."""
    heading(f"{REPLICATIONS} replications of {UNITS} units × {INDICATORS} indicators, all steps")
    index = Index.made_up(UNITS, INDICATORS, ratios=False)
    for name, means, times in (("weighted sums", MEANS[:1], TIMES), ("both means", MEANS, 1)):
        [seconds] = taking_turns([lambda means=means: replicated(index, means)], times)
        say(name, seconds, PEER_SECONDS, "of a composite-index package in R")


if __name__ == "__main__":
    measure()
