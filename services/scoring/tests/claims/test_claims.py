"""Bonus and deduction claims: one row per condition of the scheme's rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from scoring.rules.claims.checks import Claim, granted_by
from scoring.rules.claims.decisions import decide
from scoring.rules.claims.states import CONFIRMED, SAME, WHOLE, ClaimStanding
from scoring.rules.scheme.document import BonusRule, UnitName

AWARD = Claim(
    claim_id=UUID(int=1),
    claim_no="B1",
    unit="XQ01",
    kind="bonus",
    level="provincial",
    authority="省委省政府",
    holder_name="云湖区",
    document_no="省发〔2025〕9号",
    document_date=date(2025, 6, 18),
    work_year=2025,
    event_key="E1",
    linked_indicator="C09",
    rule=None,
    standing=WHOLE,
)
CRITICISM = replace(
    AWARD, kind="deduction", authority=None, holder_name=None, linked_indicator=None, rule="DED02"
)


BEFORE = ClaimStanding(CONFIRMED, "sole", counted_earlier=True)


def decisions(scheme, names, *claims, carry_over="once", bonus=None, deductions=None):
    numbered = [replace(c, claim_id=UUID(int=n)) for n, c in enumerate(claims, 1)]
    rules = scheme.adjustments
    changed = replace(
        rules,
        carry_over=carry_over,
        bonus=replace(rules.bonus, **(bonus or {})),
        deductions=replace(rules.deductions, **(deductions or {})),
    )
    decided = decide(numbered, replace(scheme, adjustments=changed), names)
    return [(d.decision, d.points) for d in decided]


@pytest.mark.parametrize(
    ("why", "change", "decision", "points"),
    [
        ("a provincial award for this year's work", {}, "accepted", "1"),
        ("a national one is worth more", {"level": "national", "authority": "国务院"},
         "accepted", "2"),
        ("the first day of the window", {"document_date": date(2025, 1, 1)}, "accepted", "1"),
        ("the last day of the window", {"document_date": date(2025, 12, 31)}, "accepted", "1"),
        ("last year's work, this year's document", {"work_year": 2024},
         "accepted_carried_over", "1"),
        ("the day after the window", {"document_date": date(2026, 1, 1)},
         "carried_to_next_year", "0"),
        ("two years late", {"document_date": date(2027, 1, 1)}, "rejected_out_of_window", "0"),
        ("before the window", {"document_date": date(2024, 12, 31)}, "rejected_out_of_window", "0"),
        ("work of two years ago", {"work_year": 2023}, "rejected_out_of_window", "0"),
        ("work of next year", {"work_year": 2026}, "rejected_out_of_window", "0"),
        ("carried over twice", {"work_year": 2024, "document_date": date(2026, 1, 1)},
         "rejected_out_of_window", "0"),
        ("counted already", {"work_year": 2024, "standing": BEFORE},
         "rejected_counted_before", "0"),
        # Planted bug: it is told as carried, and never arrives.
        ("counted already, and its document is late",
         {"document_date": date(2026, 1, 1), "standing": BEFORE}, "rejected_counted_before", "0"),
        ("counted already, and another holds it",
         {"holder_name": "云湖区农业局", "standing": BEFORE}, "rejected_holder_mismatch", "0"),
        ("the same award in another claim", {"standing": ClaimStanding(CONFIRMED, SAME)},
         "rejected_same_award", "0"),
        ("nobody confirmed it", {"standing": ClaimStanding()}, "unconfirmed", "0"),
        ("confirmed when it did not count", {"standing": ClaimStanding(CONFIRMED, "sole")},
         "unconfirmed", "0"),
        ("rejected", {"standing": ClaimStanding("rejected", reason="x")},
         "rejected_by_confirmer", "0"),
        ("taken back", {"standing": ClaimStanding("withdrawn", reason="x")}, "withdrawn", "0"),
        ("a share of it", {"standing": replace(WHOLE, award="joint", share=Decimal("0.25"))},
         "accepted", "0.25"),
        ("an organ of the unit holds it", {"holder_name": "云湖区农业局"},
         "rejected_holder_mismatch", "0"),
        ("nobody holds it", {"holder_name": None}, "rejected_holder_mismatch", "0"),
        ("spaces and full-width letters are typing", {"holder_name": " 云湖区\u3000"},
         "accepted", "1"),
        ("a department grants it", {"authority": "省农业厅"}, "rejected_authority", "0"),
        ("a department that begins like its superior", {"authority": "省委宣传部"},
         "rejected_authority", "0"),
        ("a level the scheme does not know", {"level": "city"}, "rejected_authority", "0"),
        ("an authority of another level", {"level": "national"}, "rejected_authority", "0"),
        ("no indicator", {"linked_indicator": None}, "rejected_not_linked_to_indicator", "0"),
        ("an indicator of another category", {"linked_indicator": "P01"},
         "rejected_not_linked_to_indicator", "0"),
        ("a parent indicator", {"linked_indicator": "C10"}, "accepted", "1"),
        ("a plaque without a document", {"document_no": None}, "rejected_no_document", "0"),
        ("a document without a date", {"document_date": None}, "rejected_no_document", "0"),
    ],
)  # fmt: skip
def test_a_bonus_claim_is_decided_by_rule(scheme, names, why, change, decision, points):
    decided = decisions(scheme, names, replace(AWARD, **change))

    assert decided == [(decision, Decimal(points))], why


@pytest.mark.parametrize(
    ("why", "change", "decision", "points"),
    [
        ("provincial criticism", {}, "accepted", "-1"),
        ("missed last year", {"work_year": 2024}, "accepted_carried_over", "-1"),
        ("no year given means this one", {"work_year": None}, "accepted", "-1"),
        ("comes next year", {"document_date": date(2026, 2, 1)}, "carried_to_next_year", "0"),
        ("counted already", {"standing": BEFORE}, "rejected_counted_before", "0"),
        (
            "counted already and comes late",
            {"document_date": date(2026, 2, 1), "standing": BEFORE},
            "rejected_counted_before",
            "0",
        ),
        ("no such rule", {"rule": "DED99"}, "rejected_unknown_rule", "0"),
    ],
)
def test_a_deduction_claim_is_decided_by_rule(scheme, names, why, change, decision, points):
    decided = decisions(scheme, names, replace(CRITICISM, **change))

    assert decided == [(decision, Decimal(points))], why


def test_nothing_is_carried_over_where_the_scheme_says_so(scheme, names):
    late = replace(AWARD, claim_no="B2", document_date=date(2026, 1, 1), event_key="E2")
    decided = decisions(scheme, names, replace(AWARD, work_year=2024), late, carry_over="none")

    assert [word for word, _ in decided] == ["rejected_out_of_window"] * 2


def test_the_same_event_counts_once_at_the_highest(scheme, names):
    higher = replace(AWARD, claim_no="B2", level="national", authority="中办国办")

    assert decisions(scheme, names, AWARD, higher) == [
        ("superseded_same_event", 0),
        ("accepted", 2),
    ]


def test_of_equals_on_the_same_event_the_lower_number_counts(scheme, names):
    """Caught: letting the order of arrival decide, or superseding both."""
    second = replace(AWARD, claim_no="B2")

    decided = decisions(scheme, names, second, AWARD)
    assert decided == [("accepted", 1), ("superseded_same_event", 0)]


def test_a_rejected_claim_supersedes_nothing(scheme, names):
    national = replace(AWARD, claim_no="B2", level="national", authority="省农业厅")

    assert decisions(scheme, names, AWARD, national)[0] == ("accepted", 1)


@pytest.mark.parametrize("key", ["E\u200b1", "\u2060E1", "Ｅ１", " e1", "E\u00ad1"])
def test_an_event_written_another_way_is_the_same(scheme, names, key):
    """Planted bug: compare the keys as they were typed."""
    again = replace(AWARD, claim_no="B2", event_key=key)

    assert [word for word, _ in decisions(scheme, names, AWARD, again)] == [
        "accepted",
        "superseded_same_event",
    ]


def test_the_same_event_of_another_unit_is_another_event(scheme, names):
    other = replace(AWARD, claim_no="B2", unit="XQ02", holder_name="川城区")

    assert decisions(scheme, names, AWARD, other) == [("accepted", 1)] * 2


def test_a_deduction_on_the_event_of_a_bonus_counts_beside_it(scheme, names):
    criticism = replace(CRITICISM, claim_no="X1")

    assert decisions(scheme, names, AWARD, criticism) == [("accepted", 1), ("accepted", -1)]


def test_the_same_event_may_add_up_where_the_scheme_says_so(scheme, names):
    second = replace(AWARD, claim_no="B2")

    decided = decisions(scheme, names, AWARD, second, bonus={"same_event": "sum"})
    assert decided == [("accepted", 1), ("accepted", 1)]


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        ("3", [("accepted", 1), ("accepted", 2)]),
        ("2.5", [("accepted_capped", "0.5"), ("accepted", 2)]),
        ("2", [("accepted_capped", 0), ("accepted", 2)]),
        ("1", [("accepted_capped", 0), ("accepted_capped", 1)]),
    ],
)
def test_a_units_bonus_stops_at_the_cap_and_the_lightest_claim_is_cut_first(
    scheme, names, cap, expected
):
    national = replace(AWARD, claim_no="B2", level="national", authority="国务院", event_key="E2")

    decided = decisions(scheme, names, AWARD, national, bonus={"cap_total": Decimal(cap)})
    assert decided == [(word, Decimal(points)) for word, points in expected]


def test_deductions_may_be_capped_too(scheme, names):
    decided = decisions(scheme, names, CRITICISM, deductions={"cap_total": Decimal("0.4")})

    assert decided == [("accepted_capped", Decimal("-0.4"))]


@pytest.mark.parametrize(
    ("on", "decision"),
    [
        (date(2025, 4, 30), "accepted"),
        (date(2025, 5, 1), "rejected_holder_mismatch"),
    ],
)
def test_a_holder_is_compared_with_the_names_of_the_documents_day(scheme, on, decision):
    """Caught: comparing with today's name, so that an award to the old name is lost."""
    renamed = [
        UnitName("XQ01", "云湖区", date(2000, 1, 1), date(2025, 5, 1)),
        UnitName("XQ01", "新云湖区", date(2025, 5, 1), None),
    ]

    assert decisions(scheme, renamed, replace(AWARD, document_date=on))[0][0] == decision


@pytest.mark.parametrize(
    ("authority", "granted"),
    [
        ("省委", True),
        ("省委省政府", True),
        ("省委、省政府", True),
        ("省政府 和 省委", True),
        ("", False),
        ("与", False),
        ("省委与", False),
        ("省委办公厅", False),
        ("与省委", False),
        ("国务院省政府", False),
    ],
)
def test_joint_authorities_count_when_each_of_them_is_listed(authority, granted):
    assert granted_by(authority, ["省委", "省政府"]) is granted


def test_of_two_rules_for_a_level_the_better_fitting_counts(scheme, names):
    rules = (
        BonusRule("a", "provincial", Decimal(1), ("省委", "省政府")),
        BonusRule("b", "provincial", Decimal("0.8"), ("省农业厅",)),
    )
    department = replace(AWARD, authority="省农业厅")

    assert decisions(scheme, names, department, bonus={"rules": rules}) == [
        ("accepted", Decimal("0.8"))
    ]


def test_every_decision_gives_its_reason_in_both_languages(scheme, names, claims):
    for decision in decide(claims, scheme, names):
        reason = decision.reason
        assert reason.en.isascii() or decision.claim.authority or decision.claim.holder_name
        assert not reason.zh.isascii()
        assert reason.code.isascii()


def test_a_window_that_never_closes_is_no_fault(scheme, names):
    """Planted bug: reckon a year after the last day there is."""
    window = replace(scheme.adjustments.window, closes=date.max)
    endless = replace(scheme, adjustments=replace(scheme.adjustments, window=window))
    (decision,) = decide([AWARD], endless, names)
    assert decision.decision == "accepted"
