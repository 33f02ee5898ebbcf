"""Simulations over HTTP: totals, ranks and grades before and after, and nothing kept of it."""

from decimal import Decimal

import pytest

OTHERS = [
    "assessed_unit",
    "organiser",
    "data_source_unit",
    "responsible_body",
    "survey_centre",
    "system_administrator",
    "committee",
    "standing_committee",
    "auditor",
]

NOT_RANKED = {
    "code": "not_ranked",
    "params": {"missing": ["C01"]},
    "en": "not ranked: C01 missing",
    "zh": "未参加排名：缺少C01",
}


def function(unit: str, points: str | None) -> dict[str, str | None]:
    """Say what a unit's points of the function block would be."""
    return {"unit": unit, "indicator": "C01", "kind": "measured_value", "value": points}


async def simulate(cycle, *values, category="COUNTY", scheme=None, role="performance_office"):
    body = {"category": category, "scheme": scheme, "values": list(values)}
    return await cycle.post("/simulations", body, role=role)


async def moves(cycle, *values, **more):
    async with cycle.unchanged():
        answer = await simulate(cycle, *values, **more)
    assert answer.status_code == 200, answer.text
    return {one["unit"]: one for one in answer.json()["units"]}


async def test_no_change_moves_nobody(cycle, county_year):
    found = await moves(cycle)
    expected = {line["unit"]: line for line in county_year["expected"]}
    assert found.keys() == expected.keys()
    for unit, move in found.items():
        assert move["before"] == move["after"]
        assert (move["rank_change"], move["grade_changed"]) == (0, False)
        assert Decimal(move["total_change"]) == 0
        assert Decimal(move["after"]["final_total"]) == Decimal(expected[unit]["final_total"])
        assert move["name"] == expected[unit]["name_zh"]


async def test_a_changed_value_moves_ranks_and_grades(cycle, county_year):
    """Planted bug: take the ranks of one side from the other, or turn the sign of a rise."""
    by_rank = {line["rank"]: line for line in county_year["expected"]}
    first, second = by_rank[1]["unit"], by_rank[2]["unit"]
    found = await moves(cycle, function(first, "10.0000"))
    last = len(found)
    assert (found[first]["before"]["rank"], found[first]["after"]["rank"]) == (1, last)
    assert found[first]["rank_change"] == 1 - last
    assert Decimal(found[first]["total_change"]) == 10 - Decimal(by_rank[1]["function"])
    assert found[first]["after"]["grade"] == "unqualified"
    assert found[first]["grade_changed"] is True
    assert (found[second]["rank_change"], Decimal(found[second]["total_change"])) == (1, 0)
    assert next(iter(found)) == second


async def test_what_has_been_reported_counts_on_both_sides(cycle):
    """Planted bug: rank the simulation without the vetoes on record."""
    veto = {"unit": "XQ05", "code": "V02", "document_no": "1号", "decided_on": "2026-02-10"}
    await cycle.report("/vetoes", veto, role="responsible_body", unit="ZH11")
    move = (await moves(cycle))["XQ05"]
    assert (move["before"]["grade"], move["after"]["grade"]) == ("qualified", "qualified")
    [reason] = move["after"]["reasons"]
    assert (reason["code"], reason["params"]) == ("capped_by_veto", {"vetoes": ["V02"]})


async def test_a_changed_scheme_grades_by_its_own_rules(cycle, scheme_document):
    """Planted bug: grade both sides by the scheme in force."""
    none = [{**level, "rate": "0", "min_count": 0} for level in scheme_document["grades"]["levels"]]
    changed = scheme_document | {"grades": scheme_document["grades"] | {"levels": none}}
    found = await moves(cycle, scheme=changed)
    assert {move["after"]["grade"] for move in found.values()} == {"qualified", "unqualified"}
    assert "excellent" in {move["before"]["grade"] for move in found.values()}
    assert {move["rank_change"] for move in found.values()} == {0}


async def test_scoring_is_sent_the_changes_and_the_one_category(cycle, peers, scheme_document):
    scheme = scheme_document | {"title": "0.10", "number": 5}
    changed = function("XQ01", "0.1000") | {"listed": 7}
    await moves(cycle, changed, scheme=scheme)
    sent = peers.simulated[-1]
    assert sent["categories"] == ["COUNTY"]
    assert (sent["scheme"]["title"], sent["scheme"]["number"]) == ("0.10", 5)
    nothing = dict.fromkeys(["key", "item", "period", "word"])
    assert sent["values"] == [changed | nothing]


async def test_no_connection_waits_for_another_service(cycle, peers, service, monkeypatch):
    """Planted bug: take the connection of the snapshot before its first statement."""
    pool = service.app.state.sessions.kw["bind"].pool
    held = []
    monkeypatch.setattr(peers, "watch", lambda: held.append(pool.checkedout()))
    await moves(cycle)
    assert len(held) == 4
    assert set(held) == {0}


async def test_a_gap_is_refused_as_a_ranking_would_be(cycle):
    async with cycle.unchanged():
        answer = await simulate(cycle, function("XQ03", None))
    assert (answer.status_code, answer.json()["type"]) == (409, "sheet-incomplete")
    why = {"reason": "x", "reason_zh": ""}
    assert answer.json()["missing"] == [{"unit": "XQ03", "indicator": "C01"} | why]


async def test_a_gap_is_left_out_where_the_changed_scheme_wants_that(cycle, scheme_document):
    ranking = scheme_document["ranking"] | {"incomplete": "leave_out"}
    changed = scheme_document | {"ranking": ranking}
    found = await moves(cycle, function("XQ03", None), scheme=changed)
    assert found["XQ03"]["after"] == {
        "final_total": None,
        "rank": None,
        "grade": None,
        "reasons": [NOT_RANKED],
    }
    assert (found["XQ03"]["rank_change"], found["XQ03"]["total_change"]) == (None, None)
    assert found["XQ03"]["grade_changed"] is True
    assert list(found)[-1] == "XQ03"


async def test_what_scoring_refuses_is_refused_with_its_faults(cycle):
    async with cycle.unchanged():
        answer = await simulate(cycle, function("XQ01", "1"), function("XX99", "1"))
    assert (answer.status_code, answer.json()["type"]) == (422, "peer-rejected")
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/values/1/unit", "unknown-unit")


async def test_a_changed_scheme_is_ranked_as_it_is_when_complete(cycle, scheme_document):
    """Planted bug: read the scheme as it came, without what indicators completes."""
    ranking = scheme_document["ranking"] | {"incomplete": "leave_out"}
    found = await moves(cycle, function("XQ03", None), scheme={"ranking": ranking})
    assert found["XQ03"]["after"]["reasons"] == [NOT_RANKED]


async def test_what_indicators_finds_wrong_with_a_scheme_is_refused_with_every_fault(
    cycle, peers, scheme_document, monkeypatch
):
    """Planted bug: point into the body of the check, not of the simulation."""
    faults = [
        {"pointer": "/scheme/vetoes", "code": "missing", "detail": "x"},
        {"pointer": "/scheme/grades/vacancy", "code": "literal-error", "detail": "y"},
    ]
    monkeypatch.setattr(peers, "faults", faults)
    peers.simulated.clear()
    async with cycle.unchanged():
        answer = await simulate(cycle, scheme=scheme_document)
    assert (answer.status_code, answer.json()["type"]) == (422, "peer-rejected")
    assert answer.json()["errors"] == faults
    assert peers.simulated == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"category": "COUNTY", "edition": 1},
        {"category": "COUNTY", "values": [{"unit": "XQ01"}]},
    ],
)
async def test_a_malformed_body_is_refused(cycle, body):
    answer = await cycle.post("/simulations", body, role="performance_office")
    assert (answer.status_code, answer.json()["type"]) == (422, "malformed-request")


async def test_a_category_that_the_scheme_lacks_is_refused(cycle):
    answer = await simulate(cycle, category="NOWHERE")
    assert (answer.status_code, answer.json()["type"]) == (422, "unknown-category")


@pytest.mark.parametrize("role", OTHERS)
async def test_only_the_performance_office_simulates(cycle, peers, role):
    peers.asked.clear()
    answer = await simulate(cycle, role=role)
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    assert peers.asked == []


async def test_no_key_is_needed_because_nothing_is_kept(cycle, service):
    token = service.signer.token("performance_office")
    client = service.client({"Authorization": f"Bearer {token}"})
    client.event_hooks = {"request": []}
    async with client:
        path = f"/api/v1/cycles/{cycle.cycle_id}/simulations"
        answer = await client.post(path, json={"category": "COUNTY"})
    assert answer.status_code == 200
