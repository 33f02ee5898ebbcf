"""A category scored as many schemes would have it says what each of them says by itself."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from compiling import compiled
from drawn_years import DrawnYear, drawn_year

from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.sources import Sources
from scoring.rules.methods.of_children import MEAN_CHILDREN
from scoring.rules.scheme.document import Category, Indicator, Scheme
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import CategoryScores, score_category
from scoring.rules.sheet.totals import block_columns, unit_scores
from scoring.rules.sheet.variations import Variations
from service_testing import trials

SEEDS = range(trials(25, 250))


def variations_of(year: DrawnYear, seed: int) -> Iterator[Scheme]:
    """The scheme, others in which some indicators are worth another number of points, are rounded
    or missing otherwise, and the scheme again."""
    chance = Random(f"variations {seed}")  # noqa: S311 - nothing here is a secret

    def other(one: Indicator) -> Indicator:
        children = tuple(map(other, one.children))
        params, points = one.params, one.points
        if one.method == MEAN_CHILDREN:
            params = {**params, "kind": chance.choice(["arithmetic", "geometric", "harmonic"])}
        elif chance.random() < 0.2:
            points += chance.randint(1, 3)
        missing, places = one.missing, one.precision
        if not children and chance.random() < 0.2:
            missing = chance.choice(["refuse", "zero", "skip", "category_mean"])
            places = chance.choice([None, 1, 3])
        return replace(
            one, children=children, params=params, points=points, missing=missing, precision=places
        )

    yield compiled(year.scheme)
    for _ in range(3):
        (category,) = year.scheme.categories
        blocks = tuple(
            replace(each, indicators=tuple(map(other, each.indicators))) for each in category.blocks
        )
        yield compiled(replace(year.scheme, categories=(replace(category, blocks=blocks),)))
    yield compiled(year.scheme)


def sources_of(year: DrawnYear, category: Category) -> Sources:
    return Sources(
        year.scheme,
        category.units,
        group=category.units,
        entries=sorted(year.entries, key=lambda each: each.entry_id.int),
        targets=year.targets,
        satisfaction=year.satisfaction,
    )


def told(scheme: Scheme, of: CategoryScores) -> list[object]:
    blocks = block_columns(of)
    units = [unit_scores(scheme, of, blocks, row, ()) for row in range(of.sources.size)]
    return [(each.total, each.missing, each.decisions, explain(each)) for each in units]


@pytest.mark.prove
@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_scored_before_changes_nothing_of_what_is_said(seed):
    """Planted bugs: a leaf kept by its code alone; one kept in which a unit lacks a score, which a
    parent then decides about twice; one that reads another's score."""
    year = drawn_year(seed)
    (category,) = year.scheme.categories
    sources = sources_of(year, category)
    variations = Variations(year.scheme.rounding, sources)
    for scheme in variations_of(year, seed):
        plan = plan_of(scheme, scheme.categories[0])
        alone = score_category(plan, scheme.rounding, sources_of(year, category))

        assert told(scheme, variations.score(plan)) == told(scheme, alone)


def test_what_did_not_change_is_scored_once():
    """Planted bug: nothing is kept."""
    year = drawn_year(3)
    scheme = compiled(year.scheme)
    (category,) = scheme.categories
    variations = Variations(scheme.rounding, sources_of(year, category))
    plan = plan_of(scheme, category)
    first, again = variations.score(plan), variations.score(plan)
    kept = {code for code, each in again.outcomes.items() if each is first.outcomes[code]}

    assert kept
    assert all(first.outcomes[each].has_score.all() for each in kept)
    assert not any(plan.indicators[each].children for each in kept)
