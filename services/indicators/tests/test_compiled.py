"""What a method takes and reads, and what a whole scheme comes to when it is compiled.

Planted bugs: a method that says it looks at one unit alone and compares; keys that are forgotten; a
child computed after its parent; what others read of an indicator not asked for; the order of
parameters in the digest.
"""

import datetime as dt
import json
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from chassis import journal
from indicators.rules import compiled
from indicators.rules.compiled import CompiledScheme, CompiledTooLarge, compile_scheme
from indicators.rules.expressions import DEEPEST, Operation, tree_of
from indicators.rules.forms import ANY_PERIOD, EntryForm, NodeForm, lending
from indicators.rules.methods.catalogue import METHODS
from indicators.rules.methods.method import Reads, ScoringMethod
from indicators.rules.methods.parameters import read

FUNCTION = "/categories/0/blocks/0/indicators"
FORMS = TypeAdapter(CompiledScheme)
QUARTERS, MONTHS = ("Q1", "Q2", "Q3", "Q4"), tuple(f"-{n:02}" for n in range(1, 13))


def values(*keys, **more):
    return EntryForm("measured_value", keys=keys, **more)


def computed(**inputs):
    return {"composite": {"inputs": inputs, "formula": " + ".join(inputs)}}


def formula(text, **inputs):
    return {"inputs": inputs, "formula": text, "result": "points"}


OWN, ELSEWHERE = {"from": "measured"}, {"from": "measured", "indicator": "B", "key": "k"}
EFFICACY = {"base_ratio": "0.6"}
STEPS = {"direction": "lower", "step": 1, "points_per_step": 1, "step_mode": "whole_up"}
PART = {"weight": 1, "method": "rank_points"}
ALONE, AMONG = False, True
NONE = ()

# What each method takes, whether it compares, and by which keys others may read what is entered.
ASKED = [
    ("ratio_to_target", {"direction": "higher"}, values("actual"), ALONE, {"actual": ANY_PERIOD}),
    (
        "stepped_deduction",
        STEPS,
        values("actual"),
        ALONE,
        {"actual": ANY_PERIOD},
    ),
    (
        "baseline_growth",
        {"base_ratio": "0.8", "step_pct": 5, "points_per_step": "0.2"},
        values("actual"),
        ALONE,
        {"actual": ANY_PERIOD},
    ),
    (
        "pledge",
        {"bonus_coef": 0, "deduct_coef": 0},
        values("actual"),
        ALONE,
        {"actual": ANY_PERIOD},
    ),
    (
        "tiers",
        {"input": "rate", "tiers": [{"min": 1, "points": 1}]},
        values("rate"),
        ALONE,
        {"rate": ANY_PERIOD},
    ),
    ("all_or_nothing", {"threshold": 5}, values("value"), ALONE, {"value": ANY_PERIOD}),
    (
        "all_or_nothing",
        {"threshold": 5, **computed(a=OWN, b=ELSEWHERE)},
        values("a"),
        ALONE,
        {"a": ("",)},
    ),
    ("all_or_nothing", {"threshold": 5, **computed(b=ELSEWHERE)}, None, ALONE, {}),
    ("rank_points", {"step_ratio": "0.1"}, values("value"), AMONG, {"value": ("",)}),
    (
        "rank_points",
        {"step_ratio": "0.1", "minimum_volume": 9, "period": "month"},
        values("value", "volume", endings=MONTHS),
        AMONG,
        {"value": MONTHS, "volume": MONTHS},
    ),
    (
        "rank_points",
        {"step_ratio": "0.1", "minimum_volume": 9, "period": "quarter", **computed(b=ELSEWHERE)},
        values("volume", endings=QUARTERS),
        AMONG,
        {"volume": QUARTERS},
    ),
    ("relative_to_best", {}, values("value"), AMONG, {"value": ANY_PERIOD}),
    ("efficacy_linear", EFFICACY, values("value"), AMONG, {"value": ANY_PERIOD}),
    (
        "efficacy_linear",
        EFFICACY | {"bounds": "fixed", "low": 0, "high": 9},
        values("value"),
        ALONE,
        {"value": ANY_PERIOD},
    ),
    ("efficacy_exp", EFFICACY, values("value"), AMONG, {"value": ANY_PERIOD}),
    ("min_max", {"bounds": "group"}, values("value"), AMONG, {"value": ANY_PERIOD}),
    (
        "min_max",
        {"bounds": "goalposts", "low": 0, "high": 9},
        values("value"),
        ALONE,
        {"value": ANY_PERIOD},
    ),
    ("z_score", {}, values("value"), AMONG, {"value": ANY_PERIOD}),
    ("percentile_rank", {}, values("value"), AMONG, {"value": ANY_PERIOD}),
    ("steps_from", STEPS | {"reference": "mean"}, values("value"), AMONG, {"value": ANY_PERIOD}),
    (
        "steps_from",
        STEPS | {"reference": "baseline"},
        values("value"),
        ALONE,
        {"value": ANY_PERIOD},
    ),
    ("share_of_sum", {}, values("value"), AMONG, {"value": ANY_PERIOD}),
    (
        "blend",
        {
            "components": [
                {"key": "level", "weight": "0.5", "method": "tiers", "params": {"tiers": [
                    {"min": 1, "points": 1}]}},
                {"key": "growth", "weight": "0.5", "method": "rank_points",
                 "params": {"step_ratio": "0.1", "period": "quarter"}},
            ]
        },
        values("level", "growth", endings_of_key={"level": ("",), "growth": QUARTERS}),
        AMONG,
        {"level": ANY_PERIOD, "growth": ANY_PERIOD},
    ),
    (
        "blend",
        {"components": [{"key": "a", "weight": 1, "method": "ratio_to_target",
                         "params": {"direction": "higher"}}]},
        values("a", endings_of_key={"a": ("",)}),
        ALONE,
        {"a": ANY_PERIOD},
    ),
    (
        "periodic_weighted",
        {"periods": ["Q2", "FY"], "weights": ["0.5", "0.5"]},
        values("ratio", endings=("Q2", ""), low=Decimal(0)),
        ALONE,
        {"ratio": ("Q2", "")},
    ),
    (
        "periodic_weighted",
        {"periods": ["H1"], "weights": [1], "component": {"method": "z_score", "params": {}}},
        values("value", endings=("H1",)),
        AMONG,
        {"value": ("H1",)},
    ),
    (
        "expression",
        formula("x + y * 2", x=OWN, y=ELSEWHERE, unnamed=OWN),
        values("x"),
        ALONE,
        {"x": ("",), "unnamed": ("",)},
    ),
    ("expression", formula("y", y=ELSEWHERE), None, ALONE, {}),
    (
        "expression",
        formula("y", y=ELSEWHERE, x=OWN) | {"gate": "x > 1"},
        values("x"),
        ALONE,
        {"x": ("",)},
    ),
    (
        "milestone",
        {"status_ratio": {"on_time": 1, "late": 0}},
        EntryForm("milestone", any_item=True, words=("late", "on_time"), endings=ANY_PERIOD),
        ALONE,
        {},
    ),
    (
        "milestone",
        {
            "status_ratio": {"on_time": 1, "late": "0.5", "open": 0},
            "nodes": [
                {"item": "b", "name": "started", "due": "2025-03-31"},
                {
                    "item": "a",
                    "name": "dredged",
                    "due": "2025-11-30",
                    "season": {"opens": "2025-10-01", "closes": "2025-12-31"},
                    "evidence": True,
                },
            ],
            "by_day": {"on_time": "on_time", "late": "late"},
        },
        EntryForm(
            "milestone", items=("b", "a"), words=("open",), endings=ANY_PERIOD, valued=False,
            nodes=(
                NodeForm("b", "started", date(2025, 3, 31)),
                NodeForm(
                    "a", "dredged", date(2025, 11, 30), date(2025, 10, 1), date(2025, 12, 31),
                    noted=True,
                ),
            ),
            by_day=True,
        ),
        ALONE,
        {},
    ),
    ("count_points", {"full_at": 8, "per_item": 1}, values("count"), ALONE, {"count": ANY_PERIOD}),
    (
        "count_points",
        {"full_at": 8, "per_item": 1, "distinct": True},
        values(
            "count", "zero_report", any_item=True, endings=ANY_PERIOD, low=Decimal(1),
            high=Decimal(1),
        ),
        AMONG,
        {},
    ),
    (
        "deduct_events",
        {"per_event": {"fraud": 1, "delay": 0}, "by": "discovered"},
        EntryForm(
            "event", keys=("delay", "fraud", "zero_report"), endings=ANY_PERIOD,
            dated="discovered", low=Decimal(0), whole=True,
        ),
        ALONE,
        {},
    ),
    (
        "base_plus_minus",
        {"base": 1, "per_event": {"praise": 1}},
        EntryForm(
            "event", keys=("praise", "zero_report"), endings=ANY_PERIOD, dated="occurred",
            low=Decimal(0), whole=True,
        ),
        ALONE,
        {},
    ),
    (
        "qualitative_panel",
        {"panel_size": 3, "scale": 10, "comment_at_extremes": {"low": 2, "high": 9},
         "min_marks": 2},
        EntryForm(
            "panel_mark", items=("1", "2", "3"), low=Decimal(0), high=Decimal(10),
            comment_low=Decimal(2), comment_high=Decimal(9), instead="dont_know",
        ),
        ALONE,
        {},
    ),
    (
        "qualitative_panel",
        {"panel_size": 1},
        EntryForm("panel_mark", items=("1",), low=Decimal(0), high=Decimal(100)),
        ALONE,
        {},
    ),
    ("grade_map", {"grades": {"B": 0, "A": 1}}, EntryForm("grade", words=("A", "B")), ALONE, {}),
    (
        "grade_map",
        {"grades": {"A": 1}, "at_most": {"A": 1}},
        EntryForm("grade", words=("A",)),
        AMONG,
        {},
    ),
    ("items_weighted", {"items": 2}, values("actual", items=("1", "2")), ALONE, {}),
    ("items_weighted", {"items": "unit_defined"}, values("actual", any_item=True), ALONE, {}),
    (
        "inherit_superior",
        {"scale": 1, "multiplier": 1, "excess_to": "dropped"},
        values("superior_loss"),
        ALONE,
        {"superior_loss": ANY_PERIOD},
    ),
    (
        "inherit_superior",
        {"scale": 1, "multiplier": 1, "excess_to": "dropped",
         "otherwise": {"method": "percentile_rank", "params": {}}},
        values("superior_loss", "value"),
        AMONG,
        {"superior_loss": ANY_PERIOD, "value": ANY_PERIOD},
    ),
    ("survey_score", {"survey": "phone"}, None, ALONE, {}),
    (
        "external_result",
        {"kind": "score", "scale": 1000},
        values("score", low=Decimal(0), high=Decimal(1000), noted=True),
        ALONE,
        {"score": ("",)},
    ),
    (
        "external_result",
        {"kind": "rank_pct", "tiers": [{"max": 20, "points": 8}]},
        values("rank_pct", low=Decimal(0), high=Decimal(100), noted=True),
        ALONE,
        {"rank_pct": ("",)},
    ),
    (
        "external_result",
        {"kind": "grade", "grades": {"A": 1}},
        EntryForm("grade", words=("A",), noted=True),
        ALONE,
        {},
    ),
    (
        "external_result",
        {"kind": "score", "scale": 1000, "system": {"late": "last_year", "closes": "2026-02-28"}},
        EntryForm(
            "external_result", keys=("score",), low=Decimal(0), high=Decimal(1000),
            dated="received", late="last_year", closes=dt.date(2026, 2, 28),
        ),
        ALONE,
        {},
    ),
    (
        "external_result",
        {"kind": "rank_pct", "tiers": [{"max": 20, "points": 8}], "system": {}},
        EntryForm(
            "external_result", keys=("rank_pct",), low=Decimal(0), high=Decimal(100),
            dated="received", late="missing", ranked=True,
        ),
        ALONE,
        {},
    ),
    (
        "external_result",
        {"kind": "grade", "grades": {"A": 1},
         "system": {"late": "carry_over", "opens": "2025-03-01", "closes": "2026-02-28"}},
        EntryForm(
            "external_result", words=("A",), dated="received", late="carry_over",
            opens=dt.date(2025, 3, 1), closes=dt.date(2026, 2, 28),
        ),
        ALONE,
        {},
    ),
    (
        "superior_rank",
        {"table": {"1": 5, "-1": -5}, "allow_below_zero": True, "period": "month"},
        EntryForm(
            "superior_rank", endings=MONTHS, dated="published", low=Decimal(1), whole=True
        ),
        ALONE,
        {},
    ),
    (
        "superior_rank",
        {"tiers": [{"max": 20, "points": 8}]},
        EntryForm("superior_rank", dated="published", low=Decimal(1), whole=True),
        ALONE,
        {},
    ),
    ("sum_children", {}, None, ALONE, {}),
    ("mean_children", {"kind": "geometric"}, None, ALONE, {}),
]  # fmt: skip


def asked(method, params):
    faults = []
    found = read(METHODS[method], params, "", faults)
    assert faults == []
    return found


def test_every_method_stands_in_the_table():
    assert {row[0] for row in ASKED} == set(METHODS)


@pytest.mark.parametrize(("method", "params", "form", "compares", "lends"), ASKED)
def test_a_method_says_what_it_takes_and_whether_it_compares(method, params, form, compares, lends):
    found = asked(method, params)
    assert found.takes() == form
    assert found.reads().compares is compares
    assert {key: tuple(ends) for key, ends in found.lends().items()} == lends


def test_a_method_reads_what_its_inputs_come_from():
    inputs = {
        "a": OWN,
        "b": ELSEWHERE,
        "c": {"from": "target", "indicator": "C"},
        "d": {"from": "score", "indicator": "D"},
        "e": {"from": "rank", "indicator": "E"},
        "k": {"from": "constant", "value": 1},
        "t": {"from": "target"},
    }
    reads = Reads(False, entries=("B", "C"), scores=("D",), ranks=("E",))
    assert asked("expression", formula("a", **inputs)).reads() == reads
    assert asked("all_or_nothing", {"threshold": 1, **computed(**inputs)}).reads() == reads
    assert reads.results == ("D", "E")
    assert asked("survey_score", {"survey": "phone"}).reads() == Reads(False, surveys=("phone",))


@pytest.mark.parametrize("name", ["survey", "method", "indicator", "components", "otherwise"])
def test_an_input_is_no_parameter_whatever_it_is_called(name):
    """Planted bug: look for what is read by the names of parameters, wherever they stand."""
    found = asked("expression", formula(name, **{name: OWN}))
    assert (found.reads(), found.takes()) == (Reads(False), values(name))


def test_a_method_that_does_not_say_that_it_looks_at_one_unit_alone_compares():
    """Planted bug: a default of False, so that a new method is computed without the others."""

    @dataclass(frozen=True, slots=True)
    class New(ScoringMethod):
        def takes(self):
            return None

    assert New().reads().compares


def test_a_method_has_to_say_what_it_takes():
    class Silent(ScoringMethod):
        pass

    with pytest.raises(TypeError, match="takes"):
        Silent()


def of(scheme, code):
    (found,) = (
        each for one in scheme.categories for each in one.indicators if each.indicator == code
    )
    return found


def test_the_order_lets_each_come_after_all_it_reads(stored):
    read_first = {"from": "rank", "indicator": "C03"}
    changes = {
        f"{FUNCTION}/0/method": "expression",
        f"{FUNCTION}/0/params": formula("p + s", p=read_first, s={
            "from": "score", "indicator": "C12"}),
    }  # fmt: skip
    county, dept = compile_scheme(stored(changes)).categories
    assert county.order == (
        "C03A", "C03B", "C03", "C12", "C01", "C02", "C04", "C05", "C06", "C07", "C08", "C09",
        "C10", "C11", "C13", "C14",
    )  # fmt: skip
    assert dept.order == ("D01", "D02", "D03", "D04", "D05", "D06")
    assert [each.indicator for each in county.indicators][:5] == [
        "C01", "C02", "C03", "C03A", "C03B",
    ]  # fmt: skip


def test_what_stands_above_and_who_receives_the_points(stored):
    scheme = compile_scheme(stored())
    assert of(scheme, "C03A").line == ("C03A", "C03")
    assert of(scheme, "C03").line == ("C03",)
    assert (of(scheme, "D04").receiver, of(scheme, "D01").receiver) == ("D01", None)


def test_children_of_a_mean_neither_give_nor_get_points(stored):
    """Planted bug: only one of the two ways."""
    mean = {f"{FUNCTION}/2/method": "mean_children", f"{FUNCTION}/2/params": {"kind": "harmonic"}}
    scheme = compile_scheme(
        stored(
            mean
            | {f"{FUNCTION}/2/children/0/redistribute_to": "C01"}
            | {f"{FUNCTION}/0/redistribute_to": "C03B", f"{FUNCTION}/1/redistribute_to": "C01"}
        )
    )
    found = [of(scheme, code).receiver for code in ("C03A", "C01", "C02")]
    assert found == [None, None, "C01"]


def test_a_parent_takes_and_reads_nothing_itself(stored):
    parent = of(compile_scheme(stored()), "C03")
    assert (parent.takes, parent.takes_of_unit, parent.reads) == (None, {}, Reads(False))


QUARTERLY = {"step_ratio": "0.1", "period": "quarter"}


def test_an_indicator_takes_what_formulas_of_others_read_of_it(stored):
    """Planted bug: forget the periods that the reader computes, or those that are read anyway."""
    actual = {"from": "measured", "indicator": "C08", "key": "actual"}
    changes = {
        f"{FUNCTION}/6/params": QUARTERLY | computed(v=actual),
        f"{FUNCTION}/5/method": "expression",
        f"{FUNCTION}/5/params": formula(
            "z * y",
            z={"from": "measured", "indicator": "C01", "key": "actual"},
            y={"from": "measured", "indicator": "C12", "key": "value"},
        ),
    }
    scheme = compile_scheme(stored(changes))
    growth = of(scheme, "C08").takes
    assert (growth.keys, growth.endings_of_key) == (("actual",), {"actual": ("", *QUARTERS)})
    assert of(scheme, "C01").takes == values("actual", endings_of_key={"actual": ("",)})
    assert of(scheme, "C12").takes == values("value", endings_of_key={"value": ("",)})
    assert of(scheme, "C07").takes is None
    assert of(scheme, "C07").reads == Reads(True, entries=("C08",))


def test_what_is_lent_to_others_is_entered_even_where_the_method_takes_nothing():
    assert lending(None, {"a": ("Q1",)}) == values("a", endings_of_key={"a": ("Q1",)})
    assert lending(EntryForm("grade", words=("A",)), {"a": ("",)}).keys == ()
    assert lending(values("actual", items=("1",)), {"a": ("",)}).keys == ("actual",)


def test_the_form_of_a_unit_stands_apart_only_where_it_differs(stored):
    """Planted bugs: read the formula of all where a unit has its own; ask only the formulas of all
    what they read of an indicator."""
    lent = {"from": "measured", "indicator": "C02", "key": "u"}
    changes = {
        f"{FUNCTION}/0/method": "expression",
        f"{FUNCTION}/0/params": formula("a", a=OWN, b=lent, c={"from": "constant", "value": 1}),
        f"{FUNCTION}/0/per_unit_params": {
            "X1": {"formula": "a * b"},
            "X2": {"formula": "c"},
            "X3": {"inputs": {"c": {"value": 2}}},
        },
        f"{FUNCTION}/1/method": "expression",
        f"{FUNCTION}/1/params": formula("v", v=OWN, u=OWN),
    }
    scheme = compile_scheme(stored(changes))
    reader, lender = of(scheme, "C01"), of(scheme, "C02")
    assert (reader.takes, reader.takes_of_unit) == (values("a"), {"X2": None})
    assert reader.reads == Reads(False, entries=("C02",))
    also = values("v", "u", endings_of_key={"u": ("",)})
    assert (lender.takes, lender.takes_of_unit) == (values("v"), {"X1": also})
    assert set(scheme.formulas) == {"a", "a * b", "c", "v"}


def test_another_period_for_one_unit_makes_a_form_of_its_own(stored):
    """Planted bug: compare the keys of the forms alone."""
    rank = {"key": "growth", "weight": "0.6", "method": "rank_points"}
    level = {"key": "level", "weight": "0.4", "method": "efficacy_linear", "params": EFFICACY}
    changes = {
        f"{FUNCTION}/1/per_unit_params": {
            "X2": {"components": [level, rank | {"params": QUARTERLY}]},
            "X3": {"components": [level, rank | {"params": {"step_ratio": "0.1"}}]},
        }
    }
    found = of(compile_scheme(stored(changes)), "C02")
    assert {unit: form.endings_for("growth") for unit, form in found.takes_of_unit.items()} == {
        "X2": QUARTERS
    }


TREES = [
    ("1.50", {"number": "1.50"}),
    ("a", {"name": "a"}),
    ("-a ** 2", {"apply": "negative", "to": [
        {"apply": "**", "to": [{"name": "a"}, {"number": "2"}]}]}),
    ("a - b - 1", {"apply": "-", "to": [
        {"apply": "-", "to": [{"name": "a"}, {"name": "b"}]}, {"number": "1"}]}),
    ("a ** b ** 2", {"apply": "**", "to": [
        {"name": "a"}, {"apply": "**", "to": [{"name": "b"}, {"number": "2"}]}]}),
    ("if(a <= b, min(a, b, 1), round(a / b, 2))", {"apply": "if", "to": [
        {"apply": "<=", "to": [{"name": "a"}, {"name": "b"}]},
        {"apply": "min", "to": [{"name": "a"}, {"name": "b"}, {"number": "1"}]},
        {"apply": "round", "to": [
            {"apply": "/", "to": [{"name": "a"}, {"name": "b"}]}, {"number": "2"}]}]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_a_formula_is_a_tree_of_what_is_applied_to_what(text, tree):
    """Planted bugs: bind the sign closer than the power; take the left one first for `**`."""
    assert FORMS.dump_python(CompiledScheme(1, {"x": tree_of(text)}, ()), mode="json") == {
        "format": 1,
        "formulas": {"x": tree},
        "categories": [],
    }


@pytest.mark.parametrize("word", get_args(Operation))
def test_every_operation_can_be_written(word):
    """Fails when the list of operations names what no formula can say."""
    texts = {"negative": "-a", "if": "if(a > 1, a, b)", "round": "round(a)"}
    called = {name: f"{name}(a)" for name in ("abs", "ln", "sqrt")}
    called |= {name: f"{name}(a, b)" for name in ("min", "max")}
    assert tree_of((texts | called).get(word, f"a {word} b")).apply == word


class _Reader(BaseModel):
    """A consumer that wants something else of the same document."""

    scheme: int


def test_the_deepest_formula_can_be_read_by_whoever_reads_the_document():
    """Planted bug: so many terms that a common reader of JSON gives up."""
    text = "+".join("a" * DEEPEST)
    compiled_form = CompiledScheme(1, {text: tree_of(text)}, ())
    document = json.dumps({"scheme": 1, "compiled": FORMS.dump_python(compiled_form, mode="json")})
    assert _Reader.model_validate_json(document).scheme == 1
    assert FORMS.validate_json(FORMS.dump_json(compiled_form)) == compiled_form


def reversed_(value):
    """Return JSON with the keys of every object the other way round."""
    if isinstance(value, dict):
        return {key: reversed_(value[key]) for key in reversed(value)}
    return [reversed_(each) for each in value] if isinstance(value, list) else value


PARTLY = {
    f"{FUNCTION}/0/method": "expression",
    f"{FUNCTION}/0/params": formula("b * a", b=ELSEWHERE | {"indicator": "C02", "key": "growth"},
                                    a=OWN, r={"from": "rank", "indicator": "C07"}),
    f"{FUNCTION}/0/per_unit_params": {"X2": {"formula": "a"}, "X1": {"formula": "b"}},
}  # fmt: skip


def test_the_digest_does_not_depend_on_the_order_of_fields(stored, schemes):
    """The database gives the keys of a scheme back in another order than they were sent."""
    once = stored(PARTLY)
    again = schemes.validate_python(reversed_(schemes.dump_python(once, mode="json")))
    assert [*again.categories[0].blocks[0].indicators[4].params["per_event"]] != [
        *once.categories[0].blocks[0].indicators[4].params["per_event"]
    ]
    digests = {
        journal.sha256(FORMS.dump_python(compile_scheme(each), mode="json"))
        for each in (once, again)
    }
    assert len(digests) == 1
    other = compile_scheme(stored(PARTLY | {f"{FUNCTION}/3/params/status_ratio/postponed": "0.5"}))
    assert journal.sha256(FORMS.dump_python(other, mode="json")) not in digests


def test_a_compiled_scheme_reads_itself(stored):
    found = compile_scheme(stored(PARTLY))
    assert FORMS.validate_python(FORMS.dump_python(found, mode="json")) == found


def test_a_scheme_that_would_fill_the_memory_is_refused(stored, monkeypatch):
    """A panel has a thousand seats, and a scheme ten thousand panels."""
    monkeypatch.setattr(compiled, "MOST_WORDS", 30)
    with pytest.raises(CompiledTooLarge) as refused:
        compile_scheme(stored(), at="/scheme")
    ((fault),) = refused.value.faults
    assert (fault.pointer, fault.code) == ("/scheme/categories", "too-much-to-enter")


def test_a_draft_that_contradicts_itself_is_compiled_all_the_same(stored):
    """Codes that stand twice are refused when a scheme is published, not when it is saved."""
    changes = {f"{FUNCTION}/1/code": "C01", f"{FUNCTION}/3/redistribute_to": "NONE"}
    county = compile_scheme(stored(changes)).categories[0]
    assert sorted(county.order) == sorted({each.indicator for each in county.indicators})


def test_a_parent_says_what_is_done_where_its_children_have_no_score(stored):
    """Planted bug: what was compiled before means something else than it did."""
    changes = {f"{FUNCTION}/2/missing": "skip", f"{FUNCTION}/0/missing": "zero"}
    found = compile_scheme(stored(changes))
    told = {each.indicator: each.missing_below for each in found.categories[0].indicators}
    assert {code: word for code, word in told.items() if word != "refuse"} == {"C03": "skip"}
    before = FORMS.dump_python(found, mode="json")
    for each in before["categories"][0]["indicators"]:
        del each["missing_below"]
    assert {
        each.missing_below for each in FORMS.validate_python(before).categories[0].indicators
    } == {"refuse"}


def test_a_form_says_all_that_is_asked_of_an_entry():
    """Fails when a field is added and nobody says what it is for."""
    assert [field.name for field in fields(EntryForm)] == [
        "kind", "keys", "items", "any_item", "words", "endings", "endings_of_key", "dated", "low",
        "high", "whole", "instead", "valued", "noted", "comment_low", "comment_high", "nodes",
        "by_day", "panel",
        "excludes_own_unit", "rubric", "only_steps", "distinct",
        "late", "opens", "closes", "ranked",
    ]  # fmt: skip
