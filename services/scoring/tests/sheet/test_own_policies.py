"""Categories that differ: totals and claims by the category's own composition and adjustments.

Planted bugs: read the scheme's policy where a category has its own; count a block that is only
shown in the total, the excess, the losses or the diagnostics; hold a claim against the rules of
another category than its unit's.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from compiling import compiled, compute
from pydantic import TypeAdapter
from small_years import Year, indicator, scheme_of

from scoring.rules.claims.checks import Claim
from scoring.rules.claims.decisions import decide
from scoring.rules.claims.intake import ClaimsRejected, check_claims
from scoring.rules.claims.states import AWAITING, WHOLE
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.steps import Step
from scoring.rules.explanation.tree import explain
from scoring.rules.reports.diagnostics import Sheet, diagnose
from scoring.rules.reports.outlook import losses
from scoring.rules.reports.tags import scored_in
from scoring.rules.scheme.document import (
    Adjustments,
    BonusPolicy,
    BonusRule,
    Composition,
    DeductionPolicy,
    DeductionRule,
    Window,
)

STEPS = TypeAdapter(Step)
OWN = Adjustments(
    Window(date(2025, 4, 1), date(2026, 3, 31)),
    "none",
    BonusPolicy((BonusRule("B", "city", Decimal(3), ("市委",)),), "sum", Decimal(4), frozenset()),
    DeductionPolicy((DeductionRule("OWN", Decimal(7)),), "highest", Decimal(5)),
)
"""Parks gain by the city's awards, together at most 4, and lose at most 5 by their own rule."""

BONUS = Claim(
    claim_id=UUID(int=1), claim_no="B1", unit="YQ01", kind="bonus", level="city", authority="市委",
    holder_name="x", document_no="1号", document_date=date(2026, 2, 1), work_year=2025,
    event_key="E", linked_indicator=None, rule=None, standing=WHOLE,
)  # fmt: skip
DEDUCTION = replace(
    BONUS, claim_id=UUID(int=2), claim_no="D1", kind="deduction", level=None, rule="OWN"
)


@pytest.fixture(scope="session")
def two(scheme):
    """The reference scheme in which the parks' claims go by rules of their own."""
    return replace(
        scheme,
        categories=tuple(
            replace(each, adjustments=OWN) if each.code == "PARK" else each
            for each in scheme.categories
        ),
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([BONUS], [("accepted", "3")]),
        # a share of an award that several have is one of what the own category's rule gives
        (
            [replace(BONUS, standing=replace(WHOLE, award="joint", share=Decimal("0.5")))],
            [("accepted", "1.5")],
        ),
        # of another unit the same claim meets the scheme's rules
        ([replace(BONUS, unit="XQ01")], [("rejected_holder_mismatch", "0")]),
        ([replace(BONUS, level="provincial", authority="省委")], [("rejected_authority", "0")]),
        ([replace(BONUS, document_date=date(2025, 2, 1))], [("rejected_out_of_window", "0")]),
        ([replace(BONUS, work_year=2024)], [("rejected_out_of_window", "0")]),
        # one event adds up, as far as the cap
        ([BONUS, replace(BONUS, claim_no="B2")], [("accepted", "3"), ("accepted_capped", "1")]),
        ([DEDUCTION], [("accepted_capped", "-5")]),
        ([replace(DEDUCTION, rule="DED02")], [("rejected_unknown_rule", "0")]),
        ([DEDUCTION, replace(DEDUCTION, claim_no="D2")],
         [("accepted_capped", "-5"), ("superseded_same_event", "0")]),
        (
            [replace(DEDUCTION, unit="XQ01", document_date=date(2025, 5, 1))],
            [("rejected_unknown_rule", "0")],
        ),
    ],
)  # fmt: skip
def test_a_claim_is_decided_by_the_rules_of_its_units_category(two, names, given, told):
    numbered = [replace(each, claim_id=UUID(int=n)) for n, each in enumerate(given, 1)]
    found = [(each.decision, each.points) for each in decide(numbered, two, names)]
    assert found == [(word, Decimal(points)) for word, points in told]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"unit": "XQ01"}, ["/claims/0/rule"]),
        ({"rule": "DED02"}, ["/claims/0/rule"]),
        ({"rule": "DED02", "unit": "XQ01"}, []),
    ],
)
def test_a_deduction_names_a_rule_of_its_units_category(two, change, faults):
    try:
        check_claims([replace(DEDUCTION, standing=AWAITING, **change)], two)
        found = []
    except ClaimsRejected as rejected:
        found = [fault.pointer for fault in rejected.faults]
    assert found == faults


def test_what_a_categorys_total_does_not_take_is_not_handed_in_and_does_not_count(two, names):
    composition = replace(two.composition, bonus=False)
    without = replace(
        two,
        categories=tuple(
            replace(each, composition=composition) if each.code == "PARK" else each
            for each in two.categories
        ),
    )
    with pytest.raises(ClaimsRejected) as rejected:
        check_claims([BONUS, DEDUCTION], without)
    [fault] = rejected.value.faults
    assert (fault.pointer, fault.code) == ("/claims/0/kind", "not-in-the-total")
    assert fault.zh == "YQ01 的总分构成不含加分。"
    decided = decide([BONUS, DEDUCTION], without, names)
    assert [each.decision for each in decided] == ["rejected_not_in_the_total", "accepted_capped"]


INHERITED = {"scale": "1", "multiplier": 2, "excess_to": "deductions"}


@pytest.fixture(scope="session")
def small():
    """Two categories of one block that counts and one that is shown, in the second category only.

    In the shown block more can be lost than there is.
    """
    first = (indicator("ratio_to_target", {"direction": "higher"}, allow_exceed=False),)
    second = (indicator("inherit_superior", INHERITED, "S", points=4),)
    whole = scheme_of(first, second, units=["A"])
    [cat] = whole.categories
    other = replace(
        cat, code="OTHER", units=("B", "C"), composition=Composition(("B1",), False, True, None)
    )
    return compiled(replace(whole, categories=(cat, other)))


def sheet(small, **losses_of):
    year = Year(("A", "B", "C"))
    for unit in year.units:
        year.aim(unit, target=10)
    year.values("actual", A=8, B=8, C=9)
    year.values("superior_loss", code="S", **losses_of)
    found = compute(
        small, {"CAT", "OTHER"}, entries=year.entries, targets=year.targets, satisfaction={},
        claims=(), names=(),
    )  # fmt: skip
    return {each.unit: each for each in found.sheet.units}


def test_a_shown_block_is_scored_and_counts_for_nothing(small):
    """Eight of ten in both; four in the second block, of which three times two is more."""
    found = sheet(small, A=3, B=3, C=1)
    assert [found[unit].blocks for unit in "AB"] == [{"B1": Decimal(8), "B2": Decimal(0)}] * 2
    assert found["C"].blocks["B2"] == Decimal(2)
    told = {u: (each.base_total, each.adjustment, each.total) for u, each in found.items()}
    assert told == {"A": (8, -2, 6), "B": (8, 0, 8), "C": (9, 0, 9)}


def test_what_is_missing_in_a_shown_block_leaves_the_total(small):
    found = sheet(small, C=1)
    assert [(found[unit].total, found[unit].blocks["B2"]) for unit in "AB"] == [
        (None, None),
        (8, None),
    ]
    assert [each.indicator for each in found["B"].missing] == ["S"]


def test_an_explanation_says_which_blocks_are_only_shown(small):
    units = sheet(small, A=3, B=3, C=1)
    tree = explain(units["B"])
    assert [(each.kind, each.code) for each in tree.children[:2]] == [
        ("block", "B1"),
        ("shown_block", "B2"),
    ]
    assert (tree.formula, tree.points) == ("8 + 0", 10)
    assert tree.rule == "sum of the blocks that count + adjustment"
    assert list(contradictions(tree)) == []
    assert [each.kind for each in explain(units["A"]).children[:2]] == ["block", "block"]

    written = written_tree(tree)
    own = own_reading(written)
    assert [each["kind"] for each in own["children"]] == ["block", "shown_block", "adjustment"]
    assert own["children"][1]["children"][0]["score"] == written["children"][1]["score"]
    assert [each["indicator"] for each in scored_in(written)] == ["X", "S"]


def test_what_is_lost_in_a_shown_block_is_no_loss_of_the_total(small):
    units = sheet(small, A=3, B=3, C=1)
    steps = {u: STEPS.validate_python(written_tree(explain(each))) for u, each in units.items()}
    assert [each.code for each in losses(steps["B"])] == ["X"]
    assert [each.code for each in losses(steps["A"])] == ["S", "X", "excess"]
    for category, parts in (("CAT", ["X", "S"]), ("OTHER", ["X"])):
        of = [each for each in units.values() if each.category == category]
        sheets = [Sheet(u.unit, category, u.total, steps[u.unit]) for u in of]
        [found] = diagnose(sheets, {})
        assert [each.indicator for each in found.indicators] == parts


@pytest.fixture
def differing(cycle, others, document):
    """A cycle in which the parks' claims and totals go by policies of their own."""
    county, park = document["categories"][:2]
    own = TypeAdapter(Adjustments).dump_python(OWN, mode="json")
    composition = document["composition"] | {
        "parts": ["function"], "shown": ["public_review"], "bonus": False,
    }  # fmt: skip
    parks = park | {"adjustments": own, "composition": composition}
    others.schemes[cycle.cycle_id] = document | {"categories": [county, parks]}
    yield cycle
    del others.schemes[cycle.cycle_id]


async def test_each_category_is_claimed_scored_and_explained_by_its_own(differing):
    cycle = differing
    claim = {
        "claim_no": "1", "unit": "YQ01", "kind": "deduction", "rule": "OWN", "event_key": "E",
        "document_no": f"{cycle.number}号", "document_date": "2026-02-01",
    }  # fmt: skip
    before = await cycle.rows()
    wrong = [claim | {"unit": "XQ01"}, claim | {"rule": "DED02"}]
    award = {"level": "city", "authority": "市委", "holder_name": "云川高新区"}
    wrong.append(claim | award | {"kind": "bonus", "rule": None})
    answers = [await cycle.post(cycle.office, "claims", {"claims": [each]}) for each in wrong]
    assert [each.json()["errors"][0]["pointer"] for each in answers] == [
        "/claims/0/rule", "/claims/0/rule", "/claims/0/kind",
    ]  # fmt: skip
    assert await cycle.rows() == before

    county = {"unit": "XQ01", "rule": "DED02", "document_date": "2025-12-01"}
    ids = await cycle.claim(claim, claim | county)
    for claim_id in ids:
        assert (await cycle.confirm(claim_id)).status_code == 200
    edition = await cycle.score("COUNTY", "PARK")
    found = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    assert {each["unit"]: each["points"] for each in found["claims"]} == {
        "XQ01": "-1.0000", "YQ01": "-5.0000",
    }  # fmt: skip
    changes = {each["unit"]: each["adjustment"] for each in found["units"]}
    assert (changes["XQ01"], changes["YQ01"], changes["YQ02"]) == ("-1.0000", "-5.0000", "0.0000")

    path = f"{cycle.path}/score-sheets/{edition}/units/YQ01/explanation"
    steps = (await cycle.office.get(path)).json()["tree"]["children"]
    assert [each["kind"] for each in steps] == ["block", "shown_block", "adjustment"]
