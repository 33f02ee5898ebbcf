"""What claims come to beside one another: places, holders, limits, caps and their order.

Each row is a case of the year's rule books: lists by rank or tier, caps per rule, family and unit,
and what becomes of renamed units, organs and persons.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from scoring.rules.claims.checks import ClaimContext, propose
from scoring.rules.claims.decisions import decide
from scoring.rules.claims.states import CONFIRMED, ClaimStanding
from scoring.rules.scheme.document import BonusRule, DeductionRule, Family, UnitName

from .test_claims import AWARD, CRITICISM

TIERS = {"一等奖": Decimal(2), "二等奖": Decimal("1.2"), "3": Decimal("0.5")}


def rule(code="R", **more):
    usual = {"level": "provincial", "points": Decimal(2), "authorities": ("省委", "省政府")}
    return BonusRule(code, **(usual | more))


def came_to(scheme, names, claims, **bonus):
    """The decision and points of claims under bonus rules, by their order."""
    numbered = [
        replace(
            claim, claim_id=UUID(int=n), claim_no=f"B{n:02}", event_key=claim.event_key or f"E{n}"
        )
        for n, claim in enumerate(claims, 1)
    ]
    rules = scheme.adjustments
    policy = replace(rules.bonus, **({"rules": (rule(),)} | bonus))
    changed = replace(scheme, adjustments=replace(rules, bonus=policy))
    return [(each.decision, each.points) for each in decide(numbered, changed, names)]


def one(**more):
    return replace(AWARD, event_key="", **more)


@pytest.mark.parametrize(
    ("why", "claim", "bonus", "decision", "points"),
    [
        ("the first tier has the listed value", {"place": "一等奖"}, {}, "accepted", "2"),
        ("a lower tier less", {"place": "二等奖"}, {}, "accepted", "1.2"),
        ("a rank", {"place": "3"}, {}, "accepted", "0.5"),
        ("typed in full width", {"place": "３ "}, {}, "accepted", "0.5"),
        ("a place that is not listed", {"place": "4"}, {}, "rejected_unknown_place", "0"),
        ("no place", {}, {}, "rejected_unknown_place", "0"),
        ("an organ, where the scheme takes those by half",
         {"place": "二等奖", "holder_kind": "subordinate", "holder_name": "云湖区图书馆"},
         {"holders": {"subordinate": Decimal("0.5")}}, "accepted", "0.6"),
        ("a person, where it takes organs only",
         {"place": "二等奖", "holder_kind": "person", "holder_name": "张三"},
         {"holders": {"subordinate": Decimal("0.5")}}, "rejected_holder_mismatch", "0"),
        ("a person, where it takes none",
         {"place": "二等奖", "holder_kind": "person"}, {}, "rejected_holder_mismatch", "0"),
        ("decided against it, in the share of its award",
         {"standing": ClaimStanding(CONFIRMED, "joint", share=Decimal("0.5"), against=Decimal(1))},
         {}, "accepted_against_proposal", "0.5"),
    ],
)  # fmt: skip
def test_a_claim_is_worth_what_its_place_and_holder_bring(
    scheme, names, why, claim, bonus, decision, points
):
    found = came_to(scheme, names, [one(**claim)], rules=(rule(by_place=TIERS),), **bonus)
    assert found == [(decision, Decimal(points))], why


TWO = (rule("A", family="F"), rule("B", level="national", points=Decimal(3), family="F"))
NATIONAL = {"level": "national", "authority": "省委"}


@pytest.mark.parametrize(
    ("why", "claims", "bonus", "points"),
    [
        ("no cap", [{}, {}], {}, [2, 2]),
        ("a cap of the rule", [{}, {}], {"rules": (rule(cap=Decimal(3)),)}, [2, 1]),
        ("of the family, the lightest first", [{}, NATIONAL],
         {"rules": TWO, "families": (Family("F", Decimal(4)),)}, [1, 3]),
        ("rule before family", [{}, {}, NATIONAL],
         {"rules": (replace(TWO[0], cap=Decimal(2)), TWO[1]),
          "families": (Family("F", Decimal(4)),)}, [1, 0, 3]),
        ("family before unit", [{}, NATIONAL],
         {"rules": TWO, "families": (Family("F", Decimal(4)),), "cap_total": Decimal("3.5")},
         ["0.5", 3]),
        ("two written instructions of leaders count for a unit, and no third",
         [{}, {}, {}], {"rules": (rule(limit=2),)}, [2, 2, 0]),
        ("the limit takes the weightiest", [{"place": "二等奖"}, {"place": "一等奖"}],
         {"rules": (rule(limit=1, by_place=TIERS),)}, [0, 2]),
        ("a limit is of the rule alone", [{}, NATIONAL],
         {"rules": (rule("A", limit=1), TWO[1])}, [2, 3]),
    ],
)  # fmt: skip
def test_limits_and_caps_cut_from_the_rule_to_the_unit(scheme, names, why, claims, bonus, points):
    """Planted bugs: leave a cap out; cut the unit before its families; count a limit by unit."""
    usual = {"cap_total": None}
    found = came_to(scheme, names, [one(**each) for each in claims], **(usual | bonus))
    assert [points for _, points in found] == [Decimal(each) for each in points], why


SIXTH = replace(AWARD.standing, award="joint", share=Decimal("0.01665"))


@pytest.mark.parametrize("where", ["rule", "family", "unit"])
@pytest.mark.parametrize("order", ["highest_then_caps", "caps_then_highest"])
@pytest.mark.parametrize("cap", ["0.1", "0.09999", "0.05005"])
def test_what_is_shown_never_passes_a_cap(scheme, names, where, order, cap):
    """Six shares of 0.01665 are each shown as 0.0167, and a cap may have more places than are
    shown. Planted bugs: cut before each is rounded; round the rest up that a cap leaves."""
    caps = {"rule": {"cap_total": None}, "family": {"cap_total": None}, "unit": {}}[where]
    rules = rule(
        points=Decimal(1), family="F", **({"cap": Decimal(cap)} if where == "rule" else {})
    )
    caps |= {"families": (Family("F", Decimal(cap)),)} if where == "family" else {}
    caps |= {"cap_total": Decimal(cap)} if where == "unit" else {}
    found = came_to(scheme, names, [one(standing=SIXTH)] * 6, rules=(rules,), order=order, **caps)
    total = sum(points for _, points in found)
    assert total <= Decimal(cap) < total + Decimal("0.0001")
    assert all(points.as_tuple().exponent == -4 for _, points in found)


@pytest.mark.parametrize(
    ("order", "points"),
    [("highest_then_caps", [0, 2, 2]), ("caps_then_highest", [0, 2, 1])],
)
def test_the_order_of_caps_and_of_the_highest_is_the_schemes(scheme, names, order, points):
    """Two awards of one event and one of another, under a cap of 5: what gives way to the other of
    its event has used up the cap, or has not. Planted bug: one order for both."""
    claims = [replace(one(), event_key="E"), replace(one(), event_key="E"), one()]
    found = came_to(scheme, names, claims, rules=(rule(),), cap_total=Decimal(5), order=order)
    assert sorted(points for _, points in found) == sorted(Decimal(each) for each in points)


@pytest.mark.parametrize(
    ("across_years", "earlier", "outcome"),
    [
        ("each_year", "1.5", ("accepted", "2")),
        ("once", "0", ("accepted", "2")),
        ("once", "0.1", ("superseded_same_event", "0")),
        ("excess", "1.5", ("accepted", "0.5")),
        ("excess", "2", ("superseded_same_event", "0")),
        ("excess", "3", ("superseded_same_event", "0")),
        ("excess", None, ("unconfirmed", "0")),
    ],
)
def test_what_an_event_brought_in_earlier_years_is_not_brought_again(
    scheme, names, across_years, earlier, outcome
):
    """Confirmed before the scheme looked at earlier years, a claim is confirmed again. Planted bug:
    take what nobody put down for nothing."""
    brought = None if earlier is None else Decimal(earlier)
    claim = one(standing=replace(AWARD.standing, earlier_points=brought))
    found = came_to(scheme, names, [claim], across_years=across_years)
    assert found == [(outcome[0], Decimal(outcome[1]))]


def test_a_place_among_the_last_costs_what_its_rule_lists(scheme, names):
    last = DeductionRule("LAST", Decimal(5), {"1": Decimal(5), "2": Decimal(3)}, limit=1)
    rules = scheme.adjustments
    changed = replace(rules, deductions=replace(rules.deductions, rules=(last,)))
    claims = [
        replace(CRITICISM, claim_no=f"X{n}", claim_id=UUID(int=n), rule="LAST", place=place,
                event_key=f"E{n}")
        for n, place in enumerate(("2", "1", "9"))
    ]  # fmt: skip
    found = decide(claims, replace(scheme, adjustments=changed), names)
    assert [(each.decision, each.points) for each in found] == [
        ("rejected_over_limit", 0),
        ("accepted", -5),
        ("rejected_unknown_place", 0),
    ]


def test_what_is_cut_says_by_which_cap(scheme, names):
    rules = scheme.adjustments
    policy = replace(rules.bonus, rules=(rule("批示", cap=Decimal("0.5")),))
    changed = replace(scheme, adjustments=replace(rules, bonus=policy))
    (found,) = decide([AWARD], changed, names)
    assert (found.decision, found.points) == ("accepted_capped", Decimal("0.5"))
    assert "批示" in found.reason.zh
    assert found.reason.params == {"points": "2", "cap": "0.5"}


@pytest.mark.parametrize(
    ("holder", "dated", "decision"),
    [
        ("云湖县", date(2025, 5, 31), "accepted"),
        ("云湖县", date(2025, 6, 1), "rejected_holder_mismatch"),
        ("云湖区", date(2025, 6, 1), "accepted"),
        ("云湖区", date(2025, 5, 31), "rejected_holder_mismatch"),
        ("云湖", date(2025, 5, 31), "accepted"),
    ],
)
def test_an_award_to_a_unit_that_was_renamed_in_june_is_held_by_its_name_of_that_day(
    scheme, holder, dated, decision
):
    names = [
        UnitName("XQ01", "云湖县", date(2000, 1, 1), date(2025, 6, 1)),
        UnitName("XQ01", "云湖区", date(2025, 6, 1), None),
        UnitName("XQ01", "云湖", date(2000, 1, 1), None),
    ]
    claim = replace(AWARD, holder_name=holder, document_date=dated)
    assert propose(claim, ClaimContext(scheme, names)).decision == decision


def test_every_claim_of_the_reference_year_is_proposed_as_the_rule_book_says(
    raw, scheme, names, claims
):
    """What a rule proposes by itself is what it expects, but for the highest of one event."""
    context = ClaimContext(scheme, names)
    found = {claim.claim_no: propose(claim, context) for claim in claims}
    decided = {each.claim.claim_no: each for each in decide(claims, scheme, names)}
    assert len(found) == len(raw.year["claims"]) == 10
    for each in raw.year["claims"]:
        expected = each["expect"]
        sheet = decided[each["id"]]
        assert (sheet.decision, sheet.points) == (
            expected["decision"],
            Decimal(str(expected["points"])),
        )
        if expected["decision"] != "superseded_same_event":
            assert found[each["id"]].decision == expected["decision"]
            assert found[each["id"]].points == Decimal(str(expected["points"]))
