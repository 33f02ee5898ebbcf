from decimal import Decimal
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from typing import get_args

import pytest

from indicators.rules.methods import catalogue
from indicators.rules.methods.catalogue import METHODS, method_params
from indicators.rules.methods.method import ScoringMethod
from indicators.rules.scheme import Method


def read(method, params):
    faults = []
    complete = method_params(method, params, "/params", faults)
    return complete, {(fault.pointer.removeprefix("/params"), fault.code) for fault in faults}


def test_a_method_is_known_by_the_name_that_stands_in_the_file_of_its_class():
    """Planted bug: leave the table of a file out of the catalogue, or the name out of the table."""
    folder = Path(catalogue.__file__).parent
    modules = [
        import_module(f"indicators.rules.methods.{each.stem}") for each in folder.glob("*.py")
    ]
    tables = [
        each.METHODS for each in modules if each is not catalogue and hasattr(each, "METHODS")
    ]
    classes = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, ScoringMethod) and not isabstract(kind)
    }
    given = {kind for kind in classes if not kind.__subclasses__()}

    assert set(METHODS) == {name for table in tables for name in table} == set(get_args(Method))
    assert len(METHODS) == sum(len(table) for table in tables)
    assert set(METHODS.values()) == given


MEASURED = {"composite": None}
EFFICACY = MEASURED | {
    "base_ratio": "0.6",
    "bounds": "group_min_max",
    "low": None,
    "high": None,
    "direction": "higher",
    "clamp": True,
}
FROM_MEAN = {
    "reference": "mean",
    "direction": "higher",
    "step": "1",
    "points_per_step": "0.5",
    "step_mode": "whole_up",
}
RANKED = MEASURED | {
    "step_ratio": None,
    "table": None,
    "from": "top",
    "rank_by": "higher",
    "tie": "same_rank_skip",
    "floor_ratio": "0",
    "allow_below_zero": False,
    "minimum_volume": None,
    "period": None,
    "period_combine": "mean",
}
NOWHERE = {"key": None, "indicator": None, "value": None}

# What each method takes, defaults written out, every number as its digits.
COMPLETE = [
    (
        "ratio_to_target",
        {"direction": "higher"},
        {
            "direction": "higher",
            "cap_ratio": "1",
            "floor_ratio": "0",
            "over_target": None,
            "when_target_zero": "refuse",
            "no_over_target_when_lowered": True,
        },
    ),
    (
        "ratio_to_target",
        {
            "direction": "lower",
            "cap_ratio": Decimal("1.20"),
            "floor_ratio": "0.6",
            "over_target": {"per_pct_points": 1, "points": "0.05", "max_points": Decimal("0.4")},
            "when_target_zero": "full",
            "no_over_target_when_lowered": False,
        },
        {
            "direction": "lower",
            "cap_ratio": "1.2",
            "floor_ratio": "0.6",
            "over_target": {"per_pct_points": "1", "points": "0.05", "max_points": "0.4"},
            "when_target_zero": "full",
            "no_over_target_when_lowered": False,
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
        MEASURED
        | {
            "input": "rate",
            "tiers": [
                {"min": None, "max": "0.4", "points": "2"},
                {"min": None, "max": "0.8", "points": "1"},
            ],
            "else_points": "0",
            "compare": "raw",
            "places": None,
            "interpolate": False,
        },
    ),
    ("all_or_nothing", {"threshold": 50}, MEASURED | {"threshold": "50", "input": "value"}),
    (
        "rank_points",
        {"step_ratio": "0.05"},
        RANKED | {"step_ratio": "0.05"},
    ),
    (
        "rank_points",
        {
            "table": {"1": 5, "2": "-1.50"},
            "allow_below_zero": True,
            "from": "bottom",
            "tie": "average",
            "minimum_volume": 100,
            "period": "month",
        },
        RANKED
        | {
            "table": {"1": "5", "2": "-1.5"},
            "allow_below_zero": True,
            "from": "bottom",
            "tie": "average",
            "minimum_volume": "100",
            "period": "month",
        },
    ),
    ("relative_to_best", {}, MEASURED),
    (
        "relative_to_best",
        {"composite": {"inputs": {"x": {"from": "measured"}}, "formula": "x * 2"}},
        {
            "composite": {
                "inputs": {"x": NOWHERE | {"from": "measured", "key": "x"}},
                "formula": "x * 2",
            }
        },
    ),
    ("efficacy_linear", {"base_ratio": "0.6"}, EFFICACY),
    ("efficacy_exp", {"base_ratio": "0.6"}, EFFICACY),
    (
        "efficacy_exp",
        {"base_ratio": "0.6", "bounds": "fixed", "low": 7, "high": "9.5", "direction": "lower"},
        EFFICACY | {"bounds": "fixed", "low": "7", "high": "9.5", "direction": "lower"},
    ),
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
                {"key": "level", "weight": "0.4", "method": "relative_to_best", "params": MEASURED},
                {
                    "key": "growth",
                    "weight": "0.6",
                    "method": "efficacy_exp",
                    "params": EFFICACY,
                },
            ]
        },
    ),
    (
        "milestone",
        {"status_ratio": {"按时": 1}},
        {"status_ratio": {"按时": "1"}, "nodes": None, "ordered": False, "by_day": None},
    ),
    (
        "milestone",
        {
            "status_ratio": {"按时": 1, "逾期": "0.50", "未完成": 0},
            "nodes": [
                {"item": "1", "name": "开工", "due": "2025-03-31", "weight": "0.40"},
                {
                    "item": "2",
                    "name": "河道清淤",
                    "due": "2025-11-30",
                    "weight": "0.6",
                    "season": {"opens": "2025-10-01", "closes": "2025-12-31"},
                    "evidence": True,
                },
            ],
            "ordered": True,
            "by_day": {"on_time": "按时", "late": "逾期"},
        },
        {
            "status_ratio": {"按时": "1", "逾期": "0.5", "未完成": "0"},
            "nodes": [
                {
                    "item": "1",
                    "name": "开工",
                    "due": "2025-03-31",
                    "weight": "0.4",
                    "season": None,
                    "evidence": False,
                },
                {
                    "item": "2",
                    "name": "河道清淤",
                    "due": "2025-11-30",
                    "weight": "0.6",
                    "season": {"opens": "2025-10-01", "closes": "2025-12-31"},
                    "evidence": True,
                },
            ],
            "ordered": True,
            "by_day": {"on_time": "按时", "late": "逾期"},
        },
    ),
    (
        "count_points",
        {"full_at": 8, "per_item": 1},
        {
            "full_at": 8,
            "per_item": "1",
            "extra_per_item": "0",
            "extra_cap": "0",
            "distinct": False,
            "when_shared": "refuse",
        },
    ),
    (
        "count_points",
        {"full_at": 8, "per_item": 1, "distinct": True, "when_shared": "share"},
        {
            "full_at": 8,
            "per_item": "1",
            "extra_per_item": "0",
            "extra_cap": "0",
            "distinct": True,
            "when_shared": "share",
        },
    ),
    (
        "deduct_events",
        {"per_event": {"overdue": "0.20"}},
        {"per_event": {"overdue": "0.2"}, "floor": "0", "escalate": None, "by": "occurred"},
    ),
    (
        "deduct_events",
        {
            "per_event": {"fraud": 1},
            "floor": None,
            "escalate": {"fraud": 2},
            "by": "discovered",
        },
        {
            "per_event": {"fraud": "1"},
            "floor": None,
            "escalate": {"fraud": 2},
            "by": "discovered",
        },
    ),
    (
        "base_plus_minus",
        {"base": 60, "per_event": {"praise": "1.0", "blame": -2}, "cap": 100},
        {"base": "60", "per_event": {"praise": "1", "blame": "-2"}, "low": "0", "cap": "100"},
    ),
    (
        "qualitative_panel",
        {"panel_size": 5},
        {
            "panel_size": 5,
            "scale": "100",
            "trim": 0,
            "exclude_own_unit": True,
            "comment_at_extremes": None,
            "min_marks": None,
            "panel": None,
            "rubric": None,
            "only_steps": False,
            "distinct_marks": False,
        },
    ),
    (
        "qualitative_panel",
        {
            "panel_size": 5,
            "exclude_own_unit": False,
            "comment_at_extremes": {"low": 60, "high": "95.0"},
            "min_marks": 3,
        },
        {
            "panel_size": 5,
            "scale": "100",
            "trim": 0,
            "exclude_own_unit": False,
            "comment_at_extremes": {"low": "60", "high": "95"},
            "min_marks": 3,
            "panel": None,
            "rubric": None,
            "only_steps": False,
            "distinct_marks": False,
        },
    ),
    (
        "qualitative_panel",
        {
            "panel": "EXPERTS",
            "rubric": [{"low": "1.0", "text": "差"}, {"low": 2, "high": 3, "text": "好"}],
            "only_steps": True,
            "distinct_marks": True,
        },
        {
            "panel_size": None,
            "scale": "100",
            "trim": 0,
            "exclude_own_unit": True,
            "comment_at_extremes": None,
            "min_marks": None,
            "panel": "EXPERTS",
            "rubric": [
                {"low": "1", "text": "差", "high": None},
                {"low": "2", "text": "好", "high": "3"},
            ],
            "only_steps": True,
            "distinct_marks": True,
        },
    ),
    (
        "pledge",
        {"bonus_coef": "0.005", "deduct_coef": "0.004"},
        {"bonus_coef": "0.005", "deduct_coef": "0.004", "cap_ratio": None},
    ),
    (
        "periodic_weighted",
        {"periods": ["Q1", "FY"], "weights": ["0.4", Decimal("0.60")]},
        {"periods": ["Q1", "FY"], "weights": ["0.4", "0.6"], "component": None},
    ),
    (
        "periodic_weighted",
        {
            "periods": ["H1", "FY"],
            "weights": ["0.4", "0.6"],
            "component": {"method": "efficacy_exp", "params": {"base_ratio": "0.60"}},
        },
        {
            "periods": ["H1", "FY"],
            "weights": ["0.4", "0.6"],
            "component": {"method": "efficacy_exp", "params": EFFICACY},
        },
    ),
    (
        "external_result",
        {"kind": "score", "scale": 1000},
        {"kind": "score", "scale": "1000", "grades": None, "tiers": None},
    ),
    (
        "external_result",
        {"kind": "score", "scale": 1000, "system": {"late": "last_year", "closes": "2026-02-28"}},
        {
            "kind": "score",
            "scale": "1000",
            "grades": None,
            "tiers": None,
            "system": {"late": "last_year", "opens": None, "closes": "2026-02-28"},
        },
    ),
    (
        "external_result",
        {"kind": "rank_pct", "tiers": [{"max": 20, "points": 8}, {"max": 100, "points": 3}]},
        {
            "kind": "rank_pct",
            "scale": None,
            "grades": None,
            "tiers": [
                {"min": None, "max": "20", "points": "8"},
                {"min": None, "max": "100", "points": "3"},
            ],
        },
    ),
    (
        "expression",
        {
            "inputs": {
                "growth": {"from": "measured"},
                "计划": {"from": "target", "key": "gdp"},
                "difficulty": {"from": "constant", "value": "1.350"},
                "place": {"from": "rank", "indicator": "C01"},
            },
            "formula": "max(growth - 计划, 0) * difficulty / place",
            "gate": "growth >= 42",
            "result": "ratio",
            "cap": 1,
        },
        {
            "inputs": {
                "growth": NOWHERE | {"from": "measured", "key": "growth"},
                "计划": NOWHERE | {"from": "target", "key": "gdp"},
                "difficulty": NOWHERE | {"from": "constant", "value": "1.35"},
                "place": NOWHERE | {"from": "rank", "indicator": "C01"},
            },
            "formula": "max(growth - 计划, 0) * difficulty / place",
            "gate": "growth >= 42",
            "result": "ratio",
            "low": "0",
            "cap": "1",
        },
    ),
    (
        "min_max",
        {"bounds": "goalposts", "low": 100, "high": 75000, "log": True},
        MEASURED
        | {
            "bounds": "goalposts",
            "low": "100",
            "high": "75000",
            "log": True,
            "direction": "higher",
            "clamp": True,
        },
    ),
    (
        "min_max",
        {"bounds": "group", "direction": "lower", "clamp": False},
        MEASURED
        | {
            "bounds": "group",
            "low": None,
            "high": None,
            "log": False,
            "direction": "lower",
            "clamp": False,
        },
    ),
    (
        "z_score",
        {},
        MEASURED
        | {
            "centre": "60",
            "spread": "10",
            "scale": "100",
            "clamp": True,
            "direction": "higher",
            "deviation": "population",
        },
    ),
    (
        "percentile_rank",
        {"direction": "lower"},
        MEASURED | {"direction": "lower", "ties": "half"},
    ),
    (
        "steps_from",
        FROM_MEAN,
        MEASURED
        | FROM_MEAN
        | {"step_pct": None, "base_ratio": "1", "bonus_per_step": "0", "cap_ratio": "1"},
    ),
    (
        "share_of_sum",
        {"full_share": "0.10"},
        MEASURED | {"full_share": "0.1", "cap_ratio": "1"},
    ),
    ("mean_children", {"kind": "geometric"}, {"kind": "geometric", "weights": None}),
    (
        "mean_children",
        {"kind": "arithmetic", "weights": {"a": 1, "b": 2}},
        {"kind": "arithmetic", "weights": {"a": "1", "b": "2"}},
    ),
    (
        "mean_children",
        {"kind": "harmonic", "weights": {"C03A": "0.40", "C03B": "0.6"}},
        {"kind": "harmonic", "weights": {"C03A": "0.4", "C03B": "0.6"}},
    ),
    (
        "grade_map",
        {"grades": {"A": 1, "B": 0}},
        {"grades": {"A": "1", "B": "0"}, "at_most": None, "rounding": "floor"},
    ),
    (
        "grade_map",
        {"grades": {"A": 1, "B": 0}, "at_most": {"A": "0.30"}, "rounding": "half_up"},
        {"grades": {"A": "1", "B": "0"}, "at_most": {"A": "0.3"}, "rounding": "half_up"},
    ),
    ("items_weighted", {"items": 10}, {"items": 10, "item_cap_ratio": "1"}),
    (
        "items_weighted",
        {"items": "unit_defined"},
        {"items": "unit_defined", "item_cap_ratio": "1"},
    ),
    ("sum_children", {}, {"extra_cap": None}),
    ("sum_children", {"extra_cap": "4.0"}, {"extra_cap": "4"}),
    (
        "inherit_superior",
        {"scale": "0.1", "multiplier": 2, "excess_to": "dropped"},
        {
            "scale": "0.1",
            "multiplier": "2",
            "excess_to": "dropped",
            "share": "1",
            "otherwise": None,
        },
    ),
    (
        "inherit_superior",
        {
            "scale": "0.1",
            "multiplier": 2,
            "excess_to": "deductions",
            "share": "0.4",
            "otherwise": {"method": "all_or_nothing", "params": {"threshold": 50}},
        },
        {
            "scale": "0.1",
            "multiplier": "2",
            "excess_to": "deductions",
            "share": "0.4",
            "otherwise": {
                "method": "all_or_nothing",
                "params": {"input": "value", "threshold": "50", "composite": None},
            },
        },
    ),
    ("survey_score", {"survey": "phone"}, {"survey": "phone", "scale": "100"}),
]


@pytest.mark.parametrize(("method", "sent", "stored"), COMPLETE)
def test_parameters_are_stored_complete_and_exact(method, sent, stored):
    assert read(method, sent) == (stored, set())


@pytest.mark.parametrize(("method", "sent", "stored"), COMPLETE)
def test_stored_parameters_can_be_sent_again(method, sent, stored):
    assert read(method, stored) == (stored, set())


TIERS = {"tiers": [{"min": 80, "points": 1}]}
GRADES = {"grades": {"A": 1, "B": "0.9"}}
OF_TEN = {"kind": "score", "scale": 10}
HALVES = {"periods": ["H1", "FY"], "weights": ["0.5", "0.5"]}
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


STATUS = {"status_ratio": {"按时": 1, "逾期": "0.5"}}
START = {"item": "1", "name": "开工"}


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
        ("sum_children", {"extra_cap": -1}, {("/extra_cap", "out-of-range")}),
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
        (
            "milestone",
            STATUS | {"ordered": True, "by_day": {"on_time": "按时", "late": "逾期"}},
            {("/ordered", "nodes-not-set"), ("/by_day", "nodes-not-set")},
        ),
        ("milestone", STATUS | {"nodes": []}, {("/nodes", "not-rows")}),
        ("milestone", STATUS | {"nodes": [START] * 1001}, {("/nodes", "too-many")}),
        ("milestone", STATUS | {"nodes": [START, START]}, {("/nodes/1/item", "named-twice")}),
        (
            "milestone",
            STATUS | {"nodes": [START | {"weight": "0.5"}, START | {"item": "2"}]},
            {("/nodes/1/weight", "weight-missing")},
        ),
        (
            "milestone",
            STATUS | {"nodes": [START | {"weight": "0.5"}, START | {"item": "2", "weight": "0.4"}]},
            {("/nodes", "weights-off")},
        ),
        (
            "milestone",
            STATUS | {"nodes": [START | {"due": "2025-02-30"}, START | {"due": 20250301}]},
            {("/nodes/0/due", "not-a-day"), ("/nodes/1/due", "not-a-day")},
        ),
        (
            "milestone",
            STATUS
            | {"nodes": [START | {"season": {"opens": "2025-04-01", "closes": "2025-03-31"}}]},
            {("/nodes/0/season/closes", "closes-before-it-opens")},
        ),
        (
            "milestone",
            STATUS
            | {
                "nodes": [
                    START
                    | {
                        "due": "2025-06-30",
                        "season": {"opens": "2025-10-01", "closes": "2025-12-31"},
                    }
                ]
            },
            {("/nodes/0/due", "due-out-of-season")},
        ),
        (
            "milestone",
            STATUS | {"nodes": [START], "by_day": {"on_time": "按时", "late": "晚"}},
            {("/by_day/late", "unknown-status"), ("/nodes/0/due", "due-missing")},
        ),
        (
            "milestone",
            STATUS
            | {
                "nodes": [START | {"due": "2025-03-31"}],
                "by_day": {"on_time": "按时", "late": "按时"},
            },
            {("/by_day/late", "same-status")},
        ),
        ("count_points", {"full_at": "2.5", "per_item": 1}, {("/full_at", "not-whole")}),
        ("count_points", {"full_at": 0, "per_item": 1}, {("/full_at", "out-of-range")}),
        ("deduct_events", {"per_event": {"death": -1}}, {("/per_event/death", "out-of-range")}),
        ("qualitative_panel", {"panel_size": 4, "trim": 2}, {("/trim", "too-much-trimmed")}),
        *(
            (
                "qualitative_panel",
                {"panel_size": 5, "trim": 1, "min_marks": least},
                {("/min_marks", "marks-out-of-reach")},
            )
            for least in (2, 6)
        ),
        ("qualitative_panel", {"panel_size": 5, "trim": 1, "min_marks": 3}, set()),
        *(
            ("qualitative_panel", {"panel_size": 5, "scale": 10} | more, {fault})
            for more, fault in (
                ({"panel": "P"}, ("/panel_size", "panel-or-size")),
                ({"panel_size": None}, ("/panel_size", "panel-or-size")),
                ({"panel_size": None, "panel": "a b"}, ("/panel", "not-a-code")),
                ({"only_steps": True}, ("/only_steps", "steps-of-nothing")),
                ({"rubric": []}, ("/rubric", "not-rows")),
                ({"rubric": [{"low": 1}]}, ("/rubric/0/text", "missing-parameter")),
                ({"rubric": [{"low": 1, "text": ""}]}, ("/rubric/0/text", "not-a-sentence")),
                (
                    {"rubric": [{"low": 1, "text": "好" * 501}]},
                    ("/rubric/0/text", "not-a-sentence"),
                ),
                (
                    {"rubric": [{"low": 1, "text": "拨打 13812345678"}]},
                    ("/rubric/0/text", "phone-number"),
                ),
                ({"rubric": [{"low": -1, "text": "差"}]}, ("/rubric/0/low", "out-of-range")),
                (
                    {"rubric": [{"low": 2, "high": 1, "text": "差"}]},
                    ("/rubric/0/high", "bounds-reversed"),
                ),
                (
                    {"rubric": [{"low": 1, "high": 3, "text": "差"}, {"low": 3, "text": "好"}]},
                    ("/rubric/1/low", "steps-out-of-order"),
                ),
                (
                    {"rubric": [{"low": 3, "text": "好"}, {"low": 1, "text": "差"}]},
                    ("/rubric/1/low", "steps-out-of-order"),
                ),
                ({"rubric": [{"low": 11, "text": "好"}]}, ("/rubric/0/low", "beyond-scale")),
                (
                    {"rubric": [{"low": 9, "high": 11, "text": "好"}]},
                    ("/rubric/0/high", "beyond-scale"),
                ),
            )
        ),
        ("qualitative_panel", {"panel_size": 5, "scale": 0}, {("/scale", "out-of-range")}),
        ("grade_map", {"grades": {"A": "1.2"}}, {("/grades/A", "out-of-range")}),
        (
            "grade_map",
            GRADES | {"at_most": {"A": 0, "B": "1.1", "E": "0.5"}, "rounding": "up"},
            {
                ("/at_most/A", "out-of-range"),
                ("/at_most/B", "out-of-range"),
                ("/rounding", "not-one-of"),
            },
        ),
        ("grade_map", GRADES | {"at_most": {"E": 1}}, {("/at_most/E", "unknown-grade")}),
        ("grade_map", GRADES | {"at_most": {}}, {("/at_most", "not-a-table")}),
        (
            "grade_map",
            GRADES | {"at_most": {"A": "0.3", "B": "0.69"}},
            {("/at_most", "shares-too-small")},
        ),
        ("grade_map", GRADES | {"at_most": {"A": "0.3", "B": "0.7"}}, set()),
        ("grade_map", GRADES | {"rounding": "ceiling"}, {("/rounding", "rounding-of-nothing")}),
        (
            "count_points",
            {"full_at": 8, "per_item": 1, "when_shared": "share"},
            {("/when_shared", "pieces-without-identity")},
        ),
        (
            "count_points",
            {"full_at": 8, "per_item": 1, "distinct": 1, "when_shared": "first"},
            {("/distinct", "not-a-flag"), ("/when_shared", "not-one-of")},
        ),
        ("items_weighted", {"items": "all"}, {("/items", "not-a-number")}),
        (
            "inherit_superior",
            {"scale": 0, "multiplier": 2},
            {("/scale", "out-of-range"), ("/excess_to", "missing-parameter")},
        ),
        (
            "inherit_superior",
            {
                "scale": 1,
                "multiplier": 2,
                "excess_to": "dropped",
                "share": "1.1",
                "otherwise": {"method": "deduct_events", "params": {}},
            },
            {("/share", "out-of-range"), ("/otherwise/method", "not-one-of")},
        ),
        (
            "inherit_superior",
            {
                "scale": 1,
                "multiplier": 2,
                "excess_to": "dropped",
                "otherwise": {"method": "rank_points", "params": {"period": "month"}},
            },
            {
                ("/otherwise/params/step_ratio", "step-or-table"),
                ("/otherwise/params/period", "not-in-a-component"),
            },
        ),
        ("survey_score", {"survey": 7}, {("/survey", "not-a-word")}),
        (
            "ratio_to_target",
            {"direction": "higher", "when_target_zero": "half", "no_over_target_when_lowered": 1},
            {("/when_target_zero", "not-one-of"), ("/no_over_target_when_lowered", "not-a-flag")},
        ),
        ("tiers", TIERS | {"compare": "rounded"}, {("/places", "places-of-rounding")}),
        ("tiers", TIERS | {"places": 2}, {("/places", "places-of-rounding")}),
        ("rank_points", {}, {("/step_ratio", "step-or-table")}),
        ("rank_points", {"step_ratio": 1, "table": {"1": 1}}, {("/step_ratio", "step-or-table")}),
        ("rank_points", {"table": {}}, {("/table", "not-a-table")}),
        (
            "rank_points",
            {"table": {"0": 1, "01": 1, "first": 1, "３": 1, "2": -1}},
            {(f"/table/{place}", "not-a-place") for place in ("0", "01", "first", "３")}
            | {("/table/2", "below-zero")},
        ),
        (
            "rank_points",
            {"step_ratio": 1, "from": "middle", "minimum_volume": 0, "from_": "top"},
            {
                ("/from", "not-one-of"),
                ("/minimum_volume", "out-of-range"),
                ("/from_", "unknown-parameter"),
            },
        ),
        (
            "efficacy_linear",
            {"base_ratio": 1, "bounds": "fixed"},
            {("/low", "bounds-of-group"), ("/high", "bounds-of-group")},
        ),
        ("efficacy_exp", {"base_ratio": 1, "low": 1}, {("/low", "bounds-of-group")}),
        (
            "deduct_events",
            {"per_event": {"late": 1}, "escalate": {"fraud": 2}, "by": "year"},
            {("/by", "not-one-of")},
        ),
        (
            "deduct_events",
            {"per_event": {"late": 1}, "escalate": {"fraud": 2}},
            {("/escalate/fraud", "unknown-event")},
        ),
        (
            "deduct_events",
            {"per_event": {"late": 1}, "escalate": {"late": 0}, "floor": "low"},
            {("/escalate/late", "out-of-range"), ("/floor", "not-a-number")},
        ),
        (
            "base_plus_minus",
            {"base": 60, "per_event": {"praise": 1}, "cap": 50},
            {("/base", "base-outside")},
        ),
        (
            "qualitative_panel",
            {"panel_size": 5, "comment_at_extremes": {"low": 90, "high": 60}},
            {("/comment_at_extremes/high", "bounds-reversed")},
        ),
        (
            "pledge",
            {"bonus_coef": -1, "cap_ratio": 0},
            {
                ("/bonus_coef", "out-of-range"),
                ("/deduct_coef", "missing-parameter"),
                ("/cap_ratio", "out-of-range"),
            },
        ),
        (
            "periodic_weighted",
            {"periods": ["Q1", "Q1", "Q3"], "weights": ["0.5", "0.5"]},
            {("/periods", "period-repeated"), ("/weights", "weights-off")},
        ),
        (
            "periodic_weighted",
            {"periods": ["Q1", "FY"], "weights": ["0.5", "0.6"]},
            {("/weights", "weights-off")},
        ),
        (
            "periodic_weighted",
            {"periods": ["year"], "weights": []},
            {("/periods/0", "not-one-of"), ("/weights", "not-a-list")},
        ),
        (
            "periodic_weighted",
            HALVES | {"component": {"method": "blend", "params": {}}},
            {("/component/method", "not-one-of")},
        ),
        (
            "periodic_weighted",
            HALVES
            | {
                "component": {
                    "method": "rank_points",
                    "params": {"step_ratio": 1, "period": "quarter", "minimum_volume": 5},
                }
            },
            {
                ("/component/params/period", "not-in-a-component"),
                ("/component/params/minimum_volume", "not-in-a-component"),
            },
        ),
        (
            "blend",
            blend(("a", 1, "rank_points", {"step_ratio": 1, "minimum_volume": 5})),
            {("/components/0/params/minimum_volume", "not-in-a-component")},
        ),
        ("external_result", {"kind": "score"}, {("/scale", "conversion")}),
        (
            "external_result",
            {"kind": "grade", "scale": 100, "grades": {"A": 2}},
            {("/grades/A", "out-of-range")},
        ),
        (
            "external_result",
            {"kind": "grade", "scale": 100, "grades": {"A": 1}},
            {("/scale", "conversion")},
        ),
        (
            "external_result",
            {"kind": "rank_pct", "tiers": [{"max": 20, "points": 1}, {"max": 10, "points": 2}]},
            {("/tiers/1", "tiers-overlap")},
        ),
        ("external_result", OF_TEN | {"system": {"late": "x"}}, {("/system/late", "not-one-of")}),
        (
            "external_result",
            OF_TEN | {"system": {"closes": "2026-02-28"}},
            {("/system/closes", "late-day")},
        ),
        (
            "external_result",
            OF_TEN | {"system": {"late": "last_year", "opens": "2026-01-01"}},
            {("/system/opens", "late-day"), ("/system/closes", "late-day")},
        ),
        (
            "external_result",
            OF_TEN
            | {"system": {"late": "carry_over", "opens": "2026-03-01", "closes": "2026-02-28"}},
            {("/system/closes", "closes-before-it-opens")},
        ),
        ("superior_rank", {}, {("/step_ratio", "one-conversion")}),
        (
            "superior_rank",
            {"step_ratio": "0.1", "table": {"1": 1}},
            {("/table", "one-conversion")},
        ),
        (
            "superior_rank",
            {"table": {"1": 1, "0": 1, "-": 1, "-01": 1, "１": 1, "-1": -1}},
            {
                ("/table/0", "not-a-place"),
                ("/table/-", "not-a-place"),
                ("/table/-01", "not-a-place"),
                ("/table/１", "not-a-place"),
                ("/table/-1", "below-zero"),
            },
        ),
        (
            "superior_rank",
            {"tiers": [{"max": 20, "points": 1}, {"max": 10, "points": 2}], "period": "week"},
            {("/period", "not-one-of")},
        ),
        (
            "min_max",
            {"bounds": "goalposts", "low": 1},
            {("/high", "bounds-of-group")},
        ),
        (
            "min_max",
            {"bounds": "group", "low": 1, "high": 2},
            {("/low", "bounds-of-group"), ("/high", "bounds-of-group")},
        ),
        (
            "min_max",
            {"bounds": "goalposts", "low": 0, "high": 0, "log": True},
            {("/high", "bounds-reversed"), ("/low", "no-logarithm")},
        ),
        ("z_score", {"spread": 0}, {("/spread", "out-of-range")}),
        ("percentile_rank", {"direction": "up"}, {("/direction", "not-one-of")}),
        ("percentile_rank", {"ties": "average"}, {("/ties", "not-one-of")}),
        ("z_score", {"deviation": "mean"}, {("/deviation", "not-one-of")}),
        (
            "tiers",
            {"tiers": [{"min": 1, "points": 1}], "interpolate": "yes"},
            {("/interpolate", "not-a-flag")},
        ),
        (
            "efficacy_exp",
            {"base_ratio": 0, "clamp": False},
            {("/base_ratio", "base-without-powers")},
        ),
        (
            "efficacy_exp",
            {"base_ratio": 0, "clamp": False, "bounds": "fixed"},
            {
                ("/base_ratio", "base-without-powers"),
                ("/low", "bounds-of-group"),
                ("/high", "bounds-of-group"),
            },
        ),
        ("efficacy_linear", {"base_ratio": 0, "clamp": False}, set()),
        (
            "steps_from",
            {},
            {(f"/{name}", "missing-parameter") for name in FROM_MEAN if name != "step"},
        ),
        ("steps_from", FROM_MEAN | {"step": None}, {("/step", "step-or-percent")}),
        ("steps_from", FROM_MEAN | {"step_pct": 5}, {("/step", "step-or-percent")}),
        ("steps_from", FROM_MEAN | {"step": None, "step_pct": 0}, {("/step_pct", "out-of-range")}),
        (
            "steps_from",
            FROM_MEAN
            | {
                "reference": "last_year",
                "step": 0,
                "points_per_step": 0,
                "step_mode": "half",
                "bonus_per_step": -1,
                "base_ratio": 2,
            },
            {
                ("/reference", "not-one-of"),
                ("/step", "out-of-range"),
                ("/points_per_step", "out-of-range"),
                ("/step_mode", "not-one-of"),
                ("/bonus_per_step", "out-of-range"),
                ("/base_ratio", "out-of-range"),
            },
        ),
        ("steps_from", FROM_MEAN | {"cap_ratio": "0.9"}, {("/cap_ratio", "cap-below-base")}),
        (
            "share_of_sum",
            {"full_share": 0, "cap_ratio": 11},
            {("/full_share", "out-of-range"), ("/cap_ratio", "out-of-range")},
        ),
        ("share_of_sum", {"full_share": "1.01"}, {("/full_share", "out-of-range")}),
        ("mean_children", {}, {("/kind", "missing-parameter")}),
        (
            "mean_children",
            {"kind": "arithmetic", "weights": {"a": "0.5", "b": "0.4"}},
            {("/weights", "weights-off")},
        ),
        (
            "mean_children",
            {"kind": "arithmetic", "weights": {"a": 0, "b": 1}},
            {("/weights/a", "out-of-range")},
        ),
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
