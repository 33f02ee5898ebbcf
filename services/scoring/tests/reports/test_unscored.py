"""What is in the record and counts nowhere, who reads it, and that no seal passes it by."""

import json
from types import SimpleNamespace

import pytest

VALUE = {
    "unit": "XQ01",
    "indicator": "C01",
    "kind": "measured_value",
    "key": "actual",
    "value": "104",
}
UNPLANNED = {
    "unit": "ZH05",
    "indicator": "G03",
    "kind": "measured_value",
    "key": "actual",
    "item": "unplanned",
    "value": "1",
}


UNSEEN = {"accept_unscored": {"reason": "x"}}
"""What accepts all there is without having looked."""


def claim(unit: str, number: str) -> dict:
    return {
        "claim_no": f"K-{number}",
        "unit": unit,
        "kind": "deduction",
        "rule": "DED02",
        "authority": "省委办公厅",
        "document_no": f"省办〔2025〕{number}号",
        "document_date": "2025-06-01",
        "event_key": f"E-{number}",
    }


async def items(client, path: str, **query) -> list[dict]:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["next"] is None or "limit" in query
    return answer.json()["items"]


@pytest.fixture(scope="module")
async def mixed(new_cycle, others, document):
    """A cycle with something of every kind that counts nowhere, and what each is listed as."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    own = cycle.caller("assessed_unit", unit="ZH05")
    [counts, gone] = await cycle.enter(VALUE, VALUE | {"unit": "XQ02"})
    body = {"entries": [UNPLANNED], "state": "submitted"}
    idle = (await cycle.post(own, "ledger-entries", body)).json()["rows"][0]["entry_id"]
    await cycle.verify(all_submitted=True)
    answer = await cycle.post(cycle.source(), f"ledger-entries/{gone}/reversal", {"reason": "误报"})
    assert answer.status_code == 201, answer.text
    await cycle.verify(all_submitted=True)
    [draft] = await cycle.enter(VALUE | {"unit": "XQ03"}, state="draft")
    [back, waits] = await cycle.enter(VALUE | {"unit": "XQ04"}, VALUE | {"unit": "XQ05"})
    sent = {"entry_ids": [back], "reason": "缺少依据"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", sent)).status_code == 200
    [mine, theirs] = await cycle.claim(claim("XQ01", "1"), claim("XQ02", "2"))
    assert (await cycle.confirm(theirs, decision="rejected", reason="未达层级")).status_code == 200
    expected = {
        (gone, "voided", "XQ02"),
        (idle, "item_not_planned", "ZH05"),
        (draft, "draft", "XQ03"),
        (back, "returned", "XQ04"),
        (waits, "awaits_verification", "XQ05"),
        (mine, "unconfirmed", "XQ01"),
        (theirs, "rejected_by_confirmer", "XQ02"),
    }
    path = f"{cycle.path}/unscored"
    return SimpleNamespace(cycle=cycle, path=path, expected=expected, counts=counts, idle=idle)


def told(found: list[dict]) -> set[tuple[str, str, str]]:
    return {(each["id"], each["reason"], each["unit"]) for each in found}


async def test_all_that_counts_nowhere_is_listed_with_its_reason_and_what_counts_is_not(mixed):
    """Planted bugs: the verified ones that nothing takes left out; reversed ones left out."""
    for reader in (mixed.cycle.office, mixed.cycle.caller("auditor")):
        found = await items(reader, mixed.path)
        assert told(found) == mixed.expected
        assert mixed.counts not in {each["id"] for each in found}
        assert all(each["en"] and each["zh"] for each in found)
        said = {each["reason"]: each["said"] for each in found}
        assert (said["returned"], said["rejected_by_confirmer"]) == ("缺少依据", "未达层级")


async def test_pages_have_all_of_it_once_whatever_their_size(mixed):
    """Planted bug: the claims once more on the page after the last entry."""
    whole = await items(mixed.cycle.office, mixed.path)
    for limit in (1, 2, 3):
        found, after = list[dict](), None
        for _ in range(len(whole) + 1):
            query = {"limit": limit} | ({"after": after} if after else {})
            answer = (await mixed.cycle.office.get(mixed.path, params=query)).json()
            found += answer["items"]
            after = answer["next"]
            if after is None:
                break
        assert found == whole
    answer = await mixed.cycle.office.get(mixed.path, params={"after": mixed.path[-36:]})
    assert (answer.status_code, answer.json()["type"]) == (422, "no-such-place")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"unit": "XQ02"}, {"voided", "rejected_by_confirmer"}),
        ({"indicator": "G03"}, {"item_not_planned"}),
        ({"reason": ["draft", "unconfirmed"]}, {"draft", "unconfirmed"}),
        ({"reason": "item_not_planned"}, {"item_not_planned"}),
        ({"reason": "voided", "unit": "XQ01"}, set()),
    ],
)
async def test_it_is_asked_for_by_unit_indicator_and_reason(mixed, query, wanted):
    found = await items(mixed.cycle.office, mixed.path, **query)
    assert {each["reason"] for each in found} == wanted


@pytest.mark.parametrize(
    ("roles", "unit", "wanted"),
    [
        (("assessed_unit",), "XQ01", {"unconfirmed"}),
        (("assessed_unit",), "XQ02", {"voided", "rejected_by_confirmer"}),
        (("assessed_unit",), "ZH05", {"item_not_planned"}),
        (("assessed_unit",), "XQ09", set()),
        (("data_source_unit",), "ZH02", {"voided", "draft", "returned", "awaits_verification"}),
        (("data_source_unit",), "ZH77", set()),
    ],
)
async def test_a_unit_reads_its_own_and_a_source_what_it_entered(mixed, roles, unit, wanted):
    """Planted bug: claims of all units for whoever may read the list."""
    found = await items(mixed.cycle.caller(*roles, unit=unit), mixed.path)
    assert {each["reason"] for each in found} == wanted


async def test_a_source_is_told_without_what_it_may_not_read(mixed, others):
    """The targets of the units that it enters values about are not a source's to read: they are
    refused to it, and with them the whole list. Planted bug: they are asked for all the same."""
    others.asked.clear()
    assert await items(mixed.cycle.caller("data_source_unit", unit="ZH02"), mixed.path)
    assert not any(path.endswith("/targets") for path in others.asked)
    assert await items(mixed.cycle.caller("assessed_unit", unit="ZH05"), mixed.path)
    assert any(path.endswith("/targets") for path in others.asked)


async def test_events_that_happened_twice_are_none_too_many(new_cycle, others, document):
    """As long as other months were not reported no score takes them. Planted bug: the office is
    told to reverse all but one."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    event = {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "overdue", "value": 1}
    await cycle.enter(*[event | {"period": "2025-03"}] * 2, unit="ZH01")
    await cycle.verify(all_submitted=True)
    found = await items(cycle.office, f"{cycle.path}/unscored")
    assert [each["reason"] for each in found] == ["not_read"] * 2


async def test_nobody_else_reads_it(mixed):
    for roles, unit in ((("committee",), "ZH01"), (("organiser",), "ZH40")):
        answer = await mixed.cycle.caller(*roles, unit=unit).get(mixed.path)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


# The seal


async def sealable(new_cycle, others, document):
    """A cycle in which one entry and one claim count nowhere, and nothing waits."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    body = {"entries": [UNPLANNED], "state": "submitted"}
    await cycle.post(cycle.caller("assessed_unit", unit="ZH05"), "ledger-entries", body)
    await cycle.verify(all_submitted=True)
    await cycle.claim(claim("XQ01", "3"))
    return cycle


async def test_a_seal_asks_a_decision_about_what_counts_nowhere(new_cycle, others, document):
    """Planted bugs: reasons that are not asked for; a wrong number taken."""
    cycle = await sealable(new_cycle, others, document)
    seen = (await cycle.post(cycle.office, "ledger/seal?mode=check")).json()
    counts = {"item_not_planned": 1, "unconfirmed": 1}
    assert seen["unscored"] == counts
    before = await cycle.rows()
    right = {each: {"count": 1, "reason": "已核实，不计分"} for each in counts}
    few = {"item_not_planned": right["item_not_planned"]}
    wrong = right | {"unconfirmed": {"count": 2, "reason": "x"}}
    for body in (None, {"seen": seen["seen"]}, {"unscored": few}, {"unscored": wrong}, UNSEEN):
        answer = await cycle.post(cycle.office, "ledger/seal", body)
        assert (answer.status_code, answer.json()["type"]) == (409, "unscored-undecided")
        assert answer.json()["unscored"] == counts
    blank = {"accept_unscored": {"reason": " "}, "seen": seen["seen"]}
    assert (await cycle.post(cycle.office, "ledger/seal", blank)).status_code == 422
    stale = {"accept_unscored": {"reason": "x"}, "seen": "0" * 64}
    answer = await cycle.post(cycle.office, "ledger/seal", stale)
    assert (answer.status_code, answer.json()["type"]) == (409, "not-as-seen")
    assert await cycle.rows() == before

    answer = await cycle.post(cycle.office, "ledger/seal", {"unscored": right})
    assert (answer.status_code, answer.json()["unscored"]) == (200, counts), answer.text
    chain = await cycle.caller("auditor").get(f"/api/v1/journals/scoring/chains/{cycle.cycle_id}")
    body = json.loads(chain.json()["items"][-1]["body"])
    assert body["accepted"]["unconfirmed"] == "已核实，不计分"


async def test_all_of_it_is_accepted_as_it_was_seen_and_no_more(new_cycle, others, document):
    """Planted bug: a digest that does not stand for what counts nowhere."""
    cycle = await sealable(new_cycle, others, document)
    seen = (await cycle.post(cycle.office, "ledger/seal?mode=check")).json()["seen"]
    await cycle.claim(claim("XQ02", "4"))
    body = {"accept_unscored": {"reason": "均已核实"}, "seen": seen}
    stale = await cycle.post(cycle.office, "ledger/seal", body)
    assert (stale.status_code, stale.json()["type"]) == (409, "not-as-seen")
    seen = (await cycle.post(cycle.office, "ledger/seal?mode=check")).json()["seen"]
    answer = await cycle.post(cycle.office, "ledger/seal", body | {"seen": seen})
    assert (answer.status_code, answer.json()["unscored"]) == (
        200,
        {"item_not_planned": 1, "unconfirmed": 2},
    )
