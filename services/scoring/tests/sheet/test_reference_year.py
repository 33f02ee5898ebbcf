"""The reference city's county year comes out as its separately written program says."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import compiling as computation
import pytest

from scoring.rules.explanation.nodes import Node
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.scheme.document import LedgerPolicy, Target


@pytest.fixture(scope="session")
def compute(scheme, county, satisfaction, claims, names):
    given = {
        "entries": county.entries,
        "targets": county.targets,
        "satisfaction": satisfaction,
        "claims": claims,
        "names": names,
    }
    return lambda **other: computation.compute(scheme, {"COUNTY"}, **(given | other)).sheet


@pytest.fixture(scope="session")
def sheet(compute):
    return compute()


def scores_of(node: Node) -> dict[str, Decimal | None]:
    return {n.code: n.score for block in node.children for n in block.children}


def test_every_one_of_the_220_indicator_scores_is_the_expected_one(raw, sheet):
    expected = {
        (unit["unit"], code): Decimal(str(score))
        for unit in raw.year["expected"]
        for code, score in unit["indicator_scores"].items()
    }
    found = {
        (unit.unit, n.code): n.score
        for unit in sheet.units
        for block in explain(unit).children
        for n in block.children
        if n.kind == "indicator"
    }

    assert len(expected) == 220
    assert found == expected


@pytest.mark.parametrize("field", ["function", "public_review", "comprehensive"])
def test_every_block_is_the_expected_one(raw, sheet, field):
    expected = {u["unit"]: Decimal(str(u[field])) for u in raw.year["expected"]}

    assert {unit.unit: unit.blocks[field] for unit in sheet.units} == expected


@pytest.mark.parametrize(
    ("field", "name"),
    [("base_total", "base_total"), ("adjustment", "adjustment"), ("total", "final_total")],
)
def test_every_total_is_the_expected_one(raw, sheet, field, name):
    expected = {u["unit"]: Decimal(str(u[name])) for u in raw.year["expected"]}

    assert {unit.unit: getattr(unit, field) for unit in sheet.units} == expected


def test_every_claim_is_decided_as_expected(raw, sheet):
    expected = {
        c["id"]: (c["expect"]["decision"], Decimal(str(c["expect"]["points"])))
        for c in raw.year["claims"]
    }

    assert {d.claim.claim_no: (d.decision, d.points) for d in sheet.claims} == expected


def test_the_order_of_entries_targets_and_claims_does_not_matter(compute, sheet, county, claims):
    """Caught: taking the first of several things found, or summing by arrival."""
    again = compute(entries=county.entries[::-1], targets=county.targets[::-1], claims=claims[::-1])

    assert again == sheet


def without(county, **where):
    """The county's entries, but for those that match."""
    return [e for e in county.entries if not all(getattr(e, k) == v for k, v in where.items())]


@pytest.mark.parametrize(
    ("where", "indicator", "reason"),
    [
        ({"indicator": "C01"}, "C01", "actual, 2025 is missing."),
        ({"indicator": "C02"}, "C02", "node is missing."),
        ({"indicator": "C04", "item": "3"}, "C04", "actual, item 3, 2025 is missing."),
        ({"indicator": "C06", "key": "growth"}, "C06", "growth, 2025 is missing."),
        ({"indicator": "C08", "period": "2025Q2"}, "C08", "value, 2025Q2 is missing."),
        ({"indicator": "C10A"}, "C10A", "actual, 2025 is missing."),
        ({"indicator": "C03"}, "C03", "Neither an event nor a zero report has been entered."),
        ({"indicator": "C12", "item": "5"}, "C12", "mark 5 is missing."),
        ({"indicator": "C14"}, "C14", "grade is missing."),
    ],
)
def test_a_missing_input_is_named_and_never_a_zero(compute, county, where, indicator, reason):
    """Caught: a default of zero for a value, or full marks for an empty list of events."""
    unit = compute(entries=without(county, unit="XQ03", **where)).units[2]

    assert unit.unit == "XQ03"
    assert [(m.indicator, m.reason) for m in unit.missing] == [(indicator, reason)]
    assert (unit.base_total, unit.total) == (None, None)
    assert unit.blocks["comprehensive" if indicator == "C14" else "function"] is None


def test_every_gap_of_an_indicator_is_named_at_once(compute, county):
    unit = compute(entries=without(county, unit="XQ03", indicator="C08")).units[2]

    assert len(unit.missing) == 4


def test_a_missing_target_is_named(compute, county):
    targets = [t for t in county.targets if (t.unit, t.indicator) != ("XQ01", "C07")]
    unit = compute(targets=targets).units[0]

    assert [(m.indicator, m.reason) for m in unit.missing] == [("C07", "target is missing.")]


def test_a_missing_satisfaction_is_named(compute, satisfaction):
    unit = compute(satisfaction={**satisfaction, ("phone", "XQ01"): None}).units[0]

    assert [m.indicator for m in unit.missing] == ["C13"]


def test_two_verified_values_for_the_same_thing_give_no_score(compute, county):
    """Caught: letting the later, or the first, of two contradicting entries win silently."""
    first = next(e for e in county.entries if e.indicator == "C01")
    second = first._replace(entry_id=type(first.entry_id)(int=10**6), value=Decimal(1))
    unit = compute(entries=[*county.entries, second]).units[0]

    assert "2 verified entries" in unit.missing[0].reason


def test_a_value_of_a_month_is_not_the_value_of_the_year(compute, county):
    entries = [
        e._replace(period="2025-03") if (e.unit, e.indicator) == ("XQ01", "C01") else e
        for e in county.entries
    ]

    assert compute(entries=entries).units[0].missing[0].reason == "actual, 2025 is missing."


def test_without_a_compulsory_zero_report_silence_means_full_marks(
    scheme, county, satisfaction, claims, names
):
    sheet = computation.compute(
        replace(scheme, ledger=LedgerPolicy(zero_report_required=False)),
        {"COUNTY"},
        entries=without(county, unit="XQ01", indicator="C03"),
        targets=county.targets,
        satisfaction=satisfaction,
        claims=claims,
        names=names,
    ).sheet

    assert scores_of(explain(sheet.units[0]))["C03"] == 4


def test_units_are_compared_with_those_that_have_a_value_and_the_trace_says_so(compute, county):
    entries = without(county, unit="XQ05", indicator="C16")
    unit = compute(entries=entries).units[3]
    node = next(n for block in explain(unit).children for n in block.children if n.code == "C16")

    assert node.score == 3
    assert ("units compared", "10 of 11") in [(used.name, used.value) for used in node.inputs]


def test_other_categories_are_left_alone(sheet):
    assert {unit.category for unit in sheet.units} == {"COUNTY"}


def test_the_explanation_leads_from_the_total_down_to_the_entries(sheet, county):
    root = explain(sheet.units[0])
    function = root.children[0]
    gdp = next(node for node in function.children if node.code == "C06")
    entries = {e.entry_id for e in county.entries if (e.unit, e.indicator) == ("XQ01", "C06")}

    assert [node.code for node in root.children] == [
        "function",
        "public_review",
        "comprehensive",
        "adjustment",
    ]
    assert root.formula == "57.322 + 11.2098 + 24.25 + 1"
    assert gdp.rule == "sum of weight × component score"
    assert gdp.formula == "0.4 × 5.5023 + 0.6 × 4.656"
    assert (gdp.rounding.exact, gdp.rounding.rounded) == ("4.99452", Decimal("4.9945"))
    assert [node.code for node in gdp.children] == ["level", "growth"]
    assert {entry for used in gdp.inputs for entry in used.entries} == entries


def test_no_explanation_shows_the_entries_of_another_unit(sheet, county):
    """Caught: a rank that lists the values it was ranked among."""
    owner = {entry.entry_id: entry.unit for entry in county.entries}

    for unit in sheet.units:
        stack = [explain(unit)]
        while stack:
            node = stack.pop()
            stack += node.children
            assert {owner[e] for used in node.inputs for e in used.entries} <= {unit.unit}


def test_a_score_may_not_pass_its_points_unless_the_indicator_may_exceed(
    scheme, county, satisfaction, claims, names
):
    category = county.category
    function = category.blocks[0]
    strict = tuple(replace(i, allow_exceed=False) for i in function.indicators)
    blocks = (replace(function, indicators=strict), *category.blocks[1:])
    sheet = computation.compute(
        replace(scheme, categories=(replace(category, blocks=blocks),)),
        {"COUNTY"},
        entries=county.entries,
        targets=county.targets,
        satisfaction=satisfaction,
        claims=claims,
        names=names,
    ).sheet

    assert scores_of(explain(sheet.units[0]))["C07"] == 5


def test_a_total_stops_at_the_schemes_maximum(scheme, county, satisfaction, claims, names):
    capped = replace(scheme.composition, max_total=Decimal(98))
    sheet = computation.compute(
        replace(scheme, composition=capped),
        {"COUNTY"},
        entries=county.entries,
        targets=county.targets,
        satisfaction=satisfaction,
        claims=claims,
        names=names,
    ).sheet

    assert sheet.units[4].total == 98


@pytest.mark.parametrize(
    ("loss", "deductions", "score", "adjustment"),
    [("30", True, "6", "0"), ("70", True, "0", "-2"), ("70", False, "0", "0")],
)
def test_what_the_superior_took_beyond_the_points_is_deducted(
    scheme, loss, deductions, score, adjustment
):
    """Caught: charging the excess twice, or letting it vanish with the indicator at zero."""
    entry = Entry(
        UUID(int=1), "ZH01", "G01", "measured_value", "superior_loss", None, "2025",
        Decimal(loss), None,
    )  # fmt: skip
    composition = replace(scheme.composition, deductions=deductions)
    sheet = computation.compute(
        replace(scheme, composition=composition),
        {"GOV_COMP"},
        entries=[entry],
        targets=[],
        satisfaction={},
        claims=[],
        names=[],
    ).sheet

    assert scores_of(explain(sheet.units[0]))["G01"] == Decimal(score)
    assert sheet.units[0].adjustment == Decimal(adjustment)


def test_items_that_a_unit_defines_are_those_it_has_targets_for(scheme):
    def target(item):
        return Target("ZH01", "G03", item, Decimal(10), None)

    def entry(item, value):
        return Entry(
            UUID(int=int(item)), "ZH01", "G03", "measured_value", "actual", item, "2025",
            Decimal(value), None,
        )  # fmt: skip

    def score_of(entries, targets):
        sheet = computation.compute(
            scheme,
            {"GOV_COMP"},
            entries=entries,
            targets=targets,
            satisfaction={},
            claims=[],
            names=[],
        ).sheet
        unit = sheet.units[0]
        gaps = [gap.reason for gap in unit.missing if gap.indicator == "G03"]
        return scores_of(explain(unit))["G03"], gaps

    entered = [entry("1", 10), entry("2", 5)]
    assert score_of(entered, [target("1"), target("2")]) == (Decimal("7.5"), [])
    assert score_of(entered, []) == (None, ["No item has a target."])
    assert score_of(entered, [target("1"), target("3")]) == (
        None,
        ["actual, item 3, 2025 is missing."],
    )


def test_planned_nodes_that_were_not_reported_are_missing(compute, county):
    """Caught: the mean over the reported nodes only, which is full marks by silence."""
    planned = Target("XQ01", "C02", "13", Decimal(1), None)
    unit = compute(targets=[*county.targets, planned]).units[0]

    assert [(m.indicator, m.reason) for m in unit.missing] == [("C02", "node 13 is missing.")]
