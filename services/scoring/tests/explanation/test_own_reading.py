"""What a unit reads of its own explanation until the release: its own part, by lists of that."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import compiling
import pytest
from compiling import compute

from scoring.api.explanation.documents import ExplainedNode
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.methods.catalogue import METHODS
from scoring.rules.scheme.document import Block, Category, Indicator

COMPARING: dict[str, dict[str, Any]] = {
    "rank_points": {"step_ratio": "0.1"},
    "relative_to_best": {},
    "efficacy_linear": {"base_ratio": "0.6"},
    "efficacy_exp": {"base_ratio": "0.6"},
    "min_max": {"bounds": "group"},
    "z_score": {},
    "percentile_rank": {},
    "steps_from": {
        "reference": "mean",
        "direction": "higher",
        "step": "100",
        "points_per_step": "1",
        "bonus_per_step": "1",
        "base_ratio": "0.5",
    },
    "share_of_sum": {},
}
BLENDED = {
    "components": [
        {"key": "value", "weight": "1", "method": "efficacy_linear", "params": {"base_ratio": "0"}}
    ]
}
GRADES = {"grades": {"A": 1, "B": "0.5"}, "at_most": {"A": "0.6"}}
OTHERS = {"U2": "777.123", "U3": "888.456", "U4": "11.789"}


def written(told: object) -> str:
    return json.dumps(told, ensure_ascii=False)


def entry(n: int, unit: str, **more: Any) -> Entry:
    given = {"kind": "measured_value", "key": "value", "item": None, "value": None, "word": None}
    return Entry(UUID(int=n), unit, "X", period="2025", **(given | more))


def readings(scheme, method: str, params: dict, entries: list[Entry], **more: Any):
    """The whole tree of an indicator for the unit U1, and the unit's own reading of it."""
    given = {"points": Decimal(10), "allow_exceed": False, "children": ()} | more
    one = Indicator("X", "X", method=method, params=params, data_source_unit="D", **given)
    block = Block("function", "function", Decimal(10), (one,))
    category = Category("C", "C", ("U1", *OTHERS), (block,))
    facts = {"targets": [], "satisfaction": {}, "claims": [], "names": []}
    year = replace(scheme, categories=(category,))
    [unit] = [
        u for u in compute(year, {"C"}, entries=entries, **facts).sheet.units if u.unit == "U1"
    ]
    whole = written_tree(explain(unit))
    own = own_reading(whole)
    ExplainedNode.model_validate(own)
    return whole["children"][0]["children"][0], own["children"][0]["children"][0], own


def valued(**values: str) -> list[Entry]:
    told = enumerate(values.items(), 1)
    return [entry(n, unit, value=Decimal(number)) for n, (unit, number) in told]


@pytest.mark.parametrize("compares", [False, True])
def test_of_what_is_said_to_compare_a_unit_reads_no_formula_whatever_the_method_tells(
    scheme, compares, monkeypatch
):
    """Planted bug: to rely on a method's own telling that others have a part in it.

    Of a method that does not say that it looks at one unit alone the compiled form says that it
    compares.
    """
    usual = compiling.reads_of
    reads = lambda each: replace(usual(each), compares=compares)  # noqa: E731 - one line more
    monkeypatch.setattr(compiling, "reads_of", reads)
    tiers = {"input": "value", "tiers": [{"min": "3", "points": "4"}], "else_points": "0"}
    whole, own, _ = readings(scheme, "tiers", tiers, valued(U1="500", **OTHERS))
    assert (own["formula"] == whole["formula"]) is not compares
    assert own["score"] == whole["score"]


def test_every_method_that_compares_is_tried_here():
    assert set(METHODS) - compiling.ALONE == set(COMPARING)


@pytest.mark.parametrize(
    ("method", "params"), [*COMPARING.items(), ("blend", BLENDED)], ids=lambda each: str(each)[:20]
)
def test_of_a_method_that_compares_the_unit_reads_its_score_and_its_own_value(
    scheme, method, params
):
    """Planted bug: the bounds, the best, the mean, the place, how many there are, or the exact
    value before rounding, from which they follow."""
    whole, own, tree = readings(scheme, method, params, valued(U1="500", **OTHERS))
    kept = {"score", "points", "method", "rule", "name"}
    assert {name: own[name] for name in kept} == {name: whole[name] for name in kept}
    assert own["score"] is not None
    assert [(used["name"], used["value"]) for used in own["inputs"]] == [("value", "500")]
    assert (own["formula"], own["rounding"], own["children"]) == (None, None, [])
    assert not any(number in written(tree) for number in OTHERS.values())


@pytest.mark.parametrize("method", COMPARING)
def test_the_rule_of_a_method_is_the_same_whatever_others_have(scheme, method):
    """It is read by the unit, so it must not hold their numbers."""
    other = {"U2": "1.5", "U3": "2.5"}
    params = COMPARING[method]
    one, two = (
        readings(scheme, method, params, valued(U1="3", **of))[1]["rule"] for of in (OTHERS, other)
    )
    assert one == two


@pytest.mark.parametrize("method", [*COMPARING, "blend"])
def test_what_the_unit_itself_lacks_is_named_also_where_others_are_compared(scheme, method):
    params = {**COMPARING, "blend": BLENDED}[method]
    whole, own, _ = readings(scheme, method, params, valued(**OTHERS))
    assert own["missing"] == whole["missing"]
    assert own["missing"][0]["en"] == "value, 2025 is missing."


def test_what_others_prevent_is_not_named(scheme):
    """Caught: "The best value is -3"."""
    low = dict.fromkeys(OTHERS, "-3")
    whole, own, _ = readings(scheme, "relative_to_best", {}, valued(U1="-4", **low))
    assert "-3" in whole["missing"][0]["en"]
    assert own["missing"] == [
        {
            "en": "There is no score yet; the reason depends on other units as well.",
            "zh": "尚无得分，原因与其他单位有关。",
        }
    ]


def test_a_tie_is_not_told_to_those_who_are_tied(scheme):
    tiers = {"tiers": [{"min": 0, "points": 4}]}
    told = valued(U1="1", U2="2")
    whole, own, _ = readings(scheme, "tiers", tiers, told, must_differentiate=True)
    assert whole["missing"][0]["en"].startswith("Another unit has 4 too")
    assert "4" not in written(own["missing"])
    assert own["formula"] is None


def test_a_mean_of_others_that_stands_in_is_told_as_that_and_no_more(scheme):
    told = valued(U2="60", U3="40")
    whole, own, _ = readings(
        scheme, "all_or_nothing", {"threshold": "50"}, told, missing="category_mean"
    )
    assert (own["score"], own["formula"], own["rounding"]) == (whole["score"], None, None)
    [decision] = own["decisions"]
    assert (decision["what"], decision["effect"]) == ("category_mean", None)
    assert decision["en"] == "It depends on other units as well; how is told after the release."
    assert [used["source"] for used in whole["inputs"]] == ["group"]
    assert own["inputs"] == []


@pytest.mark.parametrize("decision", ["refuse", "share", "each"])
def test_nobody_reads_how_many_others_claim_a_piece(scheme, decision):
    """Planted bug: "1 / 3" as the value of the piece itself."""
    pieces = [
        entry(n, unit, key="count", item="P-1", value=Decimal(1))
        for n, unit in enumerate(("U1", "U2", "U3"), 1)
    ]
    params = {"full_at": 4, "per_item": 2, "distinct": True, "when_shared": decision}
    _, own, _ = readings(scheme, "count_points", params, pieces)
    alone = readings(scheme, "count_points", params, pieces[:1])[1]
    assert own["inputs"] == alone["inputs"] != []
    assert "3" not in written([own["missing"], own["formula"], own["rounding"]])
    assert alone["formula"] is None, "that there is a formula says that nobody else claims it"


@pytest.mark.parametrize("own_grade", ["A", "B"])
def test_nobody_reads_how_many_others_have_a_grade(scheme, own_grade):
    words = {"U1": own_grade, "U2": "A", "U3": "A", "U4": "B"}
    graded = [
        entry(n, unit, kind="grade", key=None, word=word)
        for n, (unit, word) in enumerate(words.items(), 1)
    ]
    _, own, _ = readings(scheme, "grade_map", GRADES, graded)
    assert [used["value"] for used in own["inputs"]] == [own_grade]
    assert own["formula"] is None


def claim(method: str, reason: str) -> dict[str, Any]:
    told = {"en": reason, "zh": reason}
    empty = dict.fromkeys(("points", "clause", "formula", "rounding"))
    lists: dict[str, Any] = {k: [] for k in ("inputs", "missing", "decisions", "children")}
    words = {"kind": "claim", "code": "B1", "name": "e", "rule": "r", "method": method}
    rest = {"score": "1", "excess": "0", "claim_id": str(UUID(int=1)), "reason": told}
    return {**empty, **lists, **words, **rest}


def test_the_reason_of_a_decision_that_nobody_has_looked_at_is_not_told():
    """A decision may come to rest on what others claimed; it then names them."""
    assert own_reading(claim("accepted", "in the window"))["reason"]["en"] == "in the window"
    held = own_reading(claim("held_with_another", "B7 of XQ02 is the same award"))
    assert "XQ02" not in written(held)
    assert (held["method"], held["score"]) == ("held_with_another", "1")


def test_what_no_list_names_is_left_out():
    """Planted bug: a list of what is hidden, which a new method or source is not on."""
    told = {"en": "U2 has 7", "zh": "U2 有 7"}
    node = claim("unheard_of", "x") | {
        "kind": "indicator",
        "formula": "7 / 7",
        "claim_id": None,
        "reason": told,
        "missing": [told],
        "inputs": [
            {"name": "own", "value": "1", "source": "ledger"},
            {"name": "new", "value": "7", "source": "unheard_of"},
        ],
        "what_comes_next": "7",
    }
    told_of_it = own_reading(node)
    assert "7" not in written(told_of_it)
    assert [used["name"] for used in told_of_it["inputs"]] == ["own"]
    unknown = own_reading(node | {"method": "tiers"})
    assert unknown["formula"] is None, "an input of an unknown source has a part in it"
    with pytest.raises(ValueError, match="unheard_of"):
        own_reading(node | {"kind": "unheard_of"})
