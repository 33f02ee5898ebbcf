"""Rectification reports (整改报告) as their supervised items stand: one is carried out once its
item is closed, and to be carried out again once that is reopened."""

import asyncio
from uuid import uuid4

import pytest
from services.ranking.tests.test_consequences import BAN, Consequences, codes, led, no_bans, refused

__all__ = ["led", "no_bans"]

REPORT = BAN | {"kind": "rectification_report", "until_on": "2026-12-31"}


class Reports(Consequences):
    """A cycle whose reports are followed by what the items are said to be."""

    async def follow(self, **who):
        said = {"role": "performance_office", "subject": "proposer", **who}
        async with self.service.caller(said.pop("role"), **said) as client:
            return await client.post(f"/api/v1/cycles/{self.cycle_id}/consequences/reports")

    async def followed(self):
        answer = await self.follow()
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return [(e["number"], e["state"]) for e in told["moved"]], told["without_item"]

    async def report(self, number):
        return next(each for each in await self.listed() if each["number"] == number)

    async def tasks(self, role="performance_office", **who):
        async with self.service.caller(role, **who) as client:
            answer = await client.get(f"/api/v1/cycles/{self.cycle_id}/tasks/ranking")
        told = [each for each in answer.json()["tasks"] if each["kind"] == "follow-reports"]
        return [(each["count"], each["about"]["units"]) for each in told]


@pytest.fixture
def cycle(led):
    made = led()
    return Reports(made.service, made.cycle_id)


@pytest.fixture
def stands(cycle, peers):
    """What scoring says of the item of a report."""
    ids, there = {}, {}

    def say(number, state, **more):
        item = ids.setdefault(number, {"cycle_id": str(uuid4()), "item_id": str(uuid4())})
        there[number] = {"number": number, "state": state, **item, **more}
        peers.report_items[str(cycle.cycle_id)] = [*there.values()]
        return there[number]

    return say


async def test_a_report_is_carried_out_once_its_item_is_closed_and_not_once_more(cycle, stands):
    """Planted bugs: carried out while it is in hand; followed again by each command; by a state
    that it had; never taken back once the item is reopened; told without the item."""
    number, other = await cycle.decided(REPORT), await cycle.decided(REPORT | {"unit": "XQ02"})
    assert await cycle.tasks() == [(2, "XQ01, XQ02")]
    assert await cycle.followed() == ([], sorted((number, other)))
    item = stands(number, "dispatched")
    assert await cycle.followed() == ([(number, "decided")], [other])
    assert await cycle.tasks() == [(1, "XQ02")]
    answers = await asyncio.gather(*(cycle.follow(subject=f"s{n}") for n in range(4)))
    assert {a.status_code for a in answers} == {201}
    assert [a.json()["moved"] for a in answers] == [[]] * 4
    assert (await cycle.follow()).json()["receipt"] is None

    for state, then in (("replied", "decided"), ("closed", "carried_out"), ("handling", "decided")):
        stands(number, state)
        assert (await cycle.followed())[0] == [(number, then)]
        assert (await cycle.followed())[0] == []
    told = await cycle.report(number)
    seen = [(e["state"], e.get("item_state")) for e in told["steps"]]
    assert seen == [
        ("decided", None),
        ("decided", "dispatched"),
        ("decided", "replied"),
        ("carried_out", "closed"),
        ("decided", "handling"),
    ]
    of = {(e["item_id"], e["item_cycle_id"]) for e in told["steps"][1:]}
    assert of == {(item["item_id"], item["cycle_id"])}
    [mine] = await cycle.listed("assessed_unit", "XQ01")
    assert mine["steps"] == told["steps"]


async def test_nothing_follows_what_was_never_decided_revoked_or_carried_out_by_another_item(
    cycle, stands, peers
):
    """Planted bugs: an item closed decides by itself; it undoes a revocation that waits; it takes
    back what another item had carried out."""
    proposed = await cycle.proposed(REPORT)
    revoking = await cycle.decided(REPORT | {"unit": "XQ02"})
    await cycle.step(revoking, "revocation", {"reason": "x"})
    by_hand, item = await cycle.decided(REPORT | {"unit": "XQ03"}), str(uuid4())
    peers.items[item] = {"state": "closed", "units": [{"unit": "XQ03"}]}
    done = {"document_no": "1", "item_id": item, "item_cycle_id": str(uuid4())}
    assert (await cycle.step(by_hand, "completion", done)).status_code == 201
    for number in (proposed, revoking, by_hand):
        stands(number, "closed" if number == proposed else "handling")
    assert await cycle.followed() == ([], [])
    assert (await cycle.report(by_hand))["state"] == "carried_out"
    assert (await cycle.decide(revoking, "refuse", reason="y")).json()["consequence"]["state"] == (
        "decided"
    )
    assert (await cycle.followed())[0] == [(revoking, "decided")]


async def test_a_report_with_an_item_of_its_own_is_carried_out_by_no_other(cycle, stands, peers):
    """Planted bugs: any closed item of the unit will do; one is named twice over two years; one
    closed by hand is not followed once it is reopened."""
    number = await cycle.decided(REPORT)
    own = stands(number, "replied")
    assert (await cycle.followed())[0] == [(number, "decided")]
    other = str(uuid4())
    for each in (other, own["item_id"]):
        peers.items[each] = {"state": "closed", "units": [{"unit": "XQ01"}]}
    body = {"document_no": "1", "item_id": other}
    assert codes(await cycle.step(number, "completion", body)) == {"has-its-own"}
    later = Reports(cycle.service, uuid4())
    peers.by_cycle[str(later.cycle_id)] = peers.by_cycle[str(cycle.cycle_id)]
    second = await later.decided(REPORT | {"reason": "另一事"})
    taken = {"document_no": "1", "item_id": own["item_id"], "item_cycle_id": own["cycle_id"]}
    assert codes(await later.step(second, "completion", taken)) == {"names-another"}
    assert (await cycle.step(number, "completion", taken)).status_code == 201
    stands(number, "handling")
    assert (await cycle.followed())[0] == [(number, "decided")]
    assert codes(await cycle.step(number, "completion", {"document_no": "1"})) == {"missing"}
    alone = {"document_no": "1", "item_cycle_id": own["cycle_id"]}
    assert codes(await cycle.step(number, "completion", alone)) == {"not-wanted"}


async def test_the_list_of_reports_asks_nothing_of_scoring(cycle, peers):
    """Scoring asks for it, and must not be asked in turn. Planted bug: how the items stand is read
    while the list is answered."""
    number = await cycle.decided(REPORT)
    for role, unit in (
        ("performance_office", None),
        ("performance_office", "XQ05"),
        ("committee", "XQ05"),
        ("auditor", None),
        ("second_body", "XQ05"),
    ):
        peers.asked.clear()
        found = await cycle.listed(role, unit, kind="rectification_report")
        assert unit is not None or [each["number"] for each in found] == [number]
        assert {path.rpartition("/")[2] for path in peers.asked} <= {"scheme"}


async def test_nobody_but_the_office_follows_reports(cycle, stands):
    stands(await cycle.decided(REPORT), "closed")
    for role in ("committee", "assessed_unit", "auditor", "second_body"):
        assert refused(await cycle.follow(role=role, unit="XQ01")) == (403, "not-allowed")
    assert await cycle.tasks("committee") == []
