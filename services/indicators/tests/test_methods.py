from decimal import Decimal
from typing import get_args

import pytest

from indicators.rules.methods.catalogue import METHODS, method_params
from indicators.rules.scheme import Method


def read(method, params):
    faults = []
    complete = method_params(method, params, "/params", faults)
    return complete, {(fault.pointer.removeprefix("/params"), fault.code) for fault in faults}


def test_every_method_of_a_scheme_has_parameters():
    assert set(METHODS) == set(get_args(Method))


# What each method takes, defaults written out, every number as its digits.
COMPLETE = [
    (
        "ratio_to_target",
        {"direction": "higher"},
        {"direction": "higher", "cap_ratio": "1", "floor_ratio": "0", "over_target": None},
    ),
    (
        "ratio_to_target",
        {
            "direction": "lower",
            "cap_ratio": Decimal("1.20"),
            "floor_ratio": "0.6",
            "over_target": {"per_pct_points": 1, "points": "0.05", "max_points": Decimal("0.4")},
        },
        {
            "direction": "lower",
            "cap_ratio": "1.2",
            "floor_ratio": "0.6",
            "over_target": {"per_pct_points": "1", "points": "0.05", "max_points": "0.4"},
        },
    ),
    (
        "stepped_deduction",
        {"direction": "lower", "step": 1, "points_per_step": "0.5", "step_mode": "whole_up"},
        {"direction": "lower", "step": "1", "points_per_step": "0.5", "step_mode": "whole_up"},
    ),
    (
        "stepped_deduction",
        {"direction": "higher", "step": 5, "points_per_step": 1, "step_mode": "whole_down"},
        {"direction": "higher", "step": "5", "points_per_step": "1", "step_mode": "whole_down"},
    ),
    (
        "tiers",
        {"input": "rate", "tiers": [{"max": "0.4", "points": 2}, {"max": "0.8", "points": 1}]},
        {
            "input": "rate",
            "tiers": [
                {"min": None, "max": "0.4", "points": "2"},
                {"min": None, "max": "0.8", "points": "1"},
            ],
            "else_points": "0",
        },
    ),
    ("all_or_nothing", {"threshold": 50}, {"threshold": "50", "input": "value"}),
    (
        "rank_points",
        {"step_ratio": "0.05"},
        {
            "step_ratio": "0.05",
            "rank_by": "higher",
            "tie": "same_rank_skip",
            "period": None,
            "period_combine": "mean",
        },
    ),
    ("relative_to_best", {}, {}),
    ("efficacy_linear", {"base_ratio": "0.6"}, {"base_ratio": "0.6", "bounds": "group_min_max"}),
    ("efficacy_exp", {"base_ratio": "0.6"}, {"base_ratio": "0.6", "bounds": "group_min_max"}),
    (
        "baseline_growth",
        {"base_ratio": "0.8", "step_pct": 5, "points_per_step": "0.2"},
        {
            "base_ratio": "0.8",
            "step_pct": "5",
            "points_per_step": "0.2",
            "cap_ratio": "1",
            "below_base": "proportional",
        },
    ),
    (
        "blend",
        {
            "components": [
                {"key": "level", "weight": "0.4", "method": "relative_to_best", "params": {}},
                {
                    "key": "growth",
                    "weight": "0.60",
                    "method": "efficacy_exp",
                    "params": {"base_ratio": "0.6"},
                },
            ]
        },
        {
            "components": [
                {"key": "level", "weight": "0.4", "method": "relative_to_best", "params": {}},
                {
                    "key": "growth",
                    "weight": "0.6",
                    "method": "efficacy_exp",
                    "params": {"base_ratio": "0.6", "bounds": "group_min_max"},
                },
            ]
        },
    ),
    ("milestone", {"status_ratio": {"按时": 1}}, {"status_ratio": {"按时": "1"}}),
    (
        "count_points",
        {"full_at": 8, "per_item": 1},
        {"full_at": 8, "per_item": "1", "extra_per_item": "0", "extra_cap": "0"},
    ),
    ("deduct_events", {"per_event": {"overdue": "0.20"}}, {"per_event": {"overdue": "0.2"}}),
    ("qualitative_panel", {"panel_size": 5}, {"panel_size": 5, "scale": "100", "trim": 0}),
    ("grade_map", {"grades": {"A": 1, "B": 0}}, {"grades": {"A": "1", "B": "0"}}),
    ("items_weighted", {"items": 10}, {"items": 10, "item_cap_ratio": "1"}),
    (
        "items_weighted",
        {"items": "unit_defined"},
        {"items": "unit_defined", "item_cap_ratio": "1"},
    ),
    ("sum_children", {}, {}),
    (
        "inherit_superior",
        {"scale": "0.1", "multiplier": 2, "excess_to": "dropped"},
        {"scale": "0.1", "multiplier": "2", "excess_to": "dropped"},
    ),
    ("survey_score", {"survey": "phone"}, {"survey": "phone", "scale": "100"}),
]


@pytest.mark.parametrize(("method", "sent", "stored"), COMPLETE)
def test_parameters_are_stored_complete_and_exact(method, sent, stored):
    assert read(method, sent) == (stored, set())


@pytest.mark.parametrize(("method", "sent", "stored"), COMPLETE)
def test_stored_parameters_can_be_sent_again(method, sent, stored):
    assert read(method, stored) == (stored, set())


STEPS = {"direction": "lower", "step": 1, "points_per_step": 1, "step_mode": "whole_up"}
GROWTH = {"base_ratio": "0.8", "step_pct": 5, "points_per_step": "0.2"}
OVER = {"per_pct_points": 1, "points": 1, "max_points": 1}


def blend(*components):
    return {
        "components": [
            {"key": key, "weight": weight, "method": method, "params": params}
            for key, weight, method, params in components
        ]
    }


@pytest.mark.parametrize(
    ("method", "params", "faults"),
    [
        ("relative_to_best", [], {("", "not-an-object")}),
        ("relative_to_best", {"cap": 1}, {("/cap", "unknown-parameter")}),
        ("relative_to_best", {"a/b~c": 1}, {("/a~1b~0c", "unknown-parameter")}),
        ("sum_children", {"weights": {}}, {("/weights", "unknown-parameter")}),
        ("ratio_to_target", {}, {("/direction", "missing-parameter")}),
        (
            "ratio_to_target",
            {"direction": "up", "cap_ratio": 0, "floor_ratio": -1},
            {
                ("/direction", "not-one-of"),
                ("/cap_ratio", "out-of-range"),
                ("/floor_ratio", "out-of-range"),
            },
        ),
        (
            "ratio_to_target",
            {"direction": "higher", "floor_ratio": "1.1"},
            {("/floor_ratio", "floor-above-cap")},
        ),
        (
            "ratio_to_target",
            {"direction": "higher", "over_target": OVER | {"per_pct_points": 0}},
            {("/over_target/per_pct_points", "out-of-range")},
        ),
        ("stepped_deduction", STEPS | {"step": 0}, {("/step", "out-of-range")}),
        ("stepped_deduction", STEPS | {"step": "many"}, {("/step", "not-a-number")}),
        ("stepped_deduction", STEPS | {"step": True}, {("/step", "not-a-number")}),
        ("stepped_deduction", STEPS | {"step_mode": "whole"}, {("/step_mode", "not-one-of")}),
        ("tiers", {"tiers": []}, {("/tiers", "not-rows")}),
        ("tiers", {"tiers": "all"}, {("/tiers", "not-rows")}),
        ("tiers", {"tiers": [{"points": 1}]}, {("/tiers/0", "tier-bounds")}),
        (
            "tiers",
            {"tiers": [{"min": 1, "max": 2, "points": 1}]},
            {("/tiers/0", "tier-bounds")},
        ),
        (
            "tiers",
            {"tiers": [{"min": 90, "points": 2}, {"max": 80, "points": 1}]},
            {("/tiers", "tiers-mixed")},
        ),
        (
            "tiers",
            {"tiers": [{"min": 80, "points": 1}, {"min": 90, "points": 2}]},
            {("/tiers/1", "tiers-overlap")},
        ),
        (
            "tiers",
            {"tiers": [{"max": 20, "points": 2}, {"max": 20, "points": 1}]},
            {("/tiers/1", "tiers-overlap")},
        ),
        (
            "tiers",
            {"tiers": [{"min": 80, "points": -1}], "input": ""},
            {("/tiers/0/points", "out-of-range"), ("/input", "not-a-word")},
        ),
        ("all_or_nothing", {"threshold": None}, {("/threshold", "not-a-number")}),
        ("rank_points", {"step_ratio": "1.01"}, {("/step_ratio", "out-of-range")}),
        (
            "rank_points",
            {"step_ratio": "0.05", "period": "year", "tie": "none", "period_combine": "last"},
            {
                ("/period", "not-one-of"),
                ("/tie", "not-one-of"),
                ("/period_combine", "not-one-of"),
            },
        ),
        ("efficacy_linear", {"base_ratio": "1.1"}, {("/base_ratio", "out-of-range")}),
        ("efficacy_exp", {}, {("/base_ratio", "missing-parameter")}),
        ("baseline_growth", GROWTH | {"cap_ratio": "0.7"}, {("/cap_ratio", "cap-below-base")}),
        ("baseline_growth", GROWTH | {"below_base": "zero"}, {("/below_base", "not-one-of")}),
        (
            "blend",
            blend(("a", "0.4", "relative_to_best", {}), ("a", "0.5", "relative_to_best", {})),
            {("/components", "weights-off"), ("/components/1/key", "key-repeated")},
        ),
        (
            "blend",
            blend(
                ("a", "0.4", "grade_map", {}),
                ("b", "0.6", "rank_points", {"step_ratio": 2, "x": 1}),
            ),
            {
                ("/components/0/method", "not-one-of"),
                ("/components/1/params/step_ratio", "out-of-range"),
                ("/components/1/params/x", "unknown-parameter"),
            },
        ),
        (
            "blend",
            blend(("a", 1, "blend", {})),
            {("/components/0/method", "not-one-of")},
        ),
        ("milestone", {"status_ratio": {}}, {("/status_ratio", "not-a-table")}),
        (
            "milestone",
            {"status_ratio": {"on_time": "1.1", "": 1}},
            {("/status_ratio/on_time", "out-of-range"), ("/status_ratio/", "not-a-word")},
        ),
        ("count_points", {"full_at": "2.5", "per_item": 1}, {("/full_at", "not-whole")}),
        ("count_points", {"full_at": 0, "per_item": 1}, {("/full_at", "out-of-range")}),
        ("deduct_events", {"per_event": {"death": -1}}, {("/per_event/death", "out-of-range")}),
        ("qualitative_panel", {"panel_size": 4, "trim": 2}, {("/trim", "too-much-trimmed")}),
        ("qualitative_panel", {"panel_size": 5, "scale": 0}, {("/scale", "out-of-range")}),
        ("grade_map", {"grades": {"A": "1.2"}}, {("/grades/A", "out-of-range")}),
        ("items_weighted", {"items": "all"}, {("/items", "not-a-number")}),
        (
            "inherit_superior",
            {"scale": 0, "multiplier": 2},
            {("/scale", "out-of-range"), ("/excess_to", "missing-parameter")},
        ),
        ("survey_score", {"survey": 7}, {("/survey", "not-a-word")}),
    ],
)
def test_faulty_parameters_are_named_all_at_once(method, params, faults):
    assert read(method, params)[1] == faults


def test_a_fault_is_told_in_both_languages():
    faults = []
    method_params("efficacy_exp", {"base_ratio": 2}, "", faults)
    assert [(fault.en, fault.zh) for fault in faults] == [
        ("2 is not at least 0 and at most 1.", "2 不符合要求：应不小于0且不大于1。")
    ]
