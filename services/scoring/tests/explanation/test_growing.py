"""Explanations that are grown from what was kept: of anything else none may be told."""

from dataclasses import replace
from decimal import Decimal

import pytest
from compiling import compiled, compute
from small_years import Year, indicator, scheme_of

from scoring.rules.explanation.growing import KeptUnit, grow
from scoring.rules.explanation.tree import explain
from scoring.rules.sheet.record import own_facts, shared_facts, written

RATIO = {"direction": "higher"}
RANK = {"step_ratio": Decimal("0.1")}


@pytest.fixture
def kept():
    """A small year of which everything was kept: its scheme, what is shared, and unit B."""
    year = Year().values(A=90, B=70, C=60, D=50).values("actual", code="OWN", B=20)
    year.values(code="RANK", A=1, B=3, C=2).aim("B", code="OWN", target=30)
    blocks = (
        (indicator("relative_to_best"),),
        (
            indicator("ratio_to_target", RATIO, "OWN"),
            indicator("rank_points", RANK, "RANK"),
        ),
    )
    scheme = scheme_of(*blocks)
    facts = {"entries": year.entries, "targets": year.targets, "satisfaction": {}}
    computation = compute(scheme, ("CAT",), **facts, claims=(), names=())
    (category,), unit = computation.categories, computation.sheet.units[1]
    of_b = KeptUnit(
        written(unit),
        own_facts(category.facts, range(4))[1],
        (),
        [each for each in year.entries if each.unit == "B"],
        list(year.targets),
        {},
    )
    return compiled(scheme), shared_facts(category.facts), of_b, explain(unit)


def grown(scheme, shared, unit):
    return grow(scheme, {"CAT": shared}, {"B": unit})["B"]


def test_of_what_was_kept_the_explanation_of_the_computation_grows(kept):
    scheme, shared, unit, told = kept
    found = grown(scheme, shared, unit)

    assert (found.holds, found.tree) == (True, told)


def other_entry(shared, unit):
    first, *others = unit.entries
    return shared, replace(unit, entries=[first._replace(value=Decimal(71)), *others])


def other_target(shared, unit):
    (target,) = unit.targets
    return shared, replace(unit, targets=[replace(target, target=Decimal(31))])


def entry_gone(shared, unit):
    return shared, replace(unit, entries=unit.entries[1:])


def other_best(shared, unit):
    facts = {name: "91/1" if name.endswith("best") else fact for name, fact in shared["X"].items()}
    return {**shared, "X": facts}, unit


def other_rank(shared, unit):
    facts = {
        name: 2 if name.endswith("rank") else fact for name, fact in unit.facts["RANK"].items()
    }
    return shared, replace(unit, facts={**unit.facts, "RANK": facts})


def other_score(shared, unit):
    return shared, replace(unit, sheet={**unit.sheet, "total": "20.0000"})


@pytest.mark.parametrize(
    "change", [other_entry, other_target, entry_gone, other_best, other_rank, other_score]
)
def test_of_anything_else_it_does_not_hold(kept, change):
    """Planted bug: tell what has grown without comparing its scores with those that were kept."""
    scheme, shared, unit, _ = kept
    changed = change(shared, unit)
    assert changed != (shared, unit)

    assert not grown(scheme, *changed).holds
