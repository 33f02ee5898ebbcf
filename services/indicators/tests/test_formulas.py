"""Inputs of formulas, what they are computed from, and parameters for one unit or period."""

import pytest

from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.methods.catalogue import method_params
from indicators.rules.publication import SchemeUnsound, check_sound
from indicators.rules.sums import sum_faults

FUNCTION = "/categories/0/blocks/0/indicators"
DEPT = "/categories/1/blocks/0/indicators"


def faults_of(scheme):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme)
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


def expression(formula="x", **inputs):
    return {"inputs": inputs, "formula": formula, "result": "points"}


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ({}, {("/inputs/x/from", "missing-parameter")}),
        ({"from": "internet"}, {("/inputs/x/from", "not-one-of")}),
        ({"from": "constant"}, {("/inputs/x/value", "input-needs")}),
        ({"from": "score"}, {("/inputs/x/indicator", "input-needs")}),
        ({"from": "rank", "indicator": "C 1"}, {("/inputs/x/indicator", "not-a-code")}),
        ({"from": "rank", "indicator": "C01", "key": "k"}, {("/inputs/x/key", "input-unused")}),
        ({"from": "measured", "value": 1}, {("/inputs/x/value", "input-unused")}),
        (
            {"from": "constant", "value": 1, "indicator": "C01"},
            {("/inputs/x/indicator", "input-unused")},
        ),
        ({"from": "measured", "unit": "%"}, {("/inputs/x/unit", "unknown-parameter")}),
    ],
)
def test_an_input_says_just_what_its_source_needs(source, faults):
    found = []
    method_params("expression", expression(x=source), "", found)
    assert {(fault.pointer, fault.code) for fault in found} == faults


@pytest.mark.parametrize(
    ("params", "faults"),
    [
        (expression(), {("/inputs", "no-input")}),
        (expression("1", **{"x y": {"from": "measured"}}), {("/inputs/x y", "not-a-name")}),
        (expression("1", min={"from": "measured"}), {("/inputs/min", "not-a-name")}),
        (expression("y", x={"from": "measured"}), {("/formula", "unknown-name")}),
        (expression(7, x={"from": "measured"}), {("/formula", "not-a-formula")}),
        (
            expression(x={"from": "measured"}) | {"gate": "x", "low": 2, "cap": 1},
            {("/gate", "not-a-comparison"), ("/cap", "bounds-reversed")},
        ),
        (expression(x={"from": "measured"}) | {"result": "grade"}, {("/result", "not-one-of")}),
    ],
)
def test_a_faulty_formula_is_refused_with_its_place(params, faults):
    found = []
    method_params("expression", params, "", found)
    assert {(fault.pointer, fault.code) for fault in found} == faults


STEPS = {"direction": "higher", "step": 1, "points_per_step": 1, "step_mode": "proportional"}
COMPOSITES = {
    "relative_to_best": {},
    "rank_points": {"step_ratio": "0.1"},
    "efficacy_linear": {"base_ratio": "0.6"},
    "efficacy_exp": {"base_ratio": "0.6"},
    "min_max": {"bounds": "group"},
    "z_score": {},
    "percentile_rank": {},
    "steps_from": STEPS | {"reference": "baseline"},
    "share_of_sum": {},
    "tiers": {"tiers": [{"min": 1, "points": 1}]},
    "all_or_nothing": {"threshold": 1},
}


def composite(formula="x", **inputs):
    return {"composite": {"inputs": inputs, "formula": formula}}


@pytest.mark.parametrize("method", COMPOSITES)
@pytest.mark.parametrize(
    ("params", "faults"),
    [
        (composite(x={"from": "measured"}), set()),
        (composite(), {("/composite/inputs", "no-input")}),
        (composite("y", x={"from": "measured"}), {("/composite/formula", "unknown-name")}),
        (composite("x >= 1", x={"from": "measured"}), {("/composite/formula", "not-a-value")}),
        (composite(x={"from": "constant"}), {("/composite/inputs/x/value", "input-needs")}),
        ({"composite": {"formula": "1"}}, {("/composite/inputs", "missing-parameter")}),
        (
            {"composite": composite(x={"from": "measured"})["composite"] | {"gate": "x > 1"}},
            {("/composite/gate", "unknown-parameter")},
        ),
        ({"composite": "x"}, {("/composite", "not-an-object")}),
    ],
)
def test_a_composite_is_checked_as_a_formula_is(method, params, faults):
    found = []
    method_params(method, COMPOSITES[method] | params, "", found)
    assert {(fault.pointer, fault.code) for fault in found} == faults


@pytest.mark.parametrize("method", ["tiers", "all_or_nothing"])
def test_a_value_that_is_computed_is_not_entered_under_a_name(method):
    found, named = [], {"input": "rate"} | composite(x={"from": "measured"})
    method_params(method, COMPOSITES[method] | named, "", found)
    assert [(fault.pointer, fault.code) for fault in found] == [("/input", "input-unused")]


@pytest.mark.parametrize("method", COMPOSITES)
@pytest.mark.parametrize("whole", ["blend", "periodic_weighted"])
def test_a_component_has_no_composite(method, whole):
    """Its value is entered under its own key, and for its period."""
    part = {
        "method": method,
        "params": COMPOSITES[method] | composite(x={"from": "measured"}),
    }
    params, at = {"components": [{"key": "k", "weight": 1} | part]}, "/components/0/params"
    if whole == "periodic_weighted":
        params, at = {"periods": ["FY"], "weights": [1], "component": part}, "/component/params"
    found = []
    method_params(whole, params, "", found)
    assert [(f.pointer, f.code) for f in found] == [(f"{at}/composite", "not-in-a-component")]


def of(place, *codes, source="score"):
    """Return what makes the indicator at `place` a formula over the results of `codes`."""
    inputs = {f"x{i}": {"from": source, "indicator": code} for i, code in enumerate(codes)}
    formula = expression(" + ".join(inputs), **inputs)
    return {f"{place}/method": "expression", f"{place}/params": formula}


def compared(place, **inputs):
    """Return what makes the indicator at `place` a comparison of a composite."""
    return {
        f"{place}/method": "relative_to_best",
        f"{place}/params": composite(" + ".join(inputs), **inputs),
    }


@pytest.mark.parametrize("source", ["score", "rank"])
def test_a_formula_may_rest_on_other_results_of_its_category(stored, source):
    stored(of(f"{FUNCTION}/0", "C03", "C03A", "C09", source=source))


@pytest.mark.parametrize("code", ["C99", "D01"])
def test_a_formula_on_an_indicator_its_category_lacks_is_refused(scheme, code):
    """Planted bug: look for the indicator in the whole scheme."""
    assert faults_of(scheme(of(f"{FUNCTION}/0", "C02", code))) == {
        (f"{FUNCTION}/0/params/inputs/x1/indicator", "unknown-indicator")
    }


@pytest.mark.parametrize(
    ("changes", "at", "circle"),
    [
        (of(f"{FUNCTION}/0", "C01"), "0", "C01 → C01"),
        (of(f"{FUNCTION}/0", "C02") | of(f"{FUNCTION}/1", "C01"), "0", "C01 → C02 → C01"),
        (
            of(f"{FUNCTION}/0", "C02")
            | of(f"{FUNCTION}/1", "C05", "C04", source="rank")
            | of(f"{FUNCTION}/3", "C01"),
            "0",
            "C01 → C02 → C04 → C01",
        ),
        (of(f"{FUNCTION}/2/children/0", "C03"), "2", "C03 → C03A → C03"),
        (
            of(f"{FUNCTION}/0", "C03") | of(f"{FUNCTION}/2/children/1", "C01", source="rank"),
            "0",
            "C01 → C03 → C03B → C01",
        ),
    ],
)
def test_scores_that_rest_on_one_another_are_refused_and_named(scheme, changes, at, circle):
    """Planted bugs: follow formulas only, not from a parent to its children; ranks not at all."""
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme(changes), at="/scheme")
    ((fault),) = refused.value.faults
    assert (fault.pointer, fault.code) == (f"/scheme{FUNCTION}/{at}", "score-circle")
    assert circle in fault.en
    assert circle in fault.zh


def test_two_circles_are_two_faults(scheme):
    changes = of(f"{FUNCTION}/0", "C01") | of(f"{DEPT}/0", "D02") | of(f"{DEPT}/1", "D01")
    assert faults_of(scheme(changes)) == {
        (f"{FUNCTION}/0", "score-circle"),
        (f"{DEPT}/0", "score-circle"),
    }


@pytest.mark.parametrize("source", ["score", "rank"])
def test_a_circle_through_a_composite_is_found(scheme, source):
    """Planted bug: look for results in `expression` only."""
    changes = compared(f"{FUNCTION}/0", x={"from": source, "indicator": "C02"})
    assert faults_of(scheme(changes | of(f"{FUNCTION}/1", "C01"))) == {
        (f"{FUNCTION}/0", "score-circle")
    }


def test_what_is_entered_makes_no_circle(stored):
    """Planted bug: take every indicator that an input names for one that is computed before."""
    stored(
        compared(f"{FUNCTION}/0", x={"from": "measured", "indicator": "C08", "key": "actual"})
        | compared(
            f"{FUNCTION}/1",
            x={"from": "score", "indicator": "C01"},
            y={"from": "measured", "indicator": "C08", "key": "actual"},
        )
    )
    stored(
        compared(f"{FUNCTION}/0", y={"from": "measured"}, x={"from": "target", "indicator": "C04"})
        | compared(f"{FUNCTION}/3", x={"from": "measured", "indicator": "C01", "key": "y"})
    )


def test_of_items_that_units_set_themselves_one_has_to_be_named(scheme, stored):
    """Planted bug: any item allowed, and so none as well."""
    itemised = {f"{FUNCTION}/5/params": {"items": "unit_defined"}}
    source = {"from": "target", "indicator": "C06"}
    at = f"{FUNCTION}/0/params/composite/inputs/x/key"

    assert faults_of(scheme(compared(f"{FUNCTION}/0", x=source) | itemised)) == {
        (at, "unknown-item")
    }
    stored(compared(f"{FUNCTION}/0", x=source | {"key": "道路"}) | itemised)


READ = {
    "a key": ({"key": "actual", "indicator": "C08"}, None),
    "named as the input": ({"indicator": "C03B"}, ("key", "unknown-key")),
    "another name": ({"key": "level", "indicator": "C03B"}, ("key", "unknown-key")),
    "a component": ({"key": "growth", "indicator": "C02"}, None),
    "a name that the scheme gives": ({"key": "value", "indicator": "C12"}, None),
    "a count": ({"key": "count", "indicator": "C13"}, None),
    "of items": ({"key": "actual", "indicator": "C06"}, ("key", "unknown-key")),
    "of quarters": ({"key": "value", "indicator": "C07"}, ("indicator", "other-periods")),
    "a grade": ({"key": "grade", "indicator": "C10"}, ("key", "unknown-key")),
    "a survey": ({"key": "value", "indicator": "C09"}, ("key", "unknown-key")),
    "its children's": ({"key": "actual", "indicator": "C03"}, ("indicator", "takes-no-entries")),
    "a child's": ({"key": "actual", "indicator": "C03A"}, None),
    "its own": ({"indicator": "C01"}, ("indicator", "own-indicator")),
    "of another category": (
        {"key": "value", "indicator": "D01"},
        ("indicator", "unknown-indicator"),
    ),
    "of nobody": ({"key": "value", "indicator": "C99"}, ("indicator", "unknown-indicator")),
    "a target": ({"from": "target", "indicator": "C08"}, None),
    "a baseline": ({"from": "baseline", "indicator": "C08"}, None),
    "an item": ({"from": "target", "indicator": "C06", "key": "3"}, None),
    "no such item": ({"from": "pledge", "indicator": "C06", "key": "4"}, ("key", "unknown-item")),
    "the whole of items": ({"from": "target", "indicator": "C06"}, ("key", "unknown-item")),
    "a component's": ({"from": "target", "indicator": "C02", "key": "growth"}, None),
    "no item": ({"from": "target", "indicator": "C08", "key": "1"}, ("key", "unknown-item")),
    "of children": ({"from": "target", "indicator": "C03"}, ("indicator", "takes-no-entries")),
}


@pytest.mark.parametrize("case", READ)
@pytest.mark.parametrize("where", ["expression", "composite"])
def test_what_is_entered_for_another_indicator_is_read_only_where_it_is(scheme, where, case):
    """Planted bugs: no look at the key; the whole scheme in the place of the category."""
    source, fault = READ[case]
    inputs = {"x": {"from": "measured"} | source, "own": {"from": "measured"}}
    made, at = compared(f"{FUNCTION}/0", **inputs), "params/composite/inputs/x"
    if where == "expression":
        params = expression("x + own", **inputs)
        made, at = (
            {f"{FUNCTION}/0/method": where, f"{FUNCTION}/0/params": params},
            "params/inputs/x",
        )

    if fault is None:
        complete(scheme(made))
    else:
        assert faults_of(scheme(made)) == {(f"{FUNCTION}/0/{at}/{fault[0]}", fault[1])}


def test_what_a_formula_reads_elsewhere_is_entered_there_and_not_lent_on(scheme):
    changes = compared(
        f"{FUNCTION}/0", x={"from": "measured", "indicator": "C08", "key": "actual"}
    ) | compared(f"{FUNCTION}/1", x={"from": "measured", "indicator": "C01", "key": "actual"})
    assert faults_of(scheme(changes)) == {
        (f"{FUNCTION}/1/params/composite/inputs/x/key", "unknown-key")
    }


def test_by_quarters_a_composite_reads_what_is_entered_by_quarters(scheme):
    """C07 is ranked every quarter; C08 is entered in any period."""
    ranked = {
        f"{FUNCTION}/0/method": "rank_points",
        f"{FUNCTION}/0/params": {"step_ratio": "0.1", "period": "quarter"}
        | composite(
            "x + y",
            x={"from": "measured", "indicator": "C07", "key": "value"},
            y={"from": "measured", "indicator": "C08", "key": "actual"},
        ),
    }
    complete(scheme(ranked))
    monthly = {f"{FUNCTION}/0/params/period": "month"}
    assert faults_of(scheme(ranked | monthly)) == {
        (f"{FUNCTION}/0/params/composite/inputs/x/indicator", "other-periods")
    }


def test_what_two_formulas_share_is_no_circle(stored):
    """Planted bug: take every second visit for a circle."""
    stored(
        of(f"{FUNCTION}/0", "C02", "C04")
        | of(f"{FUNCTION}/1", "C05")
        | of(f"{FUNCTION}/3", "C05", "C02")
    )


WENZHOU = expression(
    "(rate + (growth - plan) * 1.5) * difficulty",
    rate={"from": "measured"},
    growth={"from": "measured"},
    plan={"from": "target", "key": "gdp"},
    difficulty={"from": "constant", "value": 1},
)


def test_a_unit_may_have_a_difficulty_of_its_own(stored):
    """Planted bug: put the override in the place of all inputs, instead of over them."""
    own = {"X1": {"inputs": {"difficulty": {"value": "1.350"}}}, "X2": {"gate": "growth >= 42"}}
    indicator = (
        stored(
            {
                f"{FUNCTION}/0/method": "expression",
                f"{FUNCTION}/0/params": WENZHOU,
                f"{FUNCTION}/0/per_unit_params": own,
            }
        )
        .categories[0]
        .blocks[0]
        .indicators[0]
    )
    inputs = indicator.params["inputs"]
    difficulty = inputs["difficulty"] | {"value": "1.35"}
    assert indicator.per_unit_params == {
        "X1": {"inputs": inputs | {"difficulty": difficulty}},
        "X2": {"gate": "growth >= 42"},
    }


def difficult(**inputs):
    """Return a comparison of a composite with a constant for every unit."""
    made = {"x": {"from": "measured"}, "difficulty": {"from": "constant", "value": 1}} | inputs
    return {
        f"{FUNCTION}/0/method": "rank_points",
        f"{FUNCTION}/0/params": {"step_ratio": "0.1", "period": "quarter"}
        | composite("x * difficulty", **made),
    }


def test_a_unit_may_have_constants_of_its_own_in_a_composite(stored):
    own = {"X1": {"composite": {"inputs": {"difficulty": {"value": "1.350"}}}}}
    scheme = stored(difficult() | {f"{FUNCTION}/0/per_unit_params": own})
    indicator = scheme.categories[0].blocks[0].indicators[0]
    whole = indicator.params["composite"]
    difficulty = whole["inputs"]["difficulty"] | {"value": "1.35"}
    assert indicator.per_unit_params == {
        "X1": {"composite": whole | {"inputs": whole["inputs"] | {"difficulty": difficulty}}}
    }


@pytest.mark.parametrize(
    ("own", "fault"),
    [
        ({"formula": "x"}, ("/composite", "not-overridable")),
        (None, ("/composite", "not-overridable")),
        ({"inputs": {"x": {"key": "y"}}}, ("/composite", "not-overridable")),
        (
            {"inputs": {"x": {"indicator": "C08", "key": "actual"}}},
            ("/composite", "not-overridable"),
        ),
        ({"inputs": {"x": {"from": "target", "key": None}}}, ("/composite", "not-overridable")),
        ({"inputs": {"y": {"from": "constant", "value": 2}}}, ("/composite", "not-overridable")),
        (
            {"inputs": {"difficulty": {"value": None}}},
            ("/composite/inputs/difficulty/value", "input-needs"),
        ),
    ],
)
def test_of_a_composite_nothing_but_constants_differs_by_unit(scheme, own, fault):
    """Planted bug: a `fixed` without the formula."""
    changes = difficult() | {f"{FUNCTION}/0/per_unit_params": {"X1": {"composite": own}}}
    at = f"{FUNCTION}/0/per_unit_params/X1"
    assert faults_of(scheme(changes)) == {(f"{at}{fault[0]}", fault[1])}


@pytest.mark.parametrize("method", COMPOSITES)
def test_no_unit_has_another_formula_by_any_method(scheme, method):
    """Planted bug: a method whose own `fixed` forgets the composite."""
    changes = {
        f"{FUNCTION}/0/method": method,
        f"{FUNCTION}/0/params": COMPOSITES[method] | composite(x={"from": "measured"}),
        f"{FUNCTION}/0/per_unit_params": {"X1": {"composite": {"formula": "x * 2"}}},
    }
    at = f"{FUNCTION}/0/per_unit_params/X1/composite"
    assert faults_of(scheme(changes)) == {(at, "not-overridable")}


def test_the_constants_of_a_composite_do_not_differ_by_period(scheme):
    """They would lie over those of every unit."""
    own = {"Q1": {"composite": {"inputs": {"difficulty": {"value": 2}}}}}
    changes = difficult() | {f"{FUNCTION}/0/period_params": own}
    at = f"{FUNCTION}/0/period_params/Q1/composite"
    assert faults_of(scheme(changes)) == {(at, "not-overridable")}


def test_what_is_overridden_can_be_sent_again(stored, schemes):
    changes = {
        f"{FUNCTION}/6/per_unit_params": {"X1": {"step_ratio": "0.10"}},
        f"{FUNCTION}/6/period_params": {"Q1": {"step_ratio": None, "table": {"1": 5, "2": 3}}},
    }
    once = stored(changes)
    again = complete(schemes.validate_python(schemes.dump_python(once, mode="json")))
    assert again == once
    ranked = once.categories[0].blocks[0].indicators[6]
    assert ranked.per_unit_params == {"X1": {"step_ratio": "0.1"}}
    assert ranked.period_params == {"Q1": {"step_ratio": None, "table": {"1": "5", "2": "3"}}}


PIECES = {"full_at": 8, "per_item": 1, "distinct": True}
SET = {"status_ratio": {"A": 1}, "nodes": [{"item": "1", "name": "开工"}]}
GRADED = {"grades": {"A": 1, "B": "0.9"}, "at_most": {"A": "0.3"}}
PERIODIC = {
    "periods": ["H1", "FY"],
    "weights": ["0.4", "0.6"],
    "component": {"method": "ratio_to_target", "params": {"direction": "higher"}},
}


def percentiles(direction, **more):
    params = {"direction": direction} | more
    part = {"key": "k", "weight": 1, "method": "percentile_rank", "params": params}
    return {"components": [part]}


def superior(direction):
    otherwise = {"method": "percentile_rank", "params": {"direction": direction}}
    loss = {"scale": 1, "multiplier": 1, "excess_to": "dropped"}
    return {"otherwise": otherwise} | (loss if direction == "higher" else {})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"0/per_unit_params": {"D1": {"cap_ratio": 1}}}, ("D1", "other-category")),
        ({"0/per_unit_params": {"X1": {"cap_ratio": 99}}}, ("X1/cap_ratio", "out-of-range")),
        ({"0/per_unit_params": {"X1": {"cap": 1}}}, ("X1/cap", "unknown-parameter")),
        (
            {"0/per_unit_params": {"X1": {"over_target": {"points": -1}}}},
            ("X1/over_target/points", "out-of-range"),
        ),
        (
            {"0/per_unit_params": {"X1": {"cap_ratio": "0.5"}}},
            ("X1/floor_ratio", "floor-above-cap"),
        ),
        (
            {"0/per_unit_params": {"X1": {"direction": "lower"}}},
            ("X1/direction", "not-overridable"),
        ),
        ({"6/per_unit_params": {"X1": {"rank_by": "lower"}}}, ("X1/rank_by", "not-overridable")),
        ({"5/per_unit_params": {"X1": {"items": 4}}}, ("X1/items", "not-overridable")),
        (
            {"2/children/1/per_unit_params": {"X1": {"input": "days"}}},
            ("X1/input", "not-overridable"),
        ),
        *(
            (
                {
                    "0/method": method,
                    "0/params": params,
                    "0/per_unit_params": {"X1": own},
                },
                (f"X1/{next(iter(own))}", "not-overridable"),
            )
            for method, params, own in (
                ("count_points", PIECES, {"distinct": False}),
                ("count_points", PIECES, {"when_shared": "each"}),
                ("grade_map", GRADED, {"at_most": {"A": "0.4"}}),
                ("grade_map", GRADED, {"rounding": "ceiling"}),
                ("milestone", SET, {"nodes": [{"item": "2", "name": "开工"}]}),
                ("milestone", SET, {"ordered": True}),
                ("percentile_rank", {}, {"ties": "low"}),
                ("z_score", {}, {"direction": "lower"}),
                ("z_score", {}, {"deviation": "sample"}),
                ("steps_from", STEPS | {"reference": "mean"}, {"reference": "median"}),
                ("steps_from", STEPS | {"reference": "mean"}, {"direction": "lower"}),
                # within another method too: the order of all units is one
                ("blend", percentiles("higher"), percentiles("lower")),
                ("blend", percentiles("higher"), percentiles("higher", ties="low")),
                ("inherit_superior", superior("higher"), superior("lower")),
            )
        ),
        ({"2/per_unit_params": {"X1": {"extra_cap": 4}}}, ("X1/extra_cap", "not-overridable")),
        (
            {
                "2/method": "mean_children",
                "2/params": {"kind": "geometric"},
                "2/per_unit_params": {"X1": {"kind": "harmonic"}},
            },
            ("X1/kind", "not-overridable"),
        ),
        ({"0/period_params": {"Q1": {"cap_ratio": 1}}}, ("Q1", "unknown-period")),
        ({"6/period_params": {"H1": {"step_ratio": 1}}}, ("H1", "unknown-period")),
        ({"6/period_params": {"Q1": {"step_ratio": 2}}}, ("Q1/step_ratio", "out-of-range")),
        ({"6/period_params": {"Q1": {"period": None}}}, ("Q1/period", "not-overridable")),
        (
            {
                "0/method": "periodic_weighted",
                "0/params": PERIODIC,
                "0/period_params": {"H1": {"weights": ["0.5", "0.5"]}},
            },
            ("H1/weights", "not-overridable"),
        ),
        (
            {
                "0/method": "periodic_weighted",
                "0/params": PERIODIC,
                "0/period_params": {"H1": {"component": {"params": {"cap_ratio": 0}}}},
            },
            ("H1/component/params/cap_ratio", "out-of-range"),
        ),
        (
            {
                "0/method": "periodic_weighted",
                "0/params": PERIODIC,
                "0/period_params": {"H1": {"component": {"params": {"direction": "lower"}}}},
            },
            ("H1/component", "not-overridable"),
        ),
        (
            {
                "0/method": "periodic_weighted",
                "0/params": PERIODIC | {"component": None},
                "0/period_params": {"H1": {"weights": ["0.4", "0.6"]}},
            },
            ("H1", "unknown-period"),
        ),
    ],
)
def test_a_faulty_override_is_refused_where_it_stands(scheme, changes, fault):
    """Planted bugs: check the override alone; let an override change what is entered."""
    ((overrides, _),) = [
        (at, v) for at, v in changes.items() if at.endswith(("unit_params", "iod_params"))
    ]
    changed = {f"{FUNCTION}/{at}": value for at, value in changes.items()}
    assert faults_of(scheme(changed)) == {(f"{FUNCTION}/{overrides}/{fault[0]}", fault[1])}


def test_a_decision_table_may_change_by_period(stored):
    changes = {
        f"{FUNCTION}/0/method": "periodic_weighted",
        f"{FUNCTION}/0/params": PERIODIC,
        f"{FUNCTION}/0/period_params": {"H1": {"component": {"params": {"cap_ratio": "1.50"}}}},
    }
    indicator = stored(changes).categories[0].blocks[0].indicators[0]
    whole = indicator.params["component"]
    assert indicator.period_params == {
        "H1": {"component": whole | {"params": whole["params"] | {"cap_ratio": "1.5"}}}
    }


MEAN = {f"{FUNCTION}/2/method": "mean_children", f"{FUNCTION}/2/params": {"kind": "geometric"}}


def test_the_children_of_a_mean_need_not_sum(stored):
    """Planted bug: exempt the block of the mean as well as the mean."""
    scheme = stored(MEAN | {f"{FUNCTION}/2/children/0/points": 99})
    assert list(sum_faults(scheme)) == []
    off = stored(MEAN | {f"{FUNCTION}/2/points": 11})
    assert [fault.pointer for fault in sum_faults(off)] == ["/categories/0/blocks/0"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (MEAN | {f"{FUNCTION}/2/children": []}, ("children", "children-missing")),
        (
            MEAN | {f"{FUNCTION}/2/params/weights": {"C03A": 1}},
            ("params/weights", "weights-of-children"),
        ),
        (
            MEAN | {f"{FUNCTION}/2/params/weights": {"C03A": "0.4", "C03": "0.6"}},
            ("params/weights", "weights-of-children"),
        ),
    ],
)
def test_a_mean_weighs_its_children_and_nothing_else(scheme, changes, fault):
    changes = {at: dict(v) if isinstance(v, dict) else v for at, v in changes.items()}
    assert faults_of(scheme(changes)) == {(f"{FUNCTION}/2/{fault[0]}", fault[1])}


def test_a_scheme_of_before_has_the_defaults(stored):
    """Planted bug: another default, which would change what published schemes mean."""
    scheme = stored()
    indicator = scheme.categories[0].blocks[0].indicators[0]
    assert (indicator.clause, indicator.missing, indicator.precision) == (None, "refuse", None)
    assert (indicator.per_unit_params, indicator.period_params) == ({}, {})
    assert indicator.must_differentiate is False
    assert scheme.ranking.incomplete == "refuse"
    assert scheme.rounding.by_points == ()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({f"{FUNCTION}/0/precision": 16}, (f"{FUNCTION}/0/precision", "out-of-range")),
        ({f"{FUNCTION}/0/clause": "第\u0007条"}, (f"{FUNCTION}/0/clause", "unclean-text")),
    ],
)
def test_a_faulty_field_of_an_indicator_is_refused(scheme, changes, fault):
    assert faults_of(scheme(changes)) == {fault}


def test_a_circle_stops_the_saving_and_not_only_the_publication(stored, scheme):
    with pytest.raises(SchemeFaulty):
        complete(scheme(of(f"{FUNCTION}/0", "C01")))
    with pytest.raises(SchemeUnsound):
        check_sound(stored({"/categories/0/total": 99}), {})
