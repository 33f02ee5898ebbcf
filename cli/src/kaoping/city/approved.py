"""What a city's scheme says of the way from totals to consequences, and what is corrected on it.

Who is sent back, who objects, and what comes of it follows from the ranking itself: nothing here
knows a score.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kaoping.city.generated import leaves
from kaoping.plan import Document, Plan

SIGNATURE, MERGE, REVIEW, DECISION = "signature", "merge", "review", "decision"
CORRECTED = "INST"
"""The category that is corrected on its way, where it has one."""

NOTICE_DAYS = 3
"""How many working days a proposed result is shown."""

TITLE = "目标管理先进单位"
CONSEQUENCES: Document = {
    "by_grade": [
        {"grade": "excellent", "kind": "commendation"},
        {"grade": "good", "kind": "commendation"},
        {"grade": "excellent", "kind": "bonus_coefficient", "amount": "1.3"},
        {"grade": "good", "kind": "bonus_coefficient", "amount": "1.15"},
        {"grade": "qualified", "kind": "bonus_coefficient", "amount": "1"},
        {"grade": "excellent", "kind": "headcount_quota", "amount": "0.2"},
        {"grade": "good", "kind": "headcount_quota", "amount": "0.17"},
        {"grade": "qualified", "kind": "headcount_quota", "amount": "0.15"},
        {"grade": "unqualified", "kind": "award_ban", "months": 12},
    ],
    "flat_below": "0.1",
}
"""What grades lead to."""


def with_way(plan: Plan, *, noticed: bool) -> Plan:
    """Return a year whose rankings are signed, merged, reviewed and decided by meetings, and lead
    to something; what is proposed is shown to everybody where it is `noticed`, which takes days."""
    scheme = {
        **plan.scheme,
        "approval": {"steps": [*_steps(plan)]},
        "consequences": CONSEQUENCES,
    }
    if noticed:
        scheme["notice"] = {"after": REVIEW, "working_days": NOTICE_DAYS, "shows": "grades"}
    return replace(plan, scheme=scheme)


def _steps(plan: Plan) -> Iterator[Document]:
    """Yield the steps of the chain. In the committee sits somebody of each category, in the
    standing committee of two: who competes is recused."""
    names = {unit["code"]: unit["name"] for unit in plan.units}
    firsts = [each["units"][0] for each in plan.scheme["categories"]]
    seats = [*firsts, None]
    committee = [
        {"code": f"M{n}", "name": names.get(unit or "", "主任"), "unit": unit}
        for n, unit in enumerate(seats, 1)
    ]
    higher = [
        {"code": f"S{n}", "name": f"常委{n}", "unit": unit}
        for n, unit in enumerate([None, None, None, *firsts[:2]], 1)
    ]
    yield {
        "code": SIGNATURE,
        "name": "分管副市长签署",
        "role": "vice_mayor",
        "delegates": True,
        "needs": "hand_in",
    }
    yield {"code": MERGE, "name": "绩效办汇总", "role": "performance_office", "needs": "document"}
    yield {
        "code": REVIEW,
        "name": "委员会审核",
        "role": "committee",
        "kind": "meeting",
        "members": committee,
        "quorum": "two_thirds",
        "majority": "over_half",
        "send_back_to": [SIGNATURE, MERGE],
        "instead": "standing_committee",
        "at_least": min(5, len(committee) - 1),
    }
    yield {
        "code": DECISION,
        "name": "常委会审定",
        "role": "standing_committee",
        "kind": "meeting",
        "members": higher,
        "quorum": "two_thirds",
        "majority": "two_thirds",
        "at_least": 3,
        "send_back_to": [SIGNATURE, REVIEW],
    }


@dataclass(frozen=True)
class Marked:
    """An indicator of a category by which every unit has one entry, and what entries are worth the
    most and the least."""

    category: str
    indicator: str
    best: Document
    worst: Document


def corrected(plan: Plan) -> Marked | None:
    """Return the indicator by which units are corrected on the way, if one can be found; of the
    category of which a file tells what is published elsewhere last."""
    codes = sorted(plan.categories, key=lambda code: code != CORRECTED)
    if codes[0] != CORRECTED:
        codes = [*codes[1:], codes[0]]
    return next((each for code in codes for each in _of(plan, code)), None)


def _of(plan: Plan, code: str) -> Iterator[Marked]:
    [category] = [each for each in plan.scheme["categories"] if each["code"] == code]
    for leaf in leaves(category):
        sides = _sides(leaf)
        if sides is not None and _has_one_entry_each(plan, category, leaf["code"]):
            yield Marked(code, leaf["code"], *sides)


def _sides(leaf: Mapping[str, Any]) -> tuple[Document, Document] | None:
    """Return what is entered for the most and for the least points of an indicator."""
    params = leaf["params"]
    if leaf["method"] == "grade_map":
        words = sorted(params["grades"], key=lambda word: Decimal(params["grades"][word]))
        return {"word": words[-1]}, {"word": words[0]}
    if leaf["method"] == "tiers" and all("min" in tier for tier in params["tiers"]):
        best = max(Decimal(tier["min"]) for tier in params["tiers"])
        return {"value": f"{best:f}"}, {"value": "0"}
    return None


def _has_one_entry_each(plan: Plan, category: Document, indicator: str) -> bool:
    entered = [
        each["unit"]
        for posted in plan.entries.values()
        for each in posted
        if each["indicator"] == indicator and each["unit"] in category["units"]
    ]
    return sorted(entered) == sorted(category["units"])
