"""Special targets (专项目标): what a bonus hangs on among the units of its category.

The reference category has eleven units, so that more than 15 % are two, and 10 % or 15 % are one.
"""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from scoring.rules.claims.decisions import decide
from scoring.rules.scheme.document import DeductionRule, Family, Special

from .test_claims import AWARD, CRITICISM
from .test_worth import rule

COUNTIES = [f"XQ{n:02}" for n in range(1, 12)]
LOSSES = (
    DeductionRule("ZX", Decimal(1), {"较差": Decimal("0.3"), "差": Decimal("0.5")}, family="F"),
)
POINTS = Special(("ZX",), Decimal("0.15"), Decimal("0.2"), matching=True)
GRADES = Special(units_to=Decimal("0.15"))


def came_to(scheme, names, special, won, lost, **more):
    """The decisions on bonuses of `won` units and deductions of `lost` ones, by unit."""
    bonus = rule("ZXJ", special=special, **({"points": Decimal(1)} | more))
    family = (Family("F", Decimal(1)),)
    rules = scheme.adjustments
    changed = replace(
        rules,
        bonus=replace(rules.bonus, rules=(bonus,), requires=frozenset(), cap_total=None),
        deductions=replace(rules.deductions, rules=LOSSES, families=family, cap_total=None),
    )
    claims = [replace(AWARD, unit=unit, place=place, claim_no=f"B{n}", event_key=f"B{n}")
              for n, (unit, place) in enumerate(won)]  # fmt: skip
    claims += [
        replace(CRITICISM, unit=unit, rule="ZX", place=place, claim_no=f"X{n}", event_key=f"X{n}")
        for n, (unit, place) in enumerate(lost)
    ]
    numbered = [replace(each, claim_id=UUID(int=n)) for n, each in enumerate(claims, 1)]
    found = decide(numbered, replace(scheme, adjustments=changed), names)
    return {each.claim.claim_no: (each.decision, each.points) for each in found}


def poor(*units):
    return [(unit, "差") for unit in units]


OUT, CUT = "rejected_conditions_not_met", "accepted_in_part"


@pytest.mark.parametrize(
    ("why", "special", "won", "lost", "outcomes"),
    [
        ("one unit of eleven lost points: no bonus", POINTS, ["XQ05"], poor("XQ01"), [(OUT, 0)]),
        ("two are more than 15 %", POINTS, ["XQ05"], poor("XQ01", "XQ02"), [("accepted", 1)]),
        ("two deductions of one unit are one unit", POINTS, ["XQ05"], poor("XQ01", "XQ01"),
         [(OUT, 0)]),
        ("more than was lost is cut alike", POINTS, ["XQ05", "XQ06"], poor("XQ01", "XQ02"),
         [(CUT, "0.5"), (CUT, "0.5")]),
        ("three gain where two may, and are equal: none", POINTS, ["XQ05", "XQ06", "XQ07"],
         poor("XQ01", "XQ02", "XQ03"), [(OUT, 0)] * 3),
        ("one excellent of eleven", GRADES, ["XQ05"], [], [("accepted", 1)]),
        ("two excellent of eleven are more than 15 %", GRADES, ["XQ05", "XQ06"], [],
         [(OUT, 0)] * 2),
        ("no condition", None, ["XQ05", "XQ06"], [], [("accepted", 1)] * 2),
    ],
)  # fmt: skip
def test_a_bonus_counts_as_the_units_beside_it_fared(
    scheme, names, why, special, won, lost, outcomes
):
    """Planted bugs: count deductions and not units; 15 % reached for passed; the first two of equal
    ones; each bonus held against the losses by itself."""
    found = came_to(scheme, names, special, [(unit, None) for unit in won], lost)
    assert [found[f"B{n}"] for n in range(len(won))] == [
        (word, Decimal(points)) for word, points in outcomes
    ], why


def test_a_grade_that_brings_no_points_is_given_to_few_all_the_same(scheme, names):
    """Planted bug: look at what is worth something alone."""
    won = [("XQ05", None), ("XQ06", None)]
    found = came_to(scheme, names, GRADES, won, [], points=Decimal(0))
    assert [found[f"B{n}"] for n in range(2)] == [(OUT, 0)] * 2


def test_of_unequal_units_those_with_most_gain(scheme, names):
    worth = {"一等": Decimal(1), "二等": Decimal("0.5")}
    won = [("XQ05", "二等"), ("XQ06", "一等"), ("XQ07", "二等")]
    found = came_to(scheme, names, GRADES, won, [], by_place=worth)
    assert [found[f"B{n}"] for n in range(3)] == [(OUT, 0), ("accepted", 1), (OUT, 0)]


def test_grades_below_qualified_cost_and_all_of_them_together_no_more_than_a_point(scheme, names):
    lost = [("XQ01", "较差"), ("XQ02", "差"), *poor("XQ03", "XQ03", "XQ03")]
    found = came_to(scheme, names, None, [], lost)
    assert found == {
        "X0": ("accepted", Decimal("-0.3")),
        "X1": ("accepted", Decimal("-0.5")),
        "X2": ("accepted", Decimal("-0.5")),
        "X3": ("accepted", Decimal("-0.5")),
        "X4": ("accepted_capped", 0),
    }


def test_losses_of_another_category_open_nothing(scheme, names):
    """Planted bug: count the units of the whole scheme."""
    others = [each for each in scheme.categories if not {*each.units} & {*COUNTIES}]
    elsewhere = [unit for each in others for unit in each.units][:4]
    assert len(elsewhere) == 4
    found = came_to(scheme, names, POINTS, [("XQ05", None)], poor(*elsewhere))
    assert found["B0"] == (OUT, 0)
