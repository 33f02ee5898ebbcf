"""Every edge of the rules about claims that a rule book names, as a row: what it comes to.

Levels, lists by tier and place, windows, documents, names, joint awards, limits and caps; what
needs a database, as an award that is claimed twice or revoked, is looked at where that is.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from scoring.rules.claims.decisions import decide
from scoring.rules.claims.states import CONFIRMED, JOINT, LISTED, SAME, ClaimStanding
from scoring.rules.scheme.document import DeductionRule, Family

from .test_claims import AWARD, CRITICISM
from .test_worth import rule

NATIONAL = {"level": "national", "authority": "国务院"}
CITY = rule("CITY", level="city", points=Decimal("0.5"), authorities=("市委", "市政府"))
RANKED = {str(n): Decimal(6 - n) for n in range(1, 6)}
ITEMS = rule("ITEM", by_place={"牵头": Decimal("0.2"), "配合": Decimal("0.1")}, cap=Decimal("0.4"))
TIERED = rule(by_place={"一等奖": Decimal(2), "二等奖": Decimal(1)})
PLACED = rule(points=Decimal(5), by_place=RANKED)
LEADERS = rule("PISHI", points=Decimal("0.1"), limit=2)
COMMENDED = rule("COMMEND", family="A"), rule("SCORED", level="national", family="B")
LATE = DeductionRule("LATE", Decimal(5))
LAST = DeductionRule("LAST", Decimal(5), RANKED)


def joint(kind, share):
    taken = None if share is None else Decimal(share)
    return {"standing": ClaimStanding(CONFIRMED, kind, share=taken)}


BONUS = [
    ("a national award 2, a provincial one 1", {}, [NATIONAL, {}], ["2", "1"]),
    ("the same content once, at the highest level", {}, [{"event_key": "E"},
     NATIONAL | {"event_key": "E"}], ["0", "2"]),
    ("no more than three in all", {"cap_total": "3"}, [NATIONAL, NATIONAL], ["2", "1"]),
    ("a city's award is the city's own", {"rules": (CITY,)}, [{"level": "city", "authority": who}
     for who in ("市委市政府", "市农业局", "市委办公室")], ["0.5", "0", "0"]),
    ("a document with tiers", {"rules": (TIERED,)},
     [{"place": "一等奖"}, {"place": "二等奖"}, {"place": "优秀奖"}], ["2", "1", "0"]),
    ("a place in a ranking", {"rules": (PLACED,), "cap_total": None},
     [{"place": "1"}, {"place": "5"}, {"place": "6"}], ["5", "1", "0"]),
    ("supervised items, lead or support, up to a cap", {"rules": (ITEMS,)},
     [{"place": "牵头"}, {"place": "牵头"}, {"place": "配合"}], ["0.2", "0.2", "0"]),
    ("commendations and work rankings each have a cap", {"rules": COMMENDED, "cap_total": None,
     "families": (Family("A", Decimal(3)), Family("B", Decimal(2)))},
     [{}, {}, NATIONAL | {"authority": "省委"}], ["2", "1", "2"]),
    ("two written instructions of leaders count, and no third", {"rules": (LEADERS,)}, [{}] * 3,
     ["0.1", "0.1", "0"]),
    ("the first and the last day of the window", {},
     [{"document_date": date(2025, 1, 1)}, {"document_date": date(2025, 12, 31)}], ["1", "1"]),
    ("work of last year, commended in February", {},
     [{"work_year": 2024, "document_date": date(2025, 2, 3)}], ["1"]),
    ("a document that comes after the year counts in the next", {},
     [{"document_date": date(2026, 2, 3)}], ["0"]),
    ("carried over once", {}, [{"work_year": 2023}], ["0"]),
    ("another holder than the unit", {}, [{"holder_name": "云湖区农业局"}], ["0"]),
    ("content that no indicator of the unit measures", {}, [{"linked_indicator": "NONE"}], ["0"]),
    ("a plaque without a document", {}, [{"document_no": None}], ["0"]),
    ("a joint award in shares", {}, [joint(JOINT, "0.6")], ["0.6"]),
    ("a joint award in full, by the list", {}, [joint(LISTED, "1")], ["1"]),
    ("a joint award of which another unit leads", {}, [joint(SAME, None)], ["0"]),
    ("an award of a body below the unit, by half", {"holders": {"subordinate": "0.5"}},
     [{"holder_kind": "subordinate", "holder_name": "云湖区图书馆"}], ["0.5"]),
    ("an award of a person, where the scheme takes none", {},
     [{"holder_kind": "person", "holder_name": "张三"}], ["0"]),
]  # fmt: skip

DEDUCTIONS = [
    ("a report that was late or hidden", {}, [{"rule": "LATE"}], ["-5"]),
    ("each one, where they add up", {"same_event": "sum"}, [{"rule": "LATE", "event_key": "E"}] * 2,
     ["-5", "-5"]),
    ("the highest of one event by default", {}, [{"rule": "LATE", "event_key": "E"},
     {"rule": "LAST", "place": "5", "event_key": "E"}], ["-5", "0"]),
    ("among the last five", {}, [{"rule": "LAST", "place": "1"}, {"rule": "LAST", "place": "4"}],
     ["-5", "-2"]),
    ("an award that was revoked, whatever the cap", {"cap_total": "1"},
     [{"rule": None, "revokes": uuid4(), "revoked_points": Decimal(2)}], ["-2"]),
    ("a cap of deductions", {"cap_total": "6"}, [{"rule": "LATE"}, {"rule": "LATE"}], ["-5", "-1"]),
    ("a rule that there is not", {}, [{"rule": "NONE"}], ["0"]),
]  # fmt: skip


def points(scheme, names, base, policy, changes):
    """What claims come to, by their order."""
    kind = "bonus" if base.kind == "bonus" else "deductions"
    rules = scheme.adjustments
    given = {k: Decimal(v) if isinstance(v, str) and k == "cap_total" else v
             for k, v in policy.items()}  # fmt: skip
    if "holders" in given:
        given["holders"] = {who: Decimal(part) for who, part in given["holders"].items()}
    changed = replace(rules, **{kind: replace(getattr(rules, kind), **given)})
    claims = [
        replace(base, **({"event_key": f"E{n}"} | more), claim_no=f"N{n:02}", claim_id=UUID(int=n))
        for n, more in enumerate(changes, 1)
    ]
    return [each.points for each in decide(claims, replace(scheme, adjustments=changed), names)]


@pytest.mark.parametrize(("why", "policy", "claims", "worth"), BONUS, ids=[b[0] for b in BONUS])
def test_a_bonus_comes_to_what_the_rule_book_says(scheme, names, why, policy, claims, worth):
    found = points(scheme, names, AWARD, policy, claims)
    assert found == [Decimal(each) for each in worth], why


@pytest.mark.parametrize(
    ("why", "policy", "claims", "worth"), DEDUCTIONS, ids=[d[0] for d in DEDUCTIONS]
)
def test_a_deduction_comes_to_what_the_rule_book_says(scheme, names, why, policy, claims, worth):
    found = points(scheme, names, CRITICISM, {"rules": (LATE, LAST)} | policy, claims)
    assert found == [Decimal(each) for each in worth], why
