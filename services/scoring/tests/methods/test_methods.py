"""The scoring methods, one row per sentence of the regulation or trap in it."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from small_years import Year, indicator, scored

from scoring.rules.columns.exact import half_up, show
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.of_children import Child, mean_children
from scoring.rules.methods.within_group import positions
from scoring.rules.scheme.params import Params

EXAMPLE = Path(__file__).parents[4] / "examples" / "yunchuan-2025"
VECTORS = yaml.load((EXAMPLE / "vectors.yaml").read_text("utf-8"), yaml.CSafeLoader)


@pytest.mark.parametrize(
    "vector",
    VECTORS["methods"],
    ids=lambda v: v["name"].replace(" ", "_"),
)
def test_a_method_gives_the_exact_score_of_its_vector(vector):
    result = scored(vector["method"], vector["points"], vector["params"], **vector["inputs"])

    assert result.score == Decimal(str(vector["expected"]))
    assert result.excess == Decimal(str(vector.get("expected_excess", 0)))


HIGHER = {"direction": "higher", "cap_ratio": 1, "floor_ratio": 0}
LOWER = {"direction": "lower", "cap_ratio": 1, "floor_ratio": "0.5"}
OVER = HIGHER | {"over_target": {"per_pct_points": 1, "points": "0.05", "max_points": "0.4"}}
STEPS = {"step": "0.5", "points_per_step": "0.5", "direction": "lower"}
BASE = {"base_ratio": "0.8", "step_pct": 5, "points_per_step": "0.2", "cap_ratio": 1}
SYMMETRIC = BASE | {"points_per_step": 1, "cap_ratio": "1.5", "below_base": "symmetric"}
ERRORS = {"tiers": [{"max": "0.4", "points": 2}, {"max": "0.8", "points": 1}]}
STAGES = {"tiers": [{"min": 2, "points": 3}, {"min": 1, "points": 2}]}
FORGED = {"formula": "if(error <= 0.4, 2, if(error <= 0.8, 1, 0))", "gate": "forged == 0"}
LOWEST = {
    "formula": "min(if(satisfaction >= 85, 1, 0), if(reply >= 92, 1, 0))",
    "result": "ratio",
}
INSPECTED = {
    "per_event": {
        "late": 5,
        "hidden": 5,
        "not_met": 2,
        "national": "0.3",
        "provincial": "0.2",
        "exposed": "0.5",
        "accident": 2,
    }
}
OUR_GRADES = {"A": 1, "B": "0.9", "C": "0.75", "D": "0.5"}
LOWERED = OVER | {"cap_ratio": "1.1"}
RANKS = {"step_ratio": "0.05"}
TABLE = {"table": {"1": "5", "2": "4", "3": "3", "11": "-1"}}
GAP_TIERS = {"tiers": [{"min": 90, "max": 100, "points": 4}, {"min": 60, "max": 80, "points": 2}]}
TIERS = {"tiers": [{"min": 85, "points": 3}, {"min": 95, "points": 4}], "else_points": 1}
OPEN = {"base_ratio": "0.6", "clamp": False}
POWERS = {"base_ratio": "0.25", "clamp": False}
STANDARDS = {
    "tiers": [
        {"min": "13.2", "points": 20}, {"min": "9.2", "points": 16}, {"min": "6.1", "points": 12},
        {"min": "3.1", "points": 8}, {"min": "-2.3", "points": 4},
    ],
    "interpolate": True,
}  # fmt: skip
"""How companies of the state are assessed (中央企业综合绩效评价实施细则, 2006): between two
standards a figure has the points of the lower one, and of those to the next its part of the way.
The five standards are worth 1, 0.8, 0.6, 0.4 and 0.2 of the points."""
UP_TO = {"tiers": [{"max": 20, "points": 7}, {"max": 40, "points": 6}], "else_points": 3,
         "interpolate": True}  # fmt: skip
FROM_MEAN = {"reference": "mean", "direction": "higher", "step": 1, "points_per_step": "0.5"}
IN_PERCENT = {"reference": "mean", "direction": "higher", "step_pct": 5, "points_per_step": "0.5"}
WITH_BONUS = FROM_MEAN | {"base_ratio": "0.8", "bonus_per_step": 1}
SPREADSHEET = [13, 12, 11, 8, 4, 3, 2, 1, 1, 1]
"""The example with which a widely used spreadsheet explains its percentile ranks."""
EVENTS = {"per_event": {"late": 2, "false": 5}}
PLUS = {"base": 3, "per_event": {"prize": "0.5", "fault": -1}}
PLEDGE = {"bonus_coef": "0.005", "deduct_coef": "0.004"}
QUARTERS = {"periods": ["Q1", "H1", "Q3", "FY"], "weights": ["0.15", "0.25", "0.25", "0.35"]}
POSTS = {"bounds": "goalposts"}
INVESTMENT = {
    "formula": "(rate + (gdp - goal) * 1.5) * difficulty",
    "gate": "rate >= 42",
    "result": "points",
}
MAX_TIERS = {
    "tiers": [{"points": 7, "max": 20, "min": None}, {"points": 6, "max": 40, "min": None}],
    "else_points": 3,
}


@pytest.mark.parametrize(
    ("why", "method", "points", "params", "inputs", "expected"),
    [
        ("a ratio at the floor counts", "ratio_to_target", 6, HIGHER | {"floor_ratio": "0.6"},
         {"actual": 60, "target": 100}, "3.6"),
        ("a negative value is nothing reached", "ratio_to_target", 6, HIGHER,
         {"actual": -5, "target": 100}, "0"),
        ("a cap above 1 rewards more", "ratio_to_target", 6, HIGHER | {"cap_ratio": "1.1"},
         {"actual": 130, "target": 100}, "6.6"),
        ("under target earns no extra", "ratio_to_target", 5, OVER,
         {"actual": 99, "target": 100}, "4.95"),
        ("part of a percent over target counts in part", "ratio_to_target", 5, OVER,
         {"actual": "100.5", "target": 100}, "5.025"),
        ("extra begins at the target, also where the cap is above it", "ratio_to_target", 5,
         OVER | {"cap_ratio": "1.1"}, {"actual": 103, "target": 100}, "5.3"),
        ("and where the cap is below it", "ratio_to_target", 5, OVER | {"cap_ratio": "0.9"},
         {"actual": 99, "target": 100}, "4.5"),
        ("a grossly sandbagged target earns the most extra", "ratio_to_target", 5, OVER,
         {"actual": "283.6", "target": 100}, "5.4"),
        ("lower is better: zero is full marks", "ratio_to_target", 4, LOWER,
         {"actual": 0, "target": 40}, "4"),
        ("lower is better: a target of zero met", "ratio_to_target", 4, LOWER,
         {"actual": 0, "target": 0}, "4"),
        ("lower is better: a target of zero missed", "ratio_to_target", 4, LOWER,
         {"actual": 1, "target": 0}, "0"),
        ("lower is better: below the floor", "ratio_to_target", 4, LOWER,
         {"actual": 81, "target": 40}, "0"),
        ("a tie rounds up although its quotient is endless", "ratio_to_target", 3, HIGHER,
         {"actual": "0.00005", "target": 3}, "0.0001"),
        ("on target nothing is lost", "stepped_deduction", 3, STEPS | {"step_mode": "whole_up"},
         {"actual": 33, "target": 33}, "3"),
        ("a begun step is a whole one", "stepped_deduction", 3, STEPS | {"step_mode": "whole_up"},
         {"actual": "33.51", "target": 33}, "2"),
        ("a begun step is none", "stepped_deduction", 3, STEPS | {"step_mode": "whole_down"},
         {"actual": "33.99", "target": 33}, "2.5"),
        ("better than target gains nothing", "stepped_deduction", 3,
         STEPS | {"step_mode": "proportional"}, {"actual": 20, "target": 33}, "3"),
        ("higher is better: short by 2", "stepped_deduction", 2,
         {"direction": "higher", "step": 1, "points_per_step": "0.25", "step_mode": "proportional"},
         {"actual": 86, "target": 88}, "1.5"),
        ("growth stops at the cap", "baseline_growth", 4, BASE,
         {"actual": 90, "baseline": 60}, "4"),
        ("a negative value below base is nothing", "baseline_growth", 4, BASE,
         {"actual": -3, "baseline": 60}, "0"),
        ("three thirds and more are exact", "items_weighted", 3, {"item_cap_ratio": 2},
         {"actuals": [1, 1, "1.00015"], "targets": [3, 3, 3]}, "1.0001"),
        ("an item over target fills no other", "items_weighted", 8, {"item_cap_ratio": 1},
         {"actuals": [200, 50], "targets": [100, 100]}, "6"),
        ("an upper bound is inclusive", "tiers", 7, MAX_TIERS, {"value": 20}, "7"),
        ("between upper bounds", "tiers", 7, MAX_TIERS, {"value": "20.01"}, "6"),
        ("in no tier", "tiers", 7, MAX_TIERS, {"value": 41}, "3"),
        ("the threshold itself passes", "all_or_nothing", 8, {"threshold": 50}, {"value": 50}, "8"),
        ("49.99999 is not 50", "all_or_nothing", 8, {"threshold": 50}, {"value": "49.99999"}, "0"),
        ("a negative value earns nothing", "relative_to_best", 8, {},
         {"value": -1, "values": [4, -1]}, "0"),
        ("the lowest gets the base", "efficacy_linear", 6, {"base_ratio": "0.6"},
         {"value": 7, "low": 7, "high": 9}, "3.6"),
        ("the exponential starts at the base too", "efficacy_exp", 6, {"base_ratio": "0.6"},
         {"value": 7, "low": 7, "high": 9}, "3.6"),
        ("the exponential ends at all points", "efficacy_exp", 6, {"base_ratio": "0.6"},
         {"value": 9, "low": 7, "high": 9}, "6"),
        ("no event costs nothing", "deduct_events", 4, {"per_event": {"overdue": "0.2"}},
         {"counts": {}}, "4"),
        ("extra items stop at their cap", "count_points", 8,
         {"full_at": 8, "per_item": 1, "extra_per_item": 1, "extra_cap": 2}, {"count": 30}, "10"),
        ("fewer items than full", "count_points", 5,
         {"full_at": 10, "per_item": "0.5", "extra_per_item": 0, "extra_cap": 0},
         {"count": 3}, "1.5"),
        ("a panel that agrees", "qualitative_panel", 4, {"scale": 100, "trim": 1},
         {"scores": [90, 90, 90]}, "3.6"),
        ("without trimming all marks count", "qualitative_panel", 4, {"scale": 5, "trim": 0},
         {"scores": [5, 4]}, "3.6"),
        ("a grade is worth its ratio", "grade_map", 6, {"grades": {"A": 1, "C": "0.75"}},
         {"grade": "C"}, "4.5"),
        ("public review", "survey_score", 14, {"scale": 100},
         {"satisfaction": "80.0701"}, "11.2098"),
        ("target 0: full marks if the scheme says so", "ratio_to_target", 6,
         HIGHER | {"when_target_zero": "full"}, {"actual": 0, "target": 0}, "6"),
        ("target 0: nothing if the scheme says so", "ratio_to_target", 6,
         HIGHER | {"when_target_zero": "zero"}, {"actual": 9, "target": 0}, "0"),
        ("a target lowered by revision and met costs nothing", "ratio_to_target", 5, OVER,
         {"actual": 100, "target": 100, "lowered": True}, "5"),
        ("a target lowered by revision earns no extra", "ratio_to_target", 5, LOWERED,
         {"actual": 150, "target": 100, "lowered": True}, "5"),
        ("a lowered target earns extra where the scheme says so", "ratio_to_target", 5,
         OVER | {"no_over_target_when_lowered": False},
         {"actual": 103, "target": 100, "lowered": True}, "5.15"),
        ("growth against a target near 0 is compared by points", "stepped_deduction", 4,
         {"direction": "higher", "step": "0.1", "points_per_step": "0.2"},
         {"actual": "-0.3", "target": "0.1"}, "3.2"),
        ("a rate over 100 is capped", "ratio_to_target", 4, HIGHER,
         {"actual": "104.2", "target": 100}, "4"),
        ("PM10: every 1 over target costs 0.5", "stepped_deduction", 3,
         {"direction": "lower", "step": 1, "points_per_step": "0.5"},
         {"actual": 35, "target": 33}, "2"),
        ("a begun step costs nothing in whole steps down", "stepped_deduction", 3,
         STEPS | {"step_mode": "whole_down"}, {"actual": "33.99", "target": 33}, "2.5"),
        ("between two tiers there is a gap", "tiers", 4, GAP_TIERS, {"value": 85}, "0"),
        ("the order in which tiers are listed does not matter", "tiers", 4, TIERS,
         {"value": 95}, "4"),
        ("84.99 is not yet yellow", "tiers", 4, TIERS, {"value": "84.99"}, "1"),
        ("rounding before the test lifts it over the bound", "tiers", 4,
         TIERS | {"compare": "rounded", "places": 0}, {"value": "84.5"}, "3"),
        ("rounding to more places does not", "tiers", 4,
         TIERS | {"compare": "rounded", "places": 1}, {"value": "84.94"}, "1"),
        ("with steps of 5 % the 21st gets 0", "rank_points", 5, RANKS, {"rank": 21}, "0"),
        ("a floor for a large group", "rank_points", 5, RANKS | {"floor_ratio": "0.2"},
         {"rank": 21}, "1"),
        ("below zero where the scheme allows it", "rank_points", 5,
         RANKS | {"allow_below_zero": True}, {"rank": 22}, "-0.25"),
        ("points by place", "rank_points", 5, TABLE, {"rank": 2}, "4"),
        ("a place that the table does not name", "rank_points", 5, TABLE, {"rank": 7}, "0"),
        ("beyond the tenth place points are lost", "rank_points", 5,
         TABLE | {"allow_below_zero": True}, {"rank": 11}, "-1"),
        ("a table below zero stops at 0 unless it may not", "rank_points", 5, TABLE,
         {"rank": 11}, "0"),
        ("tied units share the better place", "rank_points", 5, TABLE, {"rank": 2, "tied": 2}, "4"),
        ("tied units have the mean of their places", "rank_points", 5, TABLE | {"tie": "average"},
         {"rank": 2, "tied": 2}, "3.5"),
        ("three who are first are second on average", "rank_points", 5, RANKS | {"tie": "average"},
         {"rank": 1, "tied": 3}, "4.75"),
        ("the only one of its rank has no tie", "rank_points", 5, TABLE | {"tie": "forbidden"},
         {"rank": 1, "tied": 1}, "5"),
        ("an outlier in front pulls everybody down", "relative_to_best", 400, {},
         {"value": 80, "values": [800, 80]}, "40"),
        ("lower is better: the lowest is satisfactory", "efficacy_linear", 6,
         {"base_ratio": "0.6", "direction": "lower"}, {"value": 7, "low": 7, "high": 9}, "6"),
        ("lower is better: the highest is not allowed", "efficacy_exp", 6,
         {"base_ratio": "0.6", "direction": "lower"}, {"value": 9, "low": 7, "high": 9}, "3.6"),
        ("beyond fixed bounds nothing changes", "efficacy_linear", 6, {"base_ratio": "0.6"},
         {"value": 1, "low": 7, "high": 9}, "3.6"),
        ("beyond the better bound, without clamping", "efficacy_linear", 6, OPEN,
         {"value": 10, "low": 7, "high": 9}, "7.2"),
        ("short of the worse bound, without clamping", "efficacy_linear", 6, OPEN,
         {"value": 6, "low": 7, "high": 9}, "2.4"),
        ("far short of it there is less than nothing", "efficacy_linear", 6, OPEN,
         {"value": 3, "low": 7, "high": 9}, "-1.2"),
        ("exactly on a bound clamping changes nothing", "efficacy_linear", 6, OPEN,
         {"value": 7, "low": 7, "high": 9}, "3.6"),
        ("lower is better: beyond the bound it is under low", "efficacy_linear", 6,
         OPEN | {"direction": "lower"}, {"value": 6, "low": 7, "high": 9}, "7.2"),
        ("the exponential beyond the better bound", "efficacy_exp", 6, POWERS,
         {"value": 10, "low": 7, "high": 9}, "12"),
        ("the exponential short of the worse bound never reaches 0", "efficacy_exp", 6, POWERS,
         {"value": 6, "low": 7, "high": 9}, "0.75"),
        ("a power that is a fraction is exact", "efficacy_exp", 1, {"base_ratio": "0.0081"},
         {"value": "7.5", "low": 7, "high": 8}, "0.09"),
        ("each 5 % of growth is a point", "baseline_growth", 10,
         {"base_ratio": "0.8", "step_pct": 5, "points_per_step": 1, "cap_ratio": "1.5"},
         {"actual": 110, "baseline": 100}, "10"),
        ("growth earns at most half as much again", "baseline_growth", 10,
         {"base_ratio": "0.8", "step_pct": 5, "points_per_step": 1, "cap_ratio": "1.5"},
         {"actual": 300, "baseline": 100}, "15"),
        ("a fall costs in proportion", "baseline_growth", 10,
         {"base_ratio": "0.8", "step_pct": 5, "points_per_step": 1, "cap_ratio": "1.5"},
         {"actual": 50, "baseline": 100}, "4"),
        ("a late node has part of its share", "milestone", 6,
         {"status_ratio": {"on_time": 1, "late": "0.5"}}, {"nodes": ["on_time", "late"]}, "4.5"),
        ("the order of nodes does not matter", "milestone", 6,
         {"status_ratio": {"on_time": 1, "late": "0.5"}}, {"nodes": ["late", "on_time"]}, "4.5"),
        ("a loss stops at zero", "deduct_events", 6, EVENTS, {"counts": {"late": 4}}, "0"),
        ("a loss may spill into the total", "deduct_events", 6, EVENTS | {"floor": -3},
         {"counts": {"late": 4}}, "-2"),
        ("a spill has a floor too", "deduct_events", 6, EVENTS | {"floor": -3},
         {"counts": {"false": 4}}, "-3"),
        ("without a floor it has none", "deduct_events", 6, EVENTS | {"floor": None},
         {"counts": {"false": 4}}, "-14"),
        ("once costs what it costs", "deduct_events", 6, EVENTS | {"escalate": {"late": 2}},
         {"counts": {"late": 1}}, "4"),
        ("twice means zero", "deduct_events", 6, EVENTS | {"escalate": {"late": 2}},
         {"counts": {"late": 2}}, "0"),
        ("twice means zero, and not less of a loss", "deduct_events", 6,
         EVENTS | {"escalate": {"late": 2}, "floor": -3},
         {"counts": {"late": 2, "false": 2}}, "-3"),
        ("other events do not escalate it", "deduct_events", 9, EVENTS | {"escalate": {"late": 2}},
         {"counts": {"late": 1, "false": 1}}, "2"),
        ("add and deduct from the base", "base_plus_minus", 5, PLUS,
         {"counts": {"prize": 3, "fault": 1}}, "3.5"),
        ("nothing happened: the base", "base_plus_minus", 5, PLUS,
         {"counts": {"zero_report": 0}}, "3"),
        ("not below low", "base_plus_minus", 5, PLUS, {"counts": {"fault": 9}}, "0"),
        ("low may be below zero", "base_plus_minus", 5, PLUS | {"low": -2},
         {"counts": {"fault": 9}}, "-2"),
        ("not above the cap", "base_plus_minus", 5, PLUS | {"cap": 4},
         {"counts": {"prize": 9}}, "4"),
        ("without a cap there is none", "base_plus_minus", 5, PLUS,
         {"counts": {"prize": 9}}, "7.5"),
        ("exactly the standard, more than the pledge", "pledge", 10, PLEDGE,
         {"actual": 100, "standard": 100, "pledged": 80}, "9"),
        ("exactly both", "pledge", 10, PLEDGE,
         {"actual": 100, "standard": 100, "pledged": 100}, "10"),
        ("a pledge is capped", "pledge", 10, PLEDGE | {"cap_ratio": "1.1"},
         {"actual": 200, "standard": 100, "pledged": 200}, "11"),
        ("gross sandbagging costs all, not more", "pledge", 10, PLEDGE,
         {"actual": 90, "standard": 100, "pledged": 1}, "0"),
        ("a negative value keeps no pledge", "pledge", 10, PLEDGE,
         {"actual": -5, "standard": 100, "pledged": 100}, "0"),
        ("H1 includes Q1: cumulative ratios are weighed as they are", "periodic_weighted", 10,
         QUARTERS, {"period_ratios": [1, "0.5", "0.5", "0.5"]}, "5.75"),
        ("a negative period is none", "periodic_weighted", 10, QUARTERS,
         {"period_ratios": [-1, 1, 1, 1]}, "8.5"),
        ("a score of another system, by its scale", "external_result", 8,
         {"kind": "score", "scale": 1000}, {"result": "912.5"}, "7.3"),
        ("a score of another system over its scale", "external_result", 8,
         {"kind": "score", "scale": 100}, {"result": 104}, "8"),
        ("a grade of another system", "external_result", 8,
         {"kind": "grade", "grades": {"excellent": 1, "good": "0.85"}}, {"result": "good"}, "6.8"),
        ("the 5th of 20 is 25 %", "external_result", 8,
         {"kind": "rank_pct", "tiers": [{"max": 20, "points": 8}, {"max": 40, "points": 7}]},
         {"result": 25}, "7"),
        ("everybody marks alike and some are dropped", "qualitative_panel", 4,
         {"scale": 5, "trim": 1}, {"scores": [4, 4, 4, 4, 4]}, "3.2"),
        ("between goalposts", "min_max", 10, POSTS, {"value": 30, "low": 20, "high": 40}, "5"),
        ("beyond a goalpost it is the goalpost", "min_max", 10, POSTS,
         {"value": 50, "low": 20, "high": 40}, "10"),
        ("beyond a goalpost without clamping", "min_max", 10, POSTS | {"clamp": False},
         {"value": 50, "low": 20, "high": 40}, "15"),
        ("goalposts where lower is better", "min_max", 10, POSTS | {"direction": "lower"},
         {"value": 25, "low": 20, "high": 40}, "7.5"),
        ("a logarithmic scale", "min_max", 10, POSTS | {"log": True},
         {"value": 1000, "low": 100, "high": 10000}, "5"),
        ("nobody differs: everybody is best", "min_max", 10, POSTS | {"direction": "lower"},
         {"value": 20, "low": 20, "high": 20}, "10"),
        ("nobody differs and there is no logarithm of zero", "min_max", 10, POSTS | {"log": True},
         {"value": 0, "low": 0, "high": 0}, "10"),
        ("one deviation above the mean", "z_score", 10, {}, {"value": 9, "spread": [5, 9]}, "7"),
        ("a deviation is the population's", "z_score", 10, {"spread": 10},
         {"value": 9, "spread": [2, 4, 4, 4, 5, 5, 7, 9]}, "8"),
        ("nobody differs: the centre", "z_score", 10, {}, {"value": 5, "spread": [5, 5]}, "6"),
        ("far off it is clamped", "z_score", 10, {"spread": 1000},
         {"value": 9, "spread": [5, 9]}, "10"),
        ("far off without clamping", "z_score", 10, {"spread": 50, "clamp": False},
         {"value": 9, "spread": [5, 9]}, "11"),
        ("worse ones, and half of the equal ones", "percentile_rank", 10, {},
         {"worse": 3, "equal": 2, "others": 10}, "4"),
        ("alone it has all points", "percentile_rank", 10, {},
         {"worse": 0, "equal": 0, "others": 0}, "10"),
        ("equal ones count not at all", "percentile_rank", 10, {"ties": "low"},
         {"worse": 3, "equal": 2, "others": 10}, "3"),
        ("equal ones count wholly", "percentile_rank", 10, {"ties": "high"},
         {"worse": 3, "equal": 2, "others": 10}, "5"),
        ("alone it has all points, whatever equal ones count", "percentile_rank", 10,
         {"ties": "low"}, {"worse": 0, "equal": 0, "others": 0}, "10"),
        ("nobody differs and equal ones count not at all: nothing", "percentile_rank", 10,
         {"ties": "low"}, {"worse": 0, "equal": 4, "others": 4}, "0"),
        ("nobody differs and equal ones count wholly: everything", "percentile_rank", 10,
         {"ties": "high"}, {"worse": 0, "equal": 4, "others": 4}, "10"),
        ("as a spreadsheet has it: 2 of ten", "percentile_rank", 1, {"ties": "low"},
         {"value": 2, "values": SPREADSHEET}, "0.3333"),
        ("as a spreadsheet has it: 8 of ten", "percentile_rank", 1, {"ties": "low"},
         {"value": 8, "values": SPREADSHEET}, "0.6667"),
        ("lower is better: above the mean costs", "z_score", 10, {"direction": "lower"},
         {"value": 9, "spread": [5, 9]}, "5"),
        ("lower is better: below the mean earns", "z_score", 10, {"direction": "lower"},
         {"value": 5, "spread": [5, 9]}, "7"),
        ("a sample's deviation is larger", "z_score", 10, {"deviation": "sample"},
         {"value": 5, "spread": [1, 3, 5]}, "7"),
        ("of two the sample's is the root of two times the population's", "z_score", 10,
         {"deviation": "sample"}, {"value": 9, "spread": [5, 9]}, "6.7071"),
        ("nobody differs: the centre, of a sample too", "z_score", 10, {"deviation": "sample"},
         {"value": 5, "spread": [5, 5]}, "6"),
        ("negative values have a deviation too", "z_score", 10,
         {"deviation": "sample", "direction": "lower"}, {"value": -5, "spread": [-1, -3, -5]}, "7"),
        ("at a standard value: its points", "tiers", 20, STANDARDS, {"value": "9.2"}, "16"),
        ("half way from good to excellent", "tiers", 20, STANDARDS, {"value": "11.2"}, "18"),
        ("a third of the way is exact", "tiers", 20, STANDARDS, {"value": "4.1"}, "9.3333"),
        ("between a standard below zero and the next", "tiers", 20, STANDARDS,
         {"value": "0.4"}, "6"),
        ("better than excellent is no more", "tiers", 20, STANDARDS, {"value": 50}, "20"),
        ("at the last standard", "tiers", 20, STANDARDS, {"value": "-2.3"}, "4"),
        ("short of the last there is no line any more", "tiers", 20, STANDARDS,
         {"value": "-2.31"}, "0"),
        ("but what is said for it", "tiers", 20, STANDARDS | {"else_points": 1},
         {"value": "-9"}, "1"),
        ("upper bounds: better than the first", "tiers", 7, UP_TO, {"value": 3}, "7"),
        ("upper bounds: at the first", "tiers", 7, UP_TO, {"value": 20}, "7"),
        ("upper bounds: between them", "tiers", 7, UP_TO, {"value": 30}, "6.5"),
        ("upper bounds: at the last", "tiers", 7, UP_TO, {"value": 40}, "6"),
        ("upper bounds: beyond the last", "tiers", 7, UP_TO, {"value": "40.01"}, "3"),
        ("one tier has no way to another", "tiers", 7,
         {"tiers": [{"min": 60, "points": 5}], "interpolate": True}, {"value": 60}, "5"),
        ("nor short of it", "tiers", 7,
         {"tiers": [{"min": 60, "points": 5}], "interpolate": True}, {"value": 59}, "0"),
        ("rounded first, and then on the line", "tiers", 7,
         UP_TO | {"compare": "rounded", "places": 0}, {"value": "29.5"}, "6.5"),
        ("2 points, half a point less for each under the mean", "steps_from", 2, FROM_MEAN,
         {"value": 8, "spread": [8, 12]}, "1"),
        ("at the mean nothing is lost", "steps_from", 2, FROM_MEAN,
         {"value": 10, "spread": [10, 8, 12]}, "2"),
        ("nobody differs: nothing is lost", "steps_from", 2, FROM_MEAN,
         {"value": 7, "spread": [7, 7, 7]}, "2"),
        ("alone it is its own mean", "steps_from", 2, FROM_MEAN, {"value": -7}, "2"),
        ("above the mean without a bonus", "steps_from", 2, FROM_MEAN,
         {"value": 12, "spread": [8, 12]}, "2"),
        ("a mean of thirds is exact", "steps_from", 2, FROM_MEAN,
         {"value": 1, "spread": [1, 1, 2]}, "1.8333"),
        ("far below there is nothing, not less", "steps_from", 2, FROM_MEAN,
         {"value": 0, "spread": [0, 100]}, "0"),
        ("above the mean with a bonus", "steps_from", 10, WITH_BONUS,
         {"value": "10.5", "spread": ["9.5", "10.5"]}, "8.5"),
        ("a bonus stops at its cap", "steps_from", 10, WITH_BONUS,
         {"value": 15, "spread": [5, 15]}, "10"),
        ("which may be above the points", "steps_from", 10, WITH_BONUS | {"cap_ratio": "1.2"},
         {"value": 15, "spread": [5, 15]}, "12"),
        ("below the mean a bonus changes nothing", "steps_from", 10, WITH_BONUS,
         {"value": 8, "spread": [8, 12]}, "7"),
        ("a begun step below costs a whole one", "steps_from", 2,
         FROM_MEAN | {"step_mode": "whole_up"}, {"value": "8.5", "spread": ["8.5", "11.5"]}, "1"),
        ("or nothing", "steps_from", 2, FROM_MEAN | {"step_mode": "whole_down"},
         {"value": "8.5", "spread": ["8.5", "11.5"]}, "1.5"),
        ("a begun step above earns a whole one", "steps_from", 10,
         WITH_BONUS | {"step_mode": "whole_up"},
         {"value": "11.5", "spread": ["8.5", "11.5"]}, "10"),
        ("or nothing", "steps_from", 10, WITH_BONUS | {"step_mode": "whole_down"},
         {"value": "11.5", "spread": ["8.5", "11.5"]}, "9"),
        ("three steps of 0.3 are three, not four", "steps_from", 2,
         FROM_MEAN | {"step": "0.3", "step_mode": "whole_up"},
         {"value": "9.1", "spread": ["9.1", "10.9"]}, "0.5"),
        ("lower is better", "steps_from", 2, FROM_MEAN | {"direction": "lower"},
         {"value": 12, "spread": [8, 12]}, "1"),
        ("the median does not mind an outlier", "steps_from", 2,
         FROM_MEAN | {"reference": "median"}, {"value": 4, "spread": [4, 5, 1000]}, "1.5"),
        ("of an even number it is between two", "steps_from", 2,
         FROM_MEAN | {"reference": "median"}, {"value": 3, "spread": [1, 3, 5, 1000]}, "1.5"),
        ("each step behind the best", "steps_from", 2, FROM_MEAN | {"reference": "best"},
         {"value": 9, "spread": [9, 12, 3]}, "0.5"),
        ("the best where lower is better", "steps_from", 2,
         FROM_MEAN | {"reference": "best", "direction": "lower"},
         {"value": 5, "spread": [9, 12, 3, 5]}, "1"),
        ("each step under last year", "steps_from", 2, FROM_MEAN | {"reference": "baseline"},
         {"value": 8, "baseline": 10}, "1"),
        ("each step over last year", "steps_from", 10, WITH_BONUS | {"reference": "baseline"},
         {"value": 11, "baseline": 10}, "9"),
        ("each 5 % under the mean", "steps_from", 2, IN_PERCENT,
         {"value": 45, "spread": [45, 55]}, "1"),
        ("each 5 % over the mean", "steps_from", 2, IN_PERCENT | {"bonus_per_step": "0.25",
         "cap_ratio": 2}, {"value": 55, "spread": [45, 55]}, "2.5"),
        ("each begun 5 % over last year", "steps_from", 2, IN_PERCENT | {"bonus_per_step": "0.25",
         "cap_ratio": 2, "reference": "baseline", "step_mode": "whole_up"},
         {"value": 33, "baseline": 30}, "2.5"),
        ("a third under last year, exactly", "steps_from", 9,
         IN_PERCENT | {"reference": "baseline"}, {"value": 2, "baseline": 3}, "5.6667"),
        ("a baseline may be below zero", "steps_from", 2, FROM_MEAN | {"reference": "baseline"},
         {"value": -3, "baseline": -1}, "1"),
        ("three tenths of what two have, by an equal share", "share_of_sum", 10, {},
         {"value": 30, "spread": [30, 70]}, "6"),
        ("an equal share has all points", "share_of_sum", 10, {},
         {"value": 50, "spread": [50, 50]}, "10"),
        ("more than an equal share is cut", "share_of_sum", 10, {},
         {"value": 70, "spread": [30, 70]}, "10"),
        ("or earns more", "share_of_sum", 10, {"cap_ratio": "1.5"},
         {"value": 70, "spread": [30, 70]}, "14"),
        ("by the share that earns all points", "share_of_sum", 10, {"full_share": "0.4"},
         {"value": 30, "spread": [30, 70]}, "7.5"),
        ("exactly that share", "share_of_sum", 10, {"full_share": "0.3"},
         {"value": 30, "spread": [30, 70]}, "10"),
        ("alone it has the whole sum", "share_of_sum", 10, {}, {"value": 3}, "10"),
        ("a negative value has no share", "share_of_sum", 10, {},
         {"value": -10, "spread": [-10, 110]}, "0"),
        ("but is part of the sum", "share_of_sum", 10, {"full_share": 1, "cap_ratio": 2},
         {"value": 110, "spread": [-10, 110]}, "11"),
        ("a composite with a difficulty of its own", "expression", 400, INVESTMENT,
         {"inputs": {"rate": 90, "gdp": 11, "goal": 10, "difficulty": "1.2"}}, "109.8"),
        ("below the gate there is nothing", "expression", 400, INVESTMENT,
         {"inputs": {"rate": "41.9", "gdp": 11, "goal": 10, "difficulty": "1.2"}}, "0"),
        ("a formula stops at its cap", "expression", 400, INVESTMENT | {"cap": 100},
         {"inputs": {"rate": 90, "gdp": 11, "goal": 10, "difficulty": "1.2"}}, "100"),
        ("a formula stops at 0", "expression", 5, {"formula": "a - 9"}, {"inputs": {"a": 4}}, "0"),
        ("a formula may go lower", "expression", 5, {"formula": "a - 9", "low": -2},
         {"inputs": {"a": 4}}, "-2"),
        ("a formula of a ratio", "expression", 5, {"formula": "a / 3", "result": "ratio"},
         {"inputs": {"a": 1}}, "1.6667"),
        ("just under the floor there is nothing", "ratio_to_target", 6,
         HIGHER | {"floor_ratio": "0.6"}, {"actual": "59.99", "target": 100}, "0"),
        ("target 0 missed from below: full marks if the scheme says so", "ratio_to_target", 6,
         HIGHER | {"when_target_zero": "full"}, {"actual": -1, "target": 0}, "6"),
        ("every begun percent over the target earns its part, up to 8 % of the points",
         "ratio_to_target", 50,
         HIGHER | {"over_target": {"per_pct_points": 1, "points": "0.5", "max_points": 4}},
         {"actual": "107.5", "target": 100}, "53.75"),
        ("growth: shrinking less than planned is no loss", "stepped_deduction", 4,
         {"direction": "higher", "step": "0.1", "points_per_step": "0.2"},
         {"actual": "-1.2", "target": "-1.5"}, "4"),
        ("good-air days: each point short costs 0.25", "stepped_deduction", 1,
         {"direction": "higher", "step": 1, "points_per_step": "0.25"},
         {"actual": "84.5", "target": 87}, "0.375"),
        ("good-air days: an item stops at 0", "stepped_deduction", 1,
         {"direction": "higher", "step": 1, "points_per_step": "0.25"},
         {"actual": 80, "target": 87}, "0"),
        ("an error of 0.4 per mille is still the first tier", "tiers", 2, ERRORS,
         {"value": "0.4"}, "2"),
        ("a little more is the second", "tiers", 2, ERRORS, {"value": "0.4001"}, "1"),
        ("beyond the last tier there is nothing", "tiers", 2, ERRORS, {"value": "0.8001"}, "0"),
        ("forged records leave nothing, whatever the error", "expression", 2, FORGED,
         {"inputs": {"error": "0.1", "forged": 1}}, "0"),
        ("without forgery the error counts", "expression", 2, FORGED,
         {"inputs": {"error": "0.4", "forged": 0}}, "2"),
        ("both lowest standards of a hotline are kept", "expression", 3, LOWEST,
         {"inputs": {"satisfaction": 85, "reply": 92}}, "3"),
        ("one lowest standard of a hotline is not", "expression", 3, LOWEST,
         {"inputs": {"satisfaction": "99.9", "reply": "91.99"}}, "0"),
        ("urban coverage is all or nothing", "all_or_nothing", 4, {"threshold": 100},
         {"value": "99.99"}, "0"),
        ("stages of a project: submitted 2, approved 3", "tiers", 3, STAGES, {"value": 1}, "2"),
        ("stages of a project: approved", "tiers", 3, STAGES, {"value": 2}, "3"),
        ("a plant that has only been started is worth half", "milestone", 2,
         {"status_ratio": {"running": 1, "started": "0.5"}}, {"nodes": ["started"]}, "1"),
        ("three nodes of eleven", "milestone", 11, {"status_ratio": {"done": 1, "open": 0}},
         {"nodes": ["done"] * 3 + ["open"] * 8}, "3"),
        ("the exponential between its bounds: 0.6 to the power of a half", "efficacy_exp", 100,
         {"base_ratio": "0.6"}, {"value": 8, "low": 7, "high": 9}, "77.4597"),
        ("nobody differs: the exponential gives all points", "efficacy_exp", 6,
         {"base_ratio": "0.6"}, {"value": 8, "low": 8, "high": 8}, "6"),
        ("level with last year is 80 %", "baseline_growth", 10, BASE,
         {"actual": 100, "baseline": 100}, "8"),
        ("a fall by 10 % in symmetric steps costs two of them", "baseline_growth", 10,
         SYMMETRIC, {"actual": 90, "baseline": 100}, "6"),
        ("a third less, in symmetric steps", "baseline_growth", 10, SYMMETRIC,
         {"actual": 2, "baseline": 3}, "1.3333"),
        ("a fall in symmetric steps stops at 0", "baseline_growth", 10, SYMMETRIC,
         {"actual": 10, "baseline": 100}, "0"),
        ("growth is the same by symmetric steps", "baseline_growth", 10, SYMMETRIC,
         {"actual": 105, "baseline": 100}, "9"),
        ("the points cap the pieces, also without extras", "count_points", 5,
         {"full_at": 8, "per_item": 1}, {"count": 8}, "5"),
        ("no number of pieces earns anything beyond full", "count_points", 8,
         {"full_at": 8, "per_item": 1}, {"count": 1000}, "8"),
        ("a negative number of pieces is none", "count_points", 8,
         {"full_at": 8, "per_item": 1}, {"count": -2}, "0"),
        ("late and hidden emergency reports, 5 each", "deduct_events", 20, INSPECTED,
         {"counts": {"hidden": 1, "late": 1}}, "10"),
        ("inspectorate, exposed cases, an accident", "deduct_events", 10, INSPECTED,
         {"counts": {"national": 2, "provincial": 1, "exposed": 1, "accident": 1}}, "6.7"),
        ("a compliance item that is not met costs 2", "deduct_events", 2, INSPECTED,
         {"counts": {"not_met": 1}}, "0"),
        ("meeting it gives nothing", "deduct_events", 2, INSPECTED, {"counts": {"not_met": 0}},
         "2"),
        ("the base may be deducted away to nothing, not below", "base_plus_minus", 5, PLUS,
         {"counts": {"fault": 4, "prize": 1}}, "0"),
        ("grades from A to D", "grade_map", 10, {"grades": OUR_GRADES}, {"grade": "D"}, "5"),
        ("a rubric of five steps", "qualitative_panel", 10, {"scale": 5},
         {"scores": [1, 3, 5, 5]}, "7"),
        ("under the standard and over the pledge both count", "pledge", 10, PLEDGE,
         {"actual": 96, "standard": 100, "pledged": 90}, "9.3333"),
        ("a loss that is a gain is none", "inherit_superior", 12,
         {"scale": "0.1", "multiplier": 2, "excess_to": "deductions"},
         {"superior_loss": -3}, "12"),
    ],
)  # fmt: skip
def test_a_rule_holds_in_this_case(why, method, points, params, inputs, expected):
    assert scored(method, points, params, **inputs).score == Decimal(expected), why


@pytest.mark.parametrize(
    ("method", "params", "inputs"),
    [
        ("ratio_to_target", HIGHER, {"actual": 5, "target": 0}),
        ("ratio_to_target", LOWER, {"actual": 5, "target": -1}),
        ("ratio_to_target", HIGHER, {"actual": "-1.2", "target": "-1.5"}),
        ("grade_map", {"grades": {"A": 1}}, {"grade": "a"}),
        ("baseline_growth", SYMMETRIC, {"actual": 5, "baseline": -2}),
        ("baseline_growth", BASE, {"actual": 5, "baseline": 0}),
        ("pledge", PLEDGE, {"actual": 5, "standard": 0, "pledged": 5}),
        ("pledge", PLEDGE, {"actual": 5, "standard": 5, "pledged": 0}),
        ("pledge", {"bonus_coef": 1}, {"actual": 5, "standard": 5, "pledged": 5}),
        ("base_plus_minus", PLUS, {"counts": {"gift": 1}}),
        ("rank_points", TABLE | {"tie": "forbidden"}, {"rank": 1, "tied": 2}),
        ("rank_points", {}, {"rank": 1}),
        ("min_max", POSTS | {"log": True}, {"value": 5, "low": 0, "high": 9}),
        ("min_max", POSTS, {"value": 5, "low": 9, "high": 0}),
        ("external_result", {"kind": "grade", "grades": {"A": 1}}, {"result": "Z"}),
        ("tiers", TIERS | {"compare": "rounded"}, {"value": 1}),
        ("tiers", UP_TO | {"tiers": [{"min": 1, "points": 1}, {"max": 0, "points": 0}]},
         {"value": 1}),
        ("efficacy_exp", POWERS, {"value": 99999, "low": 0, "high": 1}),
        ("efficacy_exp", POWERS | {"base_ratio": 0}, {"value": 3, "low": 0, "high": 1}),
        ("z_score", {"deviation": "sample"}, {"value": 5}),
        ("steps_from", FROM_MEAN | {"reference": "worst"}, {"value": 5}),
        ("share_of_sum", {}, {"value": 5, "spread": [5, -5]}),
        ("share_of_sum", {}, {"value": 5, "spread": [5, -6]}),
        ("share_of_sum", {}, {"value": 0}),
        ("steps_from", IN_PERCENT, {"value": 5, "spread": [5, -5]}),
        ("steps_from", IN_PERCENT | {"reference": "best"}, {"value": -5, "spread": [-5, -6]}),
        ("steps_from", IN_PERCENT | {"reference": "baseline"}, {"value": 5, "baseline": 0}),
        ("expression", {"formula": "a / b"}, {"inputs": {"a": 1, "b": 0}}),
        ("expression", {"formula": "a + c"}, {"inputs": {"a": 1, "b": 0}}),
        ("items_weighted", {}, {"actuals": [5], "targets": [0]}),
        ("relative_to_best", {}, {"value": 0, "values": [0, -1]}),
        ("efficacy_linear", {"base_ratio": 1}, {"value": 1, "low": 2, "high": 1}),
        ("grade_map", {"grades": {"A": 1}}, {"grade": "Z"}),
        ("milestone", {"status_ratio": {"done": 1}}, {"nodes": ["lost"]}),
        ("deduct_events", {"per_event": {"late": 1}}, {"counts": {"early": 1}}),
        ("qualitative_panel", {"trim": 1}, {"scores": [90, 91]}),
        ("all_or_nothing", {}, {"value": 1}),
        ("all_or_nothing", {"threshold": "many"}, {"value": 1}),
        ("all_or_nothing", {"threshold": "Infinity"}, {"value": 1}),
    ],
)  # fmt: skip
def test_what_a_method_has_no_meaning_for_is_undefined_and_not_zero(method, params, inputs):
    found = scored(method, 5, params, **inputs)

    assert found.score is None
    reason = found.missing[0]
    assert not reason.absent
    assert reason.en
    assert reason.zh
    assert reason.en != reason.zh


@pytest.mark.parametrize(
    ("rank_by", "tie", "expected"),
    [
        ("higher", "same_rank_skip", [1, 2, 2, 2, 5]),
        ("higher", "dense", [1, 2, 2, 2, 3]),
        ("lower", "same_rank_skip", [5, 2, 2, 2, 1]),
    ],
)
def test_equal_values_share_a_rank(rank_by, tie, expected):
    values = Quotients.of(map(Decimal, ["91.2", "90.5", "90.50", "90.5", "88"]))

    found = positions(values, lowest_first=rank_by == "lower", dense=tie == "dense")

    assert [rank for rank, _ in found] == expected


HDI = {"health": ("0.5", 1), "education": ("1.6", 2), "income": ("0.8", 1)}


@pytest.mark.parametrize(
    ("why", "kind", "weights", "children_of", "expected"),
    [
        ("each by the share of its own points", "arithmetic", None, HDI, "70"),
        ("weighed", "arithmetic", {"health": ".5", "education": ".25", "income": ".25"}, HDI, "65"),
        ("geometric", "geometric", None, HDI, "68.3990"),
        ("a geometric mean that is a fraction is exact: 0.5, 0.5, 0.5", "geometric", None,
         {"a": ("1", 2), "b": ("2", 4), "c": ("0.5", 1)}, "50"),
        ("so is a weighed one", "geometric", {"a": "0.5", "b": "0.25", "c": "0.25"},
         {"a": ("0.25", 1), "b": ("0.0625", 1), "c": ("1", 1)}, "25"),
        ("weights of ten places make no power that nobody can compute", "geometric",
         {"a": "0.3333333333", "b": "0.6666666667"}, {"a": ("1", 8), "b": ("8", 8)}, "50"),
        ("nor do large parts", "geometric", {"a": 333333333333333, "b": 666666666666667},
         {"a": ("1", 8), "b": ("8", 8)}, "50"),
        ("a child with nothing leaves nothing", "geometric", None,
         {"a": ("0", 2), "b": ("4", 4)}, "0"),
        ("a child below zero too", "geometric", None, {"a": ("-2", 2), "b": ("-4", 4)}, "0"),
        ("harmonic", "harmonic", None, {"a": ("1", 1), "b": ("1", 2)}, "66.6667"),
        ("harmonic, weighed", "harmonic", {"a": "0.75", "b": "0.25"},
         {"a": ("1", 1), "b": ("1", 2)}, "80"),
        ("harmonic with nothing", "harmonic", None, {"a": ("0", 1), "b": ("1", 2)}, "0"),
    ],
)  # fmt: skip
def test_a_parent_is_worth_the_mean_of_its_children(why, kind, weights, children_of, expected):
    children = [
        Child(code, Quotients.of([Decimal(score)]), Fraction(worth))
        for code, (score, worth) in children_of.items()
    ]
    params = Params({"kind": kind, "weights": weights})

    found = mean_children(Decimal(100), params, children).rounded(4)

    assert found.score(0) == Decimal(expected), why


def test_a_leaf_may_have_a_precision_of_its_own():
    """Items of ten points or more are whole numbers in one city; HDI keeps twelve places."""
    scores = [
        scored("ratio_to_target", 10, {}, places=places, actual=1, target=3).score
        for places in (0, 12)
    ]

    assert scores == [Decimal(3), Decimal("3.333333333333")]


def test_far_down_a_large_group_nobody_falls_below_zero():
    assert scored("rank_points", 5, {"step_ratio": "0.05"}, rank=30).score == 0


def test_a_component_is_rounded_before_it_is_weighted():
    """Planted bug: weighting the unrounded component, which gives 0.0002."""
    half = {"method": "ratio_to_target", "params": {}}
    params = {"components": [half | {"key": "a", "weight": "1.6"}]}
    year = Year().values("a", A="0.00015").aim(item="a", target=1)

    found = year.outcomes(indicator("blend", params, points=1))["X"]["A"]

    assert found.score == Decimal("0.0003")


def test_a_period_is_rounded_before_the_mean():
    """Planted bug: the mean of unrounded periods, which gives 0.0001."""
    params = {"table": {"1": "0.00005", "2": "0.00015"}, "period": "half_year"}
    year = Year().values(period="2025H1", A=9, B=8).values(period="2025H2", A=8, B=9)

    found = year.outcomes(indicator("rank_points", params))["X"]["A"]

    assert found.score == Decimal("0.0002")


@pytest.mark.parametrize(
    ("exact", "places", "expected"),
    [
        (Fraction(5, 100000), 4, "0.0001"),
        (Fraction(-5, 100000), 4, "-0.0001"),
        (Fraction(4999999, 100000000000), 4, "0.0000"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(10**40 + 1, 1), 1, "1" + "0" * 39 + "1.0"),
    ],
)
def test_rounding_is_half_up_at_any_length(exact, places, expected):
    """Caught: half-even, float rounding, and the 28 digits of the default decimal context."""
    assert str(half_up(exact, places)) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("88.2000"), "88.2"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.00"), "0"),
        (Fraction(1, 8), "0.125"),
        (Fraction(1, 3), "0.333333333333…"),
    ],
)
def test_a_number_is_shown_as_a_person_writes_it(value, text):
    assert show(value) == text


def test_a_score_says_how_it_was_rounded():
    result = scored("qualitative_panel", 4, {"scale": 100, "trim": 1}, scores=[76, 78, 80, 74, 79])

    told = result.narration
    assert told.formula == "4 × (76 + 78 + 79) / 3 / 100"
    assert (told.rounding.exact, told.rounding.places) == ("3.106666666667… (= 233 / 75)", 4)
    assert told.rounding.rounded == result.score == Decimal("3.1067")
