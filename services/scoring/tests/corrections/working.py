"""Corrections in tests: a sealed year, and who proposes and decides what it is to say instead."""

from decimal import Decimal

UNITS = ("XQ01", "XQ02", "XQ03", "XQ04")
VALUES = {"XQ01": 80, "XQ02": 70, "XQ03": 60, "XQ04": 50}
DOCUMENT = {
    "issuer": "云川市审计局",
    "document_no": "云审报〔2026〕7号",
    "document_date": "2026-02-10",
    "reason": "重复计算",
}


def compared(document):
    """A scheme whose four units are held against the best, ranked, and lose points by events."""
    of = {"points": "20", "data_source_unit": "ZH02", "children": [], "allow_exceed": False}
    of |= {"frequency": "yearly"}
    rank = {"step_ratio": "0.1", "from": "top", "rank_by": "higher", "tie": "same_rank_skip"}
    indicators = [
        of | {"code": "BEST", "name": "比", "method": "relative_to_best", "params": {}},
        of | {"code": "PLACE", "name": "排", "method": "rank_points", "params": rank},
        of | {"code": "LOST", "name": "扣", "method": "deduct_events"}
        | {"params": {"per_event": {"late": "2"}}},
    ]  # fmt: skip
    block = {"code": "function", "name": "板块", "points": "60", "indicators": indicators}
    category = {"code": "COUNTY", "name": "县", "units": [*UNITS], "blocks": [block]}
    category |= {"organiser": "ZH40"}
    return document | {
        "categories": [category],
        "ledger": {"zero_report_required": False},
        "composition": document["composition"] | {"parts": ["function"]},
    }


def value(unit, indicator, number, **more):
    told = {"unit": unit, "indicator": indicator, "kind": "measured_value", "key": "value"}
    return told | {"period": "2025", "value": str(number)} | more


async def sealed_year(cycle):
    """Seal a year with its first edition fed back; keep the ids of its entries by unit."""
    cycle.best = await cycle.enter(*(value(u, "BEST", n) for u, n in VALUES.items()))
    cycle.place = await cycle.enter(*(value(u, "PLACE", n) for u, n in VALUES.items()))
    event = {"unit": "XQ04", "indicator": "LOST", "kind": "event", "key": "late"}
    cycle.late = await cycle.enter(event | {"period": "2025-03", "value": "1"})
    await cycle.verify(all_submitted=True)
    seen = (await cycle.post(cycle.office, "ledger/seal?mode=check", {})).json()["seen"]
    answer = await cycle.post(cycle.office, "ledger/seal", {"seen": seen})
    assert answer.status_code == 200, answer.text
    assert await cycle.score() == 1
    assert (await cycle.post(cycle.office, "score-sheets/1/feedback")).status_code == 201
    return cycle


async def propose(cycle, by=None, **more):
    body = {"origin": "audit", "what": "replaces"} | DOCUMENT | more
    return await cycle.post(by or cycle.colleague, "corrections", body)


async def proposed(cycle, **more):
    answer = await propose(cycle, **more)
    assert answer.status_code == 201, answer.text
    assert answer.json()["correction"]["state"] == "proposed"
    return answer.json()["correction"]["correction_id"]


async def decide(cycle, correction, by=None, decision="approved", **more):
    by = by or cycle.caller("committee", subject="member")
    body = {"decision": decision} | more
    return await cycle.post(by, f"corrections/{correction}/decision", body)


async def approved(cycle, who="member", **more):
    correction = await proposed(cycle, **more)
    answer = await decide(cycle, correction, cycle.caller("committee", subject=who))
    assert answer.status_code == 201, answer.text
    return correction


async def sheet(cycle, edition, suffix=""):
    answer = await cycle.office.get(f"{cycle.path}/score-sheets/{edition}{suffix}")
    assert answer.status_code == 200, answer.text
    return answer


def totals_of(best, place, lost):
    """The totals as the regulation says, by hand: value by the best one, a tenth less by place."""
    found = {}
    for unit in UNITS:
        rank = 1 + sum(other > place[unit] for other in place.values())
        shown = Decimal(20) * best[unit] / max(best.values())
        total = shown.quantize(Decimal("0.0001")) + 20 - 2 * (rank - 1) + 20 - 2 * lost[unit]
        found[unit] = total
    return found


def told(answer):
    return {each["unit"]: Decimal(each["total"]) for each in answer.json()["units"]}
