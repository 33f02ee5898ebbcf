"""Categories that differ: policies of their own, blocks that are only shown, demotions of some.

Planted bugs: check the scheme's policy where a category has its own, or its own where it has none;
count shown blocks in the sum; look for a veto's grade in the scheme's order only.
"""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.rules.differences import differences
from indicators.rules.publication import SchemeUnsound, check_sound
from indicators.rules.without_effect import without_effect

SMALL = json.loads(Path(__file__).with_name("small-scheme.json").read_text("utf-8"))
UNITS = dict.fromkeys(["X1", "X2", "X3", "D1", "D2"], "assessed") | {"B01": "body", "B02": "body"}
PARTS = ["function", "public_review", "comprehensive"]
DEPT = "/categories/1"
COMPOSITION = SMALL["composition"]
OWN_COMPOSITION = COMPOSITION | {"parts": PARTS[:2], "shown": PARTS[2:]}
"""The departments' third block is shown, and 75 points are left."""

GRADES = {
    "order": ["good", "qualified"],
    "levels": [{"grade": "good", "rate": "0.5", "rounding": "floor", "min_score": 50}],
    "unqualified_below": 30,
    "vacancy": "leave",
}
ADJUSTMENTS = SMALL["adjustments"] | {"carry_over": "none"}
TWICE = {"rules": [{"code": "BON01", "name": "通报批评", "points": 1}], "same_event": "sum"}
RANKING = {"tie_break": ["public_review"], "ties": "dense"}
SHOWN = {f"{DEPT}/composition": OWN_COMPOSITION, f"{DEPT}/total": 75, f"{DEPT}/ranking": RANKING}


def faults(scheme):
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(scheme, UNITS)
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


SOUND = [
    {f"{DEPT}/composition": COMPOSITION | {"bonus": False}},
    {f"{DEPT}/adjustments": ADJUSTMENTS},
    {f"{DEPT}/grades": GRADES | {"outside_quota": ["D2"]}},
    {f"{DEPT}/ranking": RANKING},
    SHOWN,
    # a category without a block that others have
    {
        f"{DEPT}/blocks/2": ...,
        f"{DEPT}/composition": COMPOSITION | {"parts": PARTS[:2]},
        f"{DEPT}/total": 75,
    },
    # a block that is shown everywhere
    {
        "/composition": OWN_COMPOSITION,
        "/categories/0/total": 75,
        "/categories/0/blocks/2/indicators/4/params/excess_to": "dropped",
        f"{DEPT}/total": 75,
    },
    {"/demotions/0/categories": ["COUNTY"], "/demotions/1/categories": ["DEPT"]},
    # grades of its own of which the scheme knows none, as long as all have the grade of a veto
    {
        "/categories/0/grades": GRADES | {"order": ["good", "fair", "poor"]},
        f"{DEPT}/grades": GRADES | {"order": ["good", "fair"]},
        "/vetoes/grade_cap": "fair",
    },
    {f"{DEPT}/grades": GRADES | {"order": ["good", "fair"]}, "/vetoes/items": []}
    | {"/categories/0/blocks/0/indicators/4/veto_link": ...},
]


@pytest.mark.parametrize("changes", SOUND)
def test_categories_may_differ(stored, changes):
    check_sound(stored(changes), UNITS)


UNSOUND = [
    # points of shown blocks are none of the total
    (SHOWN | {f"{DEPT}/total": 100}, {(DEPT, "points-missing")}),
    (
        {f"{DEPT}/composition": OWN_COMPOSITION | {"shown": []}, f"{DEPT}/ranking": RANKING},
        {(f"{DEPT}/composition/parts", "block-left-out")},
    ),
    (
        {f"{DEPT}/composition": COMPOSITION | {"parts": [*PARTS, "daily"]}},
        {(f"{DEPT}/composition/parts/3", "unknown-block")},
    ),
    (
        {f"{DEPT}/composition": COMPOSITION | {"shown": ["daily"]}},
        {(f"{DEPT}/composition/shown/0", "unknown-block")},
    ),
    (
        {f"{DEPT}/composition": COMPOSITION | {"parts": [*PARTS, "function"]}},
        {(f"{DEPT}/composition/parts/3", "named-twice")},
    ),
    (
        {"/composition/shown": ["function"]},
        {
            ("/composition/shown/0", "named-twice"),
            ("/categories/0", "points-missing"),
            (DEPT, "points-missing"),
            ("/ranking/tie_break/0", "shown-block-decides"),
        },
    ),
    (
        SHOWN | {f"{DEPT}/ranking/tie_break": ["comprehensive"]},
        {(f"{DEPT}/ranking/tie_break/0", "shown-block-decides")},
    ),
    (
        {f"{DEPT}/ranking": RANKING | {"tie_break": ["daily"]}},
        {(f"{DEPT}/ranking/tie_break/0", "unknown-block")},
    ),
    # what is lost beyond points is deducted where something is
    (
        {"/categories/0/composition": COMPOSITION | {"deductions": False}},
        {("/categories/0/blocks/2/indicators/4/params/excess_to", "no-deductions")},
    ),
    (
        {
            "/categories/0/composition": OWN_COMPOSITION,
            "/categories/0/total": 75,
        },
        {("/categories/0/blocks/2/indicators/4/params/excess_to", "excess-of-a-shown-block")},
    ),
    # grades of its own
    (
        {f"{DEPT}/grades": GRADES | {"order": ["good", "fair"]}},
        {(f"{DEPT}/grades/order", "grade-of-veto-missing")},
    ),
    (
        {f"{DEPT}/grades": GRADES | {"names": {"excellent": "优秀"}}},
        {(f"{DEPT}/grades/names/excellent", "unknown-grade")},
    ),
    (
        {f"{DEPT}/grades": GRADES | {"order": ["qualified", "good", "fair"]}
         | {"levels": [*GRADES["levels"], GRADES["levels"][0] | {"grade": "qualified"}]}},
        {(f"{DEPT}/grades/levels", "levels-out-of-order")},
    ),
    (
        {f"{DEPT}/grades": GRADES | {"levels": [GRADES["levels"][0] | {"rate": "0.8"},
                                                GRADES["levels"][0] | {"grade": "qualified"}]}},
        {(f"{DEPT}/grades/levels", "rates-over-one")},
    ),
    (
        {f"{DEPT}/grades": GRADES | {"outside_quota": ["D1", "X1"]}},
        {(f"{DEPT}/grades/outside_quota/1", "unit-of-another-category")},
    ),
    # bonus and deductions of its own
    (
        {f"{DEPT}/adjustments": ADJUSTMENTS | {"deductions": TWICE}},
        {(f"{DEPT}/adjustments/deductions/rules/0/code", "named-twice")},
    ),
    (
        {f"{DEPT}/adjustments": ADJUSTMENTS | {"window": {"opens": "2025-02-01",
                                                          "closes": "2025-01-01"}}},
        {(f"{DEPT}/adjustments/window/closes", "closes-before-it-opens")},
    ),
    # demotions of some
    (
        {"/demotions/1/categories": ["COUNTY", "PARK", "COUNTY"]},
        {
            ("/demotions/1/categories/1", "unknown-category"),
            ("/demotions/1/categories/2", "named-twice"),
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), UNSOUND)
def test_what_a_category_says_for_itself_agrees(stored, changes, expected):
    assert faults(stored(changes)) == expected


def test_what_is_wrong_is_said_in_both_languages(stored):
    scheme = stored(SHOWN | {f"{DEPT}/ranking/tie_break": ["comprehensive"]})
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(scheme, UNITS)
    [fault] = refused.value.faults
    assert fault.zh == "DEPT 的板块 comprehensive 只列示不计分，不能用于区分同分单位。"
    assert fault.en.isascii()


WITHOUT = [
    ({f"{DEPT}/grades": SMALL["grades"]}, {(f"{DEPT}/grades", "policy-of-the-scheme")}),
    (
        {"/categories/0/ranking": RANKING, f"{DEPT}/ranking": RANKING},
        {("/ranking", "policy-of-no-category")},
    ),
    (
        {"/grades/outside_quota": ["X1", "D2"], f"{DEPT}/grades": GRADES},
        {("/grades/outside_quota/1", "grades-of-its-own")},
    ),
    (
        {f"{DEPT}/composition": COMPOSITION | {"bonus": False}, f"{DEPT}/adjustments": ADJUSTMENTS},
        {(f"{DEPT}/adjustments/bonus/rules", "not-in-the-total")},
    ),
    (
        {"/composition/bonus": False, f"{DEPT}/composition": COMPOSITION,
         f"{DEPT}/adjustments": ADJUSTMENTS},
        {("/adjustments/bonus/rules", "not-in-the-total")},
    ),
    ({f"{DEPT}/composition": COMPOSITION | {"bonus": False}}, set()),
    ({"/demotions/1/categories": ["DEPT", "COUNTY"]}, {("/demotions/1/categories",
                                                        "every-category")}),
    (
        {"/demotions/0/indicators": ["C03", "D01"], "/demotions/0/categories": ["COUNTY"]},
        {("/demotions/0/indicators/1", "indicator-of-other-categories")},
    ),
    (
        {"/demotions/0/categories": ["DEPT"]},
        {
            ("/demotions/0/categories/0", "indicators-of-other-categories"),
            ("/demotions/0/indicators/0", "indicator-of-other-categories"),
        },
    ),
    ({"/demotions/1/categories": ["DEPT"]}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "more"), WITHOUT)
def test_what_of_it_changes_nothing_is_named(stored, changes, more):
    usual = {each.pointer for each in without_effect(stored())}
    found = [each for each in without_effect(stored(changes)) if each.pointer not in usual]
    assert {(each.pointer, each.code) for each in found} == more
    for each in found:
        assert (each.en.isascii(), each.en[-1], each.zh[-1]) == (True, ".", "。")


@pytest.mark.parametrize(
    ("before", "after", "sections", "policies"),
    [
        ({}, {"/grades/vacancy": "leave"}, ("grades",), {"COUNTY": ("grades",),
                                                         "DEPT": ("grades",)}),
        ({}, {f"{DEPT}/grades": GRADES}, (), {"DEPT": ("grades",)}),
        ({f"{DEPT}/grades": GRADES}, {}, (), {"DEPT": ("grades",)}),
        # its own stays what it is
        ({f"{DEPT}/grades": GRADES}, {f"{DEPT}/grades": GRADES, "/grades/vacancy": "leave"},
         ("grades",), {"COUNTY": ("grades",)}),
        # what was the scheme's becomes its own, and is the same
        ({}, {f"{DEPT}/adjustments": SMALL["adjustments"], f"{DEPT}/ranking": RANKING}, (),
         {"DEPT": ("ranking",)}),
    ],
)  # fmt: skip
def test_differences_say_whose_policies_are_others(stored, before, after, sections, policies):
    found = differences(stored(before), stored(after))
    assert found.sections == sections
    assert {each.category: each.policies for each in found.categories} == policies


def test_a_category_that_is_new_has_no_other_policies(stored):
    found = differences(None, stored({f"{DEPT}/grades": GRADES}))
    assert [each.policies for each in found.categories] == [(), ()]


def test_what_a_category_says_for_itself_is_brought_to_the_exact_form(stored):
    own = stored({f"{DEPT}/grades": GRADES | {"unqualified_below": "30.50"}}).categories[1].grades
    assert str(own.unqualified_below) == "30.5"
    assert own.levels[0].min_count == 0
    assert own.levels[0].rate == Decimal("0.5")
