"""What a scheme holds that nobody reads is named in the answer to whoever saves it.

Planted bugs: name a field that has an effect; name it for a leaf that is of a parent; look at the
parameters of all where a unit's own give another one its effect.
"""

import pytest

from indicators.rules.without_effect import without_effect

FUNCTION = "/categories/0/blocks/0/indicators"
OTHERS = "/categories/0/blocks/2/indicators"
DEPT = "/categories/1/blocks/0/indicators"
OWN = {"from": "measured"}
USUAL = {
    ("/calendar/2/working_days", "length-unused"),
    ("/calendar/2", "step-without-a-day"),
    (f"{FUNCTION}/4/veto_link", "veto-link-unused"),
}
"""What the small scheme has of it."""


def found(scheme):
    return {(each.pointer, each.code) for each in without_effect(scheme)}


def expression(formula, gate=None, **inputs):
    params = {"inputs": inputs, "formula": formula, "gate": gate, "result": "points"}
    return {f"{FUNCTION}/0/method": "expression", f"{FUNCTION}/0/params": params}


def test_the_small_scheme_has_little_of_it(stored):
    assert found(stored()) == USUAL


RATIO = {"direction": "lower", "when_target_zero": "full", "no_over_target_when_lowered": False}
PARENT = f"{FUNCTION}/2"
MEAN = {f"{PARENT}/method": "mean_children", f"{PARENT}/params": {"kind": "harmonic"}}
TIERS = [{"min": 9, "points": 2}, {"min": 5, "points": 2}]
FROM = {
    "reference": "mean", "direction": "higher", "step": 1, "points_per_step": 1,
    "step_mode": "whole_up", "base_ratio": "0.8",
}  # fmt: skip
FIXED = {"base_ratio": "0.6", "bounds": "fixed", "low": 0, "high": 9, "clamp": False}
BY_POINTS = "/rounding/by_points"


def scored_by(method, **params):
    return {f"{FUNCTION}/0/method": method, f"{FUNCTION}/0/params": params}


def unused(*names):
    return {(f"{FUNCTION}/0/params/{name}", "parameter-unused") for name in names}


MAY = {f"{FUNCTION}/1/may_be_not_applicable": True}
DROPPED = {f"{OTHERS}/4/params/excess_to": "dropped", "/composition/deductions": False}
COUNTED = {"grade": "excellent", "count": 1, "min_score": 85}

WITHIN = "subcategory"
LENT = {"from": "rank", "indicator": "C02"}

WITHOUT = [
    (
        {f"{FUNCTION}/0/compare_within": WITHIN, f"{PARENT}/compare_within": WITHIN},
        {
            (f"{FUNCTION}/0/compare_within", "nothing-compared"),
            (f"{PARENT}/compare_within", "nothing-compared"),
        },
    ),
    (
        {f"{OTHERS}/0/compare_within": WITHIN, f"{OTHERS}/3/compare_within": WITHIN},
        {
            (f"{OTHERS}/0/compare_within", "nothing-compared"),
            (f"{OTHERS}/3/compare_within", "nothing-compared"),
        },
    ),
    ({f"{FUNCTION}/0/external_result": True}, {(f"{FUNCTION}/0/external_result", "flag-unused")}),
    ({f"{FUNCTION}/0/reviewed_by": "B01"}, {(f"{FUNCTION}/0/reviewed_by", "reviewer-unused")}),
    ({f"{FUNCTION}/2/reviewed_by": "B02"}, {(f"{FUNCTION}/2/reviewed_by", "reviewer-unused")}),
    (
        {f"{FUNCTION}/0/evidence_for": ["measured_value", "event", "none"]},
        {(f"{FUNCTION}/0/evidence_for/1", "evidence-unused")}
        | {(f"{FUNCTION}/0/evidence_for/2", "evidence-unused")},
    ),
    ({f"{FUNCTION}/0/progress_plan": {"H1": "0.4"}}, set()),
    (
        {f"{PARENT}/progress_plan": {"H1": "0.4"}},
        {(f"{PARENT}/progress_plan", "plan-unused")},
    ),
    (
        {f"{FUNCTION}/4/findings_by": ["B02"]}
        | {f"{FUNCTION}/4/evidence_for": ["inspection_finding"]},
        set(),
    ),
    (
        {f"{FUNCTION}/4/findings_by": ["B02", "B02"], f"{FUNCTION}/0/findings_by": ["B02"]},
        {
            (f"{FUNCTION}/4/findings_by/1", "findings-unused"),
            (f"{FUNCTION}/0/findings_by", "findings-unused"),
        },
    ),
    ({f"{FUNCTION}/4/window": {"opens": "2024-12-01", "closes": "2025-11-30"}}, set()),
    (
        {f"{FUNCTION}/0/window": {"opens": "2024-12-01", "closes": "2025-11-30"}},
        {(f"{FUNCTION}/0/window", "window-unused")},
    ),
    ({f"{FUNCTION}/0/combine": "sum", f"{FUNCTION}/0/combine_requires": "all"}, set()),
    (
        {f"{FUNCTION}/0/combine_requires": "all", f"{FUNCTION}/3/combine": "last"}
        | {f"{PARENT}/combine": "sum", f"{FUNCTION}/5/combine": "mean"},
        {(f"{FUNCTION}/0/combine_requires", "combine-unused")}
        | {(f"{FUNCTION}/{n}/combine", "combine-unused") for n in (2, 3, 5)},
    ),
    ({f"{PARENT}/missing": "carry_over"}, {(f"{PARENT}/missing", "no-earlier-period")}),
    ({f"{PARENT}/allow_exceed": True}, {(f"{PARENT}/allow_exceed", "exceeding-of-a-parent")}),
    ({f"{FUNCTION}/0/missing": "carry_over"}, {(f"{FUNCTION}/0/missing", "no-earlier-period")}),
    ({f"{FUNCTION}/1/missing": "carry_over"}, {(f"{FUNCTION}/1/missing", "no-earlier-period")}),
    (
        {f"{FUNCTION}/1/redistribute_to": "C01"},
        {(f"{FUNCTION}/1/redistribute_to", "always-applicable")},
    ),
    (
        MEAN | MAY | {f"{FUNCTION}/1/redistribute_to": "C03A"},
        {(f"{FUNCTION}/1/redistribute_to", "points-of-a-mean")},
    ),
    (
        {f"{FUNCTION}/0/params": RATIO},
        {
            (f"{FUNCTION}/0/params/when_target_zero", "parameter-unused"),
            (f"{FUNCTION}/0/params/no_over_target_when_lowered", "parameter-unused"),
        },
    ),
    ({f"{OTHERS}/3/params/extra_cap": 0}, {(f"{OTHERS}/3/params/extra_per_item",
                                            "parameter-unused")}),
    ({f"{OTHERS}/3/params/extra_per_item": 0}, {(f"{OTHERS}/3/params/extra_cap",
                                                 "parameter-unused")}),
    (
        {f"{FUNCTION}/0/method": "min_max", f"{FUNCTION}/0/params": {"bounds": "group",
                                                                     "clamp": False}},
        {(f"{FUNCTION}/0/params/clamp", "parameter-unused")},
    ),
    (scored_by("efficacy_linear", base_ratio="0.6", clamp=False), unused("clamp")),
    (scored_by("efficacy_exp", **FIXED | {"base_ratio": 1}), unused("clamp")),
    (scored_by("tiers", tiers=TIERS, interpolate=True), unused("interpolate")),
    (scored_by("tiers", tiers=TIERS[:1], interpolate=True), unused("interpolate")),
    (
        scored_by("steps_from", **FROM | {"reference": "best"}, bonus_per_step=1, cap_ratio=2),
        unused("bonus_per_step", "cap_ratio"),
    ),
    (scored_by("steps_from", **FROM, cap_ratio=2), unused("cap_ratio")),
    (
        scored_by("steps_from", **FROM | {"base_ratio": 1}, bonus_per_step=1),
        unused("bonus_per_step"),
    ),
    (
        {BY_POINTS: [{"from_points": 1000, "places": 4}, {"from_points": 0, "places": 5}]},
        {(f"{BY_POINTS}/0", "places-of-no-indicator")},
    ),
    (
        {f"{FUNCTION}/0/per_unit_params": {"X1": {"cap_ratio": "1.0"}}},
        {(f"{FUNCTION}/0/per_unit_params/X1", "overrides-nothing")},
    ),
    (
        expression("a", a=OWN, b=OWN, c={"from": "score", "indicator": "C02"}),
        {
            (f"{FUNCTION}/0/params/inputs/b", "input-not-named"),
            (f"{FUNCTION}/0/params/inputs/c", "input-not-named"),
        },
    ),
    (
        {f"{FUNCTION}/3/params/nodes": [{"item": "1", "name": "开工", "due": "2025-03-31"}]},
        {(f"{FUNCTION}/3/params/nodes/0/due", "parameter-unused")},
    ),
    ({"/surveys/1/option_names": {"satisfied": "满意", "happy": "高兴"}},
     {("/surveys/1/option_names/happy", "name-of-no-option")}),
    ({"/composition/bonus": False}, {("/adjustments/bonus/rules", "not-in-the-total")}),
    (
        {"/adjustments/deductions/order": "caps_then_highest"},
        {("/adjustments/deductions/order", "nothing-to-order")},
    ),
    (
        {"/adjustments/bonus/rules/0/special": {"units_to": "0.01"}},
        {("/adjustments/bonus/rules/0/special/units_to", "nobody-gains")},
    ),
    ({"/adjustments/bonus/rules/0/special": {"units_to": "1"}}, set()),
    ({"/adjustments/bonus/order": "caps_then_highest", "/adjustments/bonus/cap_total": 5}, set()),
    ({"/calendar/0": {"step": "s", "name": "步骤"}}, {("/calendar/0", "step-without-a-day")}),
    ({"/demotions/0/at_least": 2}, {("/demotions/0/at_least", "nothing-to-count")}),
    (
        {"/grades/tie_at_line": "all", "/grades/levels/0/rate": 1, "/grades/levels/1/rate": 1},
        {("/grades/tie_at_line", "no-quota")},
    ),
    (
        {"/grades/scope": "subcategory", "/grades/levels": []},
        {("/grades/scope", "no-quota")},
    ),
    ({"/categories/0/organiser": "X1"}, {("/categories/0/organiser", "organiser-assessed")}),
    (
        {"/grades/quota_base": "eligible", "/vetoes/items": [], f"{FUNCTION}/4/veto_link": "V01"},
        {("/grades/quota_base", "all-eligible")},
    ),
    (
        {"/grades/quota_base": "eligible", "/grades/levels": [COUNTED]},
        {("/grades/quota_base", "all-eligible")},
    ),
    (
        {"/ranking/tie_break/1": {"key": "fewer_deductions"}, **DROPPED},
        {
            ("/ranking/tie_break/1", "nothing-deducted"),
            ("/adjustments/deductions/rules", "not-in-the-total"),
        },
    ),
    (
        {"/ranking/previous_cycle": "00000000-0000-0000-0000-000000000009"},
        {("/ranking/previous_cycle", "no-key-of-last-year")},
    ),
    (
        {"/publication": {"public": {"grades": True, "coefficients": True}}},
        {("/publication/public/coefficients", "no-coefficients")},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "more"), WITHOUT)
def test_what_changes_nothing_is_named(stored, changes, more):
    assert found(stored(changes)) == USUAL | more


def test_a_survey_that_no_indicator_is_scored_by_is_named(stored):
    changes = {"/categories/1/blocks/1/indicators/0/params/survey": "phone"}
    assert found(stored(changes)) == USUAL | {("/surveys/1", "survey-not-scored")}


def test_who_reports_what_follows_from_scores_is_named(stored):
    changes = {
        "/demotions": [
            {"code": "E1", "effect": "not_excellent", "indicators": ["C01"],
             "score_ratio_below": "0.6", "responsible_units": ["B01"]},
            {"code": "E2", "effect": "not_excellent", "event": "accident",
             "responsible_units": ["B01"]},
        ]
    }  # fmt: skip
    more = {("/demotions/0/responsible_units", "nothing-to-report")}
    assert found(stored(changes)) == USUAL | more


def test_deductions_that_are_not_in_the_total_are_named(stored):
    assert found(stored(DROPPED)) == USUAL | {("/adjustments/deductions/rules", "not-in-the-total")}


QUARTERLY = {"periods": ["Q1", "Q2"], "weights": ["0.5", "0.5"]}
WITH = [
    {f"{FUNCTION}/1/compare_within": WITHIN, f"{FUNCTION}/6/compare_within": WITHIN},
    {f"{FUNCTION}/0/compare_within": WITHIN, f"{FUNCTION}/0/missing": "category_mean"},
    {f"{PARENT}/compare_within": WITHIN, f"{PARENT}/must_differentiate": True},
    {f"{PARENT}/compare_within": WITHIN, f"{PARENT}/missing": "category_mean"},
    {f"{PARENT}/missing": "zero"},
    {f"{PARENT}/missing": "subcategory_mean"},
    {f"{OTHERS}/0/params/at_most": {"A": "0.5"}, f"{OTHERS}/0/compare_within": WITHIN},
    expression("r", r=LENT) | {f"{FUNCTION}/0/compare_within": WITHIN},
    {f"{FUNCTION}/0/missing": "zero", f"{FUNCTION}/0/measure": "km"},
    {f"{FUNCTION}/6/missing": "carry_over"},
    {
        f"{FUNCTION}/0/method": "periodic_weighted",
        f"{FUNCTION}/0/params": QUARTERLY,
        f"{FUNCTION}/0/missing": "carry_over",
    },
    {
        f"{FUNCTION}/1/params/components/1/params/period": "quarter",
        f"{FUNCTION}/1/missing": "carry_over",
    },
    MAY | {f"{FUNCTION}/1/redistribute_to": "C01"},
    {f"{FUNCTION}/0/params": RATIO | {"direction": "higher", "cap_ratio": 2}},
    scored_by("efficacy_linear", **FIXED),
    scored_by("tiers", tiers=[TIERS[0], {"min": 5, "points": 1}], interpolate=True),
    scored_by("steps_from", **FROM, bonus_per_step=1),
    scored_by("steps_from", **FROM, bonus_per_step=1, cap_ratio=2),
    scored_by("share_of_sum", full_share="0.5", cap_ratio=2),
    {BY_POINTS: [{"from_points": 5, "places": 4}, {"from_points": 0, "places": 5}]},
    {
        f"{OTHERS}/3/params/extra_cap": 0,
        f"{OTHERS}/3/per_unit_params": {"X1": {"extra_cap": 1}},
    },
    {f"{FUNCTION}/0/per_unit_params": {"X1": {"cap_ratio": "1.1"}}},
    expression("a", gate="b > 1", a=OWN, b=OWN),
    expression("a", a=OWN, b=OWN) | {f"{FUNCTION}/0/per_unit_params": {"X1": {"formula": "a*b"}}},
    expression("a", a=OWN, b=OWN)
    | {
        f"{FUNCTION}/1/method": "all_or_nothing",
        f"{FUNCTION}/1/params": {
            "threshold": 1,
            "composite": {
                "inputs": {"x": {"from": "measured", "indicator": "C01", "key": "b"}},
                "formula": "x",
            },
        },
    },
    {"/demotions/1/at_least": 3},
    {"/grades/quota_base": "eligible", "/grades/tie_at_line": "all"},
    {"/ranking/tie_break/1": {"key": "fewer_deductions"}},
    {
        "/ranking/tie_break/1": {"key": "last_year_rank"},
        "/ranking/previous_cycle": "00000000-0000-0000-0000-000000000009",
    },
]


@pytest.mark.parametrize("changes", WITH)
def test_what_has_an_effect_is_not_named(stored, changes):
    assert found(stored(changes)) == USUAL


def test_it_is_named_in_both_languages(stored):
    for each in without_effect(stored()):
        assert each.en.isascii()
        assert each.en.endswith(".")
        assert each.zh.endswith("。")


async def test_whoever_saves_checks_or_publishes_a_scheme_is_told(office, cycle, document):
    """Planted bug: pointers into the scheme where the body has it below `scheme`."""
    body = {"scheme": document()}
    checked = (await office.post(f"{cycle}/scheme-checks", json=body)).json()
    saved = (await office.post(f"{cycle}/scheme-versions", json=body)).json()
    published = (await office.post(f"{cycle}/scheme-versions/1/publication")).json()
    for answer, at in ((checked, "/scheme"), (saved, "/scheme"), (published, "")):
        told = {(each["pointer"], each["code"]) for each in answer["without_effect"]}
        assert told == {(at + pointer, code) for pointer, code in USUAL}
        assert answer["without_effect_count"] == len(USUAL)


async def test_of_much_without_effect_a_hundred_are_named_and_all_are_counted(
    office, cycle, document
):
    """Planted bug: count what is shown."""
    steps = [{"step": f"s{n}", "name": "步骤"} for n in range(150)]
    body = {"scheme": document({"/calendar": steps})}
    answer = (await office.post(f"{cycle}/scheme-checks", json=body)).json()
    assert (len(answer["without_effect"]), answer["without_effect_count"]) == (100, 151)
