"""The scoring methods, one row per sentence of the regulation or trap in it."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from scoring.rules.exact import half_up, show
from scoring.rules.gaps import Undefined
from scoring.rules.methods import composed, counted, judged, relative, target, threshold
from scoring.rules.methods.scored import settle
from scoring.rules.params import Params

EXAMPLE = Path(__file__).parents[3] / "examples" / "yunchuan-2025"
METHODS = {
    method.__name__: method
    for method in [
        target.ratio_to_target,
        target.stepped_deduction,
        target.baseline_growth,
        target.items_weighted,
        threshold.tiers,
        threshold.all_or_nothing,
        threshold.grade_map,
        relative.rank_points,
        relative.relative_to_best,
        relative.efficacy_linear,
        relative.efficacy_exp,
        counted.deduct_events,
        counted.count_points,
        counted.milestone,
        judged.qualitative_panel,
        judged.survey_score,
        composed.inherit_superior,
    ]
}
VECTORS = yaml.load((EXAMPLE / "vectors.yaml").read_text("utf-8"), yaml.CSafeLoader)


def given(value):
    """Numbers and their texts as decimals, other words as they are."""
    if isinstance(value, dict):
        return {key: given(each) for key, each in value.items()}
    if isinstance(value, list):
        return [given(each) for each in value]
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value


def scored(method, points, params, **inputs):
    named = {name: int(v) if name == "rank" else given(v) for name, v in inputs.items()}
    return METHODS[method](Decimal(str(points)), Params(params), 4, **named)


@pytest.mark.parametrize(
    "vector",
    [v for v in VECTORS["methods"] if v["method"] in METHODS],
    ids=lambda v: v["name"].replace(" ", "_"),
)
def test_a_method_gives_the_exact_score_of_its_vector(vector):
    result = scored(vector["method"], vector["points"], vector["params"], **vector["inputs"])

    assert result.score == Decimal(str(vector["expected"]))
    assert result.excess == Decimal(str(vector.get("expected_excess", 0)))


def test_every_vector_but_those_of_methods_no_scheme_uses_was_tried():
    untried = {v["method"] for v in VECTORS["methods"]} - set(METHODS)

    assert untried == {"pledge", "periodic_weighted"}


HIGHER = {"direction": "higher", "cap_ratio": 1, "floor_ratio": 0}
LOWER = {"direction": "lower", "cap_ratio": 1, "floor_ratio": "0.5"}
OVER = HIGHER | {"over_target": {"per_pct_points": 1, "points": "0.05", "max_points": "0.4"}}
STEPS = {"step": "0.5", "points_per_step": "0.5", "direction": "lower"}
BASE = {"base_ratio": "0.8", "step_pct": 5, "points_per_step": "0.2", "cap_ratio": 1}
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
        ("baseline_growth", BASE, {"actual": 5, "baseline": 0}),
        ("items_weighted", {}, {"actuals": [5], "targets": [0]}),
        ("relative_to_best", {}, {"value": 0, "values": [0, -1]}),
        ("efficacy_linear", {"base_ratio": 1}, {"value": 1, "low": 2, "high": 1}),
        ("grade_map", {"grades": {"A": 1}}, {"grade": "Z"}),
        ("milestone", {"status_ratio": {"done": 1}}, {"nodes": ["lost"]}),
        ("milestone", {"status_ratio": {"done": 1}}, {"nodes": []}),
        ("deduct_events", {"per_event": {"late": 1}}, {"counts": {"early": 1}}),
        ("qualitative_panel", {"trim": 1}, {"scores": [90, 91]}),
        ("all_or_nothing", {}, {"value": 1}),
        ("all_or_nothing", {"threshold": "many"}, {"value": 1}),
        ("all_or_nothing", {"threshold": "Infinity"}, {"value": 1}),
    ],
)
def test_what_a_method_has_no_meaning_for_is_undefined_and_not_zero(method, params, inputs):
    with pytest.raises(Undefined) as caught:
        scored(method, 5, params, **inputs)

    reason = caught.value.reasons[0]
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
    values = {"a": "91.2", "b": "90.5", "c": "90.50", "d": "90.5", "e": "88"}
    decimals = {unit: Decimal(value) for unit, value in values.items()}

    assert list(relative.ranks(decimals, rank_by, tie).values()) == expected


def test_far_down_a_large_group_nobody_falls_below_zero():
    assert relative.rank_points(Decimal(5), Params({"step_ratio": "0.05"}), 4, rank=30).score == 0


def test_a_component_is_rounded_before_it_is_weighted():
    """Caught: weighting the unrounded component, which gives 0.0002."""
    half = settle(Fraction(15, 100000), 4, "", "")

    assert composed.blend(4, {"a": (Decimal("1.6"), half)}).score == Decimal("0.0003")


def test_a_period_is_rounded_before_the_mean():
    """Caught: the mean of unrounded periods, which gives 0.0001."""
    scores = [settle(Fraction(5, 100000), 4, "", ""), settle(Fraction(15, 100000), 4, "", "")]

    assert relative.mean_of_periods(4, {"Q1": scores[0], "Q2": scores[1]}).score == Decimal(
        "0.0002"
    )


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

    assert result.formula == "4 × (76 + 78 + 79) / 3 / 100"
    assert (result.rounding.exact, result.rounding.places) == ("3.106666666667…", 4)
    assert result.rounding.rounded == result.score == Decimal("3.1067")
